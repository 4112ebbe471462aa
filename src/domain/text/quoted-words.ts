// Words of an agent in a comment, as a quotation that is plain prose: nothing in it is Markdown, and a reader sees all of
// it. Knows nothing of what the words are about.

import { clip, escapeText, visible } from './markdown.ts'

/** How much of somebody's words is shown. */
export interface QuoteLimits {
  readonly items: number
  /** Characters of one item. */
  readonly length: number
  /** Characters of all items as written, where one character of a text can take eight. */
  readonly room: number
}

/** Returns a text as a quotation, line by line, in at most `length` characters; an empty one says so. */
export function quotedText(text: string, length: number): string {
  const lines = clip(visible(text).trim(), length)
    .split('\n')
    .map((line) => escapeText(line))
  const kept = lines.filter((line, index) => line !== '' || (lines[index - 1] ?? '') !== '')
  if (kept.every((line) => line === '')) return '> (nothing was said)'
  return kept.map((line) => `> ${line}`.trimEnd()).join('\n')
}

/** Returns items as a quoted list, one line each, the first ones when not all fit; none at all says so. */
export function quotedItems(items: readonly string[], { items: most, length, room }: QuoteLimits): string {
  const said = items.map((item) => escapeText(clip(item, length))).filter((item) => item !== '')
  if (said.length === 0) return '> (no reason was given)'
  const shown: string[] = []
  let left = room
  for (const item of said.slice(0, most)) {
    left -= item.length
    if (left < 0) break
    shown.push(`> - ${item}`)
  }
  const hidden = said.length - shown.length
  return [...shown, ...(hidden === 0 ? [] : [`> - and ${hidden} more`])].join('\n')
}
