// The row that says how far the mirror of a pull request is, after one more read. Pure.

import type { ObservationDiff } from './diff-observation.ts'
import type { Completeness, Observation } from './observation.ts'
import type { Mirror } from './records.ts'

/** The row notes a full read at most this often, so that a read that shows nothing new writes nothing. */
const NOTED_EVERY_MS = 60 * 60 * 1000

export interface NextMirrorFacts {
  readonly projectId: string
  readonly prNumber: number
  readonly known: Mirror | null
  readonly observation: Observation
  readonly diff: Pick<ObservationDiff, 'checks'>
  /** What a light look showed right before this read; null when none did. */
  readonly fingerprint: string | null
}

/** Returns the row after a read; the very same object when the read showed nothing new. */
export function nextMirror(facts: NextMirrorFacts): Mirror {
  const { known, observation, fingerprint } = facts
  const { readAt, pullRequest, reviewDecision, isInMergeQueue, hasAutoMerge, isStacked } = observation
  const { headSha } = pullRequest
  const isNewHead = known?.headSha !== headSha
  const isFull = completenessOf(observation) === 'complete'
  const next: Mirror = {
    projectId: facts.projectId,
    prNumber: facts.prNumber,
    mergeability:
      observation.mergeability === 'unknown' ? (known?.mergeability ?? 'unknown') : observation.mergeability,
    reviewDecision,
    isInMergeQueue,
    hasAutoMerge,
    isStacked,
    headSha,
    headSeenAt: isNewHead ? readAt : known.headSeenAt,
    checksChangedAt: checksChangedAt(facts, isNewHead),
    threads: ofThreads(observation),
    reviews: observation.reviews.completeness,
    checks: observation.checks.completeness,
    fingerprint: isFull && fingerprint !== null ? fingerprint : (known?.fingerprint ?? null),
    readAt: known?.readAt ?? readAt,
    fullyReadAt: isFull ? fullyReadAt(known, readAt) : (known?.fullyReadAt ?? null),
  }
  return known !== null && isSame(known, next) ? known : { ...next, readAt }
}

/** Returns how much of everything that is mirrored was read. */
function completenessOf(observation: Observation): Completeness {
  const all = [ofThreads(observation), observation.reviews.completeness, observation.checks.completeness]
  if (all.every((one) => one === 'complete')) return 'complete'
  return all.every((one) => one === 'failed') ? 'failed' : 'partial'
}

/** A list of threads is whole only with all of their comments. */
function ofThreads({ threads }: Observation): Completeness {
  if (threads.completeness !== 'complete') return threads.completeness
  return threads.items.every(({ comments }) => comments.completeness === 'complete') ? 'complete' : 'partial'
}

function checksChangedAt({ known, diff, observation }: NextMirrorFacts, isNewHead: boolean): number | null {
  const { upserts, deletes } = diff.checks
  if (upserts.length + deletes.length > 0) return observation.readAt
  return isNewHead ? null : (known?.checksChangedAt ?? null)
}

function fullyReadAt(known: Mirror | null, readAt: number): number {
  const noted = known?.fullyReadAt ?? null
  return noted !== null && readAt - noted < NOTED_EVERY_MS ? noted : readAt
}

function isSame(known: Mirror, next: Mirror): boolean {
  return (Object.keys(next) as (keyof Mirror)[]).every((field) => known[field] === next[field])
}
