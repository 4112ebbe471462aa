// Keeps hostile comments away from the Markdown parser, which needs quadratic time for some texts and overflows the
// stack for others. Linear itself, and blind to what the text means. The limits were measured: within them the worst
// text found takes under a second, outside them a minute.

/** Longest text that is parsed, in characters: GitHub takes no longer comment. */
const MAX_LENGTH = 65_536

/** Most lines that are parsed; each line costs, however short it is. */
const MAX_LINES = 4_000

/** Deepest nesting of quotes and lists that one line may open. */
const MAX_NESTING = 24

/** Most marks of nested quotes and lists in all; every level is walked again on every line. */
const MAX_NESTED_MARKS = 1_500

/** Most lines that could underline a heading. */
const MAX_UNDERLINES = 250

/** Most square brackets; each opening one may be looked at again for each closing one. */
const MAX_BRACKETS = 2_000

/** Most emphasis marks; each closing one may be compared with each opening one. */
const MAX_EMPHASIS_MARKS = 4_000

/** Largest product of brackets and other inline marks: an open bracket makes the parser move all that follows. */
const MAX_BRACKETS_TIMES_MARKS = 10_000_000

/** Tells whether a text can be parsed in a moment, whatever it holds. */
export function isWithinMarkdownBudget(text: string, lines: readonly { readonly text: string }[]): boolean {
  if (text.length > MAX_LENGTH || lines.length > MAX_LINES) return false
  const brackets = countMatches(text, /[[\]]/g)
  if (brackets > MAX_BRACKETS || countMatches(text, /[*_~]/g) > MAX_EMPHASIS_MARKS) return false
  if (brackets * countMatches(text, /[`*_~<&\\@]/g) > MAX_BRACKETS_TIMES_MARKS) return false
  if (lines.filter((line) => /^[\s>]*[-=]+\s*$/.test(line.text)).length > MAX_UNDERLINES) return false
  return isNestingWithinBudget(lines)
}

function isNestingWithinBudget(lines: readonly { readonly text: string }[]): boolean {
  let marks = 0
  for (const line of lines) {
    const nesting = countNesting(line.text)
    if (nesting > MAX_NESTING) return false
    if (nesting > 1) marks += nesting
  }
  return marks <= MAX_NESTED_MARKS
}

function countMatches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** Counts the marks of quotes and list items at the start of a line. */
function countNesting(line: string): number {
  const prefix = /^(?:\s+|>|[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$))*/.exec(line)?.[0] ?? ''
  return countMatches(prefix, />|[-+*]|\d[.)]/g)
}
