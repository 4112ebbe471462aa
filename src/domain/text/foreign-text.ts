// Prepares longer text of other people and programs for an agent: what a reader of the page could not see is taken out,
// and it is cut to a length. Knows no fence: whoever shows it puts one around it.

import { clip } from './markdown.ts'

const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/gu
// Controls, formats, what reorders, half characters, and everything that Unicode lets a screen leave out: such marks carry
// or hide words in an innocent text.
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const HIDDEN_HTML =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!(?:\[CDATA\[[\s\S]*?(?:\]\]>|$)|[a-z][^>]*(?:>|$))/giu
const HIDDEN_DEFINITION = /^ {0,3}\[[^\]\n]{0,200}\]:[ \t]*(?:<#?>|#)[^\n]*$/gmu
/** A fence is longer than every run inside it: without an end to runs a short text could have a fence of any length. */
const LONG_RUN = /`{20,}/gu
/** What stands where something hidden stood; it also keeps what was around it from closing up to something new. */
const GAP = '[hidden text removed]'

/** Returns the text without hidden HTML, control sequences and characters that hide or reorder what a person sees. */
export function seenByReaders(text: string): string {
  return withoutInvisible(text).replace(HIDDEN_HTML, GAP).replace(HIDDEN_DEFINITION, GAP)
}

/** Returns the text of a program without control sequences and invisible characters; HTML in it is plain text. */
export function withoutInvisible(text: string): string {
  const lines = text.replace(/\r\n?/gu, '\n').replace(ESCAPE_SEQUENCES, '')
  return lines.replace(INVISIBLE, '').replace(LONG_RUN, '`'.repeat(20))
}

/** Tells whether a reader of the page sees any text. */
export function hasWords(text: string): boolean {
  return seenByReaders(text).replaceAll(GAP, '').trim() !== ''
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
