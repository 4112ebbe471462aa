// Guesses the known word that somebody meant. Knows neither commands nor configuration.

import { distance } from 'fastest-levenshtein'

/** Longest word worth a guess, in characters: no known word comes near it. */
const MAX_WORD_LENGTH = 40

/**
 * Returns the known word that `word` is most likely a typing error of, or null.
 *
 * Deliberately shy: a wrong guess is worse than none. One edit is always close enough, two are for words of four
 * letters and more, and swapped letters count as close at any length.
 */
export function closestWord<W extends string>(word: string, known: readonly W[]): W | null {
  if (word.length < 2 || word.length > MAX_WORD_LENGTH) return null
  const typed = word.toLowerCase()
  let best: { readonly candidate: W; readonly edits: number } | null = null
  for (const candidate of known) {
    const edits = distance(typed, candidate.toLowerCase())
    if (isClose({ typed, candidate, edits }) && (best === null || edits < best.edits))
      best = { candidate, edits }
  }
  return best?.candidate ?? null
}

function isClose(pair: {
  readonly typed: string
  readonly candidate: string
  readonly edits: number
}): boolean {
  if (pair.edits <= 1) return true
  if (pair.edits > 2) return false
  return pair.typed.length >= 4 || sortLetters(pair.typed) === sortLetters(pair.candidate.toLowerCase())
}

function sortLetters(word: string): string {
  return Array.from(word).toSorted().join('')
}
