// Says whether a line is spoken to us: `/belay`, `@app-slug`, or the bare `/continue` and `/abort`. Looks at one line
// at a time and knows no Markdown: cheap enough to ask for every line of every comment.

import { BARE_VERBS } from './grammar.ts'
import type { Verb } from './grammar.ts'

/** Is a line that is spoken to us, with what follows the address. */
export type Addressed =
  | { readonly kind: 'prefixed'; readonly rest: string }
  | { readonly kind: 'bare'; readonly verb: Verb; readonly rest: string }

/** The first word of the canonical form. */
export const COMMAND_PREFIX = '/belay'

/**
 * Returns what follows the address, or null when the line is not for us.
 *
 * The address is a word of its own at the start of the line: `/belayed` and `@belay-two` are somebody else's.
 */
export function readAddress(line: string, appSlug: string): Addressed | null {
  const text = line.trim()
  const first = text.charAt(0)
  if (first !== '/' && first !== '@') return null
  const word = firstWord(text)
  const rest = text.slice(word.length).trim()
  const address = word.toLowerCase()
  if (address === COMMAND_PREFIX) return { kind: 'prefixed', rest }
  const mention = `@${appSlug.toLowerCase()}`
  if (appSlug !== '' && (address === mention || address === `${mention}[bot]`))
    return { kind: 'prefixed', rest }
  const verb = BARE_VERBS.find((bare) => address === `/${bare}`)
  return verb === undefined ? null : { kind: 'bare', verb, rest }
}

/** Returns the text up to the first white space. */
export function firstWord(text: string): string {
  const end = text.search(/\s/)
  return end === -1 ? text : text.slice(0, end)
}
