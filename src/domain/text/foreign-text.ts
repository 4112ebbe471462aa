// Prepares longer text of other people and programs for an agent: what a reader of the page could not see is taken out,
// and it is cut to a length. Knows no fence: whoever shows it puts one around it.

import { hiddenParts } from './hidden-parts.ts'
import { clip } from './markdown.ts'

const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/gu
// Controls, formats, what reorders, half characters, and everything that Unicode lets a screen leave out: such marks carry
// or hide words in an innocent text.
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
/** A fence is longer than every run inside it: without an end to runs a short text could have a fence of any length. */
const LONG_RUN = /`{20,}/gu
/** What stands where something hidden stood; it also keeps what was around it from closing up to something new. */
const GAP = '[hidden text removed]'

/** Returns the text without hidden HTML, control sequences and characters that hide or reorder what a person sees. */
export function seenByReaders(text: string): string {
  // Twice: a mark without width can keep three backticks from being a fence, or an HTML comment from being one.
  const asWritten = withoutHidden(text.replace(/\r\n?/gu, '\n'))
  const plain = withoutInvisible(asWritten)
  return plain === asWritten ? plain : withoutHidden(plain)
}

function withoutHidden(text: string): string {
  let seen = ''
  let from = 0
  for (const part of hiddenParts(text)) {
    seen += text.slice(from, part.from) + GAP
    from = part.to
  }
  return seen + text.slice(from)
}

/** Returns the text of a program without control sequences and invisible characters; HTML in it is plain text. */
export function withoutInvisible(text: string): string {
  const lines = text.replace(/\r\n?/gu, '\n').replace(ESCAPE_SEQUENCES, '')
  return lines.replace(INVISIBLE, '').replace(LONG_RUN, '`'.repeat(20))
}

/** Returns what a reader of the page sees, without a sign of what was hidden. */
export function wordsOf(text: string): string {
  return seenByReaders(text).replaceAll(GAP, '').trim()
}

/** Tells whether a reader of the page sees any text. */
export function hasWords(text: string): boolean {
  return wordsOf(text) !== ''
}

/** Returns the beginning of the text in at most `limit` characters, with what is said of the rest. */
export function beginningOf(text: string, limit: number, rest: string): string {
  const trimmed = text.trim()
  return Array.from(trimmed).length <= limit ? trimmed : `${clip(trimmed, limit)}\n${rest}`
}

/** Returns the end of the text in at most `limit` characters, from the start of a line when one is near. */
export function endOf(text: string, limit: number): string {
  const characters = Array.from(text.trimEnd())
  if (characters.length <= limit) return characters.join('')
  const tail = characters.slice(-limit).join('')
  const line = tail.indexOf('\n')
  return line === -1 || line > limit / 2 ? tail : tail.slice(line + 1)
}
