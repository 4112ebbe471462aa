// Why the agent is not told now what waits for it. Pure.

import type { Check, Mirror } from '../mirror/records.ts'

/** What the answer is made from. */
export interface HoldFacts {
  readonly hasOpenQuestion: boolean
  /** An attempt runs, a pipeline is under way, or a sync is not finished. */
  readonly isBusy: boolean
  readonly mirror: Pick<Mirror, 'isInMergeQueue' | 'hasAutoMerge' | 'mergeability' | 'reviewDecision'> | null
  readonly checks: readonly Pick<Check, 'status' | 'conclusion'>[]
}

export type Hold = 'question_open' | 'agent_busy' | 'merging'

/** Returns what keeps the news waiting, whatever the budget says; null when the agent is free. */
export function whyHeld(facts: HoldFacts): Hold | null {
  if (facts.hasOpenQuestion) return 'question_open'
  if (facts.isBusy) return 'agent_busy'
  return isMerging(facts) ? 'merging' : null
}

const GREEN: readonly Check['conclusion'][] = ['success', 'neutral', 'skipped']

/**
 * Tells whether GitHub is about to merge the pull request.
 *
 * A commit more would take the pull request out of the queue, or undo what is about to be merged. An automatic merge
 * that a conflict or a missing approval holds up is not about to happen: only the agent or a person can help it on.
 */
export function isMerging({ mirror, checks }: Pick<HoldFacts, 'mirror' | 'checks'>): boolean {
  if (mirror === null) return false
  if (mirror.isInMergeQueue) return true
  const isHeldUp =
    mirror.mergeability === 'conflicting' ||
    (mirror.reviewDecision !== null && mirror.reviewDecision !== 'approved')
  return mirror.hasAutoMerge && !isHeldUp && checks.every(({ conclusion }) => GREEN.includes(conclusion))
}
