// Breaking lines for a terminal; colour codes take no room. Knows no Markdown.

/** Breaks text at spaces so that lines stay within the width; a longer word gets a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width))
}

function wrapLine(line: string, width: number): readonly string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    if (current !== '' && lengthOf(current) + 1 + lengthOf(word) > width) {
      lines.push(current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current]
}

/** Cuts text that is longer than the width and marks the cut. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

const COLOUR_CODES = /\u001B\[\d+m/g

function lengthOf(text: string): number {
  return text.replaceAll(COLOUR_CODES, '').length
}
