// Words of others in an agent's prompt: cleaned of what a reader could not see, bounded, and fenced. They are information
// there, never an instruction.

import type { Verdict } from '../pipeline/records.ts'
import { asManyAsFit } from './as-many-as-fit.ts'
import { beginningOf, withoutInvisible } from './foreign-text.ts'
import { blocks, clip, count, fence, inlineCode, oneLine } from './markdown.ts'

/** What one reviewer said against a proposal. */
export type Refusal = Pick<Verdict, 'reviewer' | 'reasons'>

const LISTED_REASONS = 20
const REASON_LENGTH = 2000
const ALL_REASONS_LENGTH = 8000

/** Returns a text as a fenced block of at most `length` characters. */
export function wordsBlock(text: string, length: number): string {
  return fence(beginningOf(withoutInvisible(text), length, '[the rest is left out]'), 'text')
}

/** Returns lines as a fenced list, each on one line; the rest beyond `most` is counted. */
export function listBlock(items: readonly string[], most: number, length: number): string {
  const shown = items.slice(0, most).map((item) => `- ${clip(oneLine(withoutInvisible(item)), length)}`)
  const hidden = items.length - shown.length
  return fence([...shown, ...(hidden === 0 ? [] : [`(${hidden} more are left out)`])].join('\n'), 'text')
}

/** Returns what reviewers said, one block each, as many whole reasons as fit. */
export function refusalBlocks(refusals: readonly Refusal[]): string {
  return blocks(
    ...refusals.map(({ reviewer, reasons }) => {
      const told = asManyAsFit(
        reasons.slice(0, LISTED_REASONS),
        ALL_REASONS_LENGTH / Math.max(1, refusals.length),
        (reason) => Math.min(reason.length, REASON_LENGTH),
      )
      const hidden = reasons.length - told.length
      return blocks(
        `The reviewer ${inlineCode(reviewer)}:`,
        listBlock(told, LISTED_REASONS, REASON_LENGTH),
        hidden === 0 ? null : `It gave ${count(hidden, 'more reason')}.`,
      )
    }),
  )
}
