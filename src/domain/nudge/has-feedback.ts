// Whether a comment says anything to an agent. A command to Belay is for Belay; what nobody can see says nothing.

import { readAddress } from '../command/command-address.ts'
import { hasWords, seenByReaders } from '../text/foreign-text.ts'

/** Tells whether something is left without the lines that command us; `ownLogin` with or without `[bot]`. */
export function hasFeedback(body: string, ownLogin: string): boolean {
  const slug = ownLogin.replace(/\[bot\]$/u, '')
  const lines = seenByReaders(body).split('\n')
  return hasWords(lines.filter((line) => readAddress(line, slug) === null).join('\n'))
}
