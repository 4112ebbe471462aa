// The only way text from people, git or agents gets into Markdown that Belay writes. It can not mention anybody, link
// or refer to anything, break a table, start a command or carry HTML. Knows nothing of what the text is about.

// Control characters, line separators, and the marks that reorder or hide text on a screen.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const UNSAFE_TAG = /[\u{e0000}-\u{e007f}]/gu
// No width: it parts what GitHub would otherwise take for a mention, a reference or a link.
const BREAK = '\u200b'
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  $: '&#36;',
  [BREAK]: '&#8203;',
}

/** Returns the text on one line, without characters that hide or reorder what a person sees. */
export function oneLine(text: string): string {
  return visible(text).replace(/\s+/gu, ' ').trim()
}

/** Returns the text with invisible and reordering characters replaced; line breaks and tabs stay. */
export function visible(text: string): string {
  return text.replace(/\r\n?/gu, '\n').replace(UNSAFE, '\ufffd').replace(UNSAFE_TAG, '\ufffd')
}

/** Returns at most `limit` characters, the last one an ellipsis when something was cut. Never splits a character. */
export function clip(text: string, limit: number): string {
  const characters = Array.from(text)
  return characters.length <= limit
    ? text
    : `${characters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
}

/** Returns foreign text as one line of plain prose: nothing in it is Markdown, a mention, a reference or a link. */
export function escapeText(text: string): string {
  return oneLine(text)
    .replace(/@|#(?=\w)|gh-(?=\d)|:(?=\/\/)|www(?=\.)|(?:mailto|xmpp):/giu, `$&${BREAK}`)
    .replace(/[\\`*_[\]|~]/gu, '\\$&')
    .replace(/^(\d{1,9})([.)])/u, '$1\\$2')
    .replace(/^[#+=/!-]/u, '\\$&')
    .replace(/[&<>$\u200b]/gu, (character) => ENTITIES[character] ?? character)
}

/** Returns foreign text as inline code; mentions and references are dead inside code. Not for table cells. */
export function inlineCode(text: string): string {
  const content = oneLine(text)
  if (content === '') return '(empty)'
  const ticks = '`'.repeat(longestRun(content) + 1)
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${content}${pad}${ticks}`
}

/** Returns foreign text as inline code for a table cell, where a pipe must be escaped even in code. */
export function codeCell(text: string): string {
  // A backslash before a pipe can not be written in a cell's code: then prose, which can.
  return text.includes('\\|') ? escapeText(text) : inlineCode(text).replace(/\|/gu, '\\|')
}

/** Returns foreign text as a fenced block that nothing inside can close. */
export function fence(text: string, info = ''): string {
  const content = withoutLineEnds(visible(text))
  const ticks = '`'.repeat(Math.max(3, longestRun(content) + 1))
  return `${ticks}${info}\n${content}\n${ticks}`
}

/** Linear, unlike a pattern: foreign texts can end in any number of line ends. */
function withoutLineEnds(text: string): string {
  let end = text.length
  while (text.charAt(end - 1) === '\n') end -= 1
  return text.slice(0, end)
}

/** Returns a mention that notifies; anything that can not be a person's login comes back as inline code. */
export function mention(login: string): string {
  return /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}(?:_[a-z\d]{1,8})?$/iu.test(login)
    ? `@${login}`
    : inlineCode(login)
}

/** Returns a link, or the bare label when the address is not plain http. */
export function link(label: string, url: string): string {
  if (!/^https?:\/\/\S+$/u.test(url)) return escapeText(label)
  const address = url.replace(/[<>()[\]\\`"'|*_~]/gu, percentEncode)
  return `[${escapeText(label)}](${address})`
}

/** Returns a table from cells that are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(line)].join('\n')
}

/** Returns a folded section; the summary is one of our own sentences. */
export function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`
}

/** Joins blocks with an empty line between; null and empty ones are left out. */
export function blocks(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n')
}

/** Joins rendered items as "a, b and c", naming at most `limit` and counting the rest. */
export function listing(items: readonly string[], limit = 20): string {
  const named = items.length > limit ? [...items.slice(0, limit), `${items.length - limit} more`] : items
  return named.length < 2 ? (named[0] ?? '') : `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}`
}

/** Returns "1 commit", "2 commits". */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map((run) => run.length))
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
