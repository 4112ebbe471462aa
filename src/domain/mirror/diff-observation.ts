// What one read of a pull request changes in all copied lists, and the writes for it. Knows no nudge and no mirror row.

import type { Change } from '../changes.ts'
import { diffChecks, type ChecksDiff } from './diff-checks.ts'
import { diffReviews, type ReviewsDiff } from './diff-reviews.ts'
import { diffThreads, type StoredThreads, type ThreadsDiff } from './diff-threads.ts'
import type { ReadAt, RowChanges } from './list-diff.ts'
import type { Observation } from './observation.ts'
import type { Check, MirroredRecords, MirroredTable, Review } from './records.ts'

/** The rows of one pull request as they are stored. */
export interface StoredLists extends StoredThreads {
  readonly reviews: readonly Review[]
  readonly checks: readonly Check[]
}

export interface ObservationDiff extends ThreadsDiff {
  readonly reviews: ReviewsDiff
  readonly checks: ChecksDiff
  /** A `store_set` for each table that changes; empty when nothing did. */
  readonly changes: readonly Change[]
}

/** The pull request that was read, by the names it has here. */
export interface ReadOf {
  readonly projectId: string
  readonly prNumber: number
}

/** Returns what an observation changes in the stored lists. */
export function diffObservation(
  stored: StoredLists,
  observation: Observation,
  { projectId, prNumber }: ReadOf,
): ObservationDiff {
  const at: ReadAt = { projectId, prNumber, readAt: observation.readAt }
  const { threads, comments } = diffThreads(stored, observation.threads, at)
  const reviews = diffReviews(stored.reviews, observation.reviews, at)
  const { headSha } = observation.pullRequest
  const checks = diffChecks(stored.checks, observation.checks, { ...at, headSha })
  const changes = [
    storeSet('reviewThreads', threads, at),
    storeSet('reviewComments', comments, at),
    storeSet('reviews', reviews, at),
    storeSet('checks', checks, at),
  ].flat()
  return { threads, comments, reviews, checks, changes }
}

/** Returns the write for a table, or none when nothing changes in it. */
export function storeSet<T extends MirroredTable>(
  table: T,
  { upserts, deletes }: RowChanges<MirroredRecords[T]>,
  { projectId, prNumber }: ReadOf,
): readonly Change[] {
  if (upserts.length === 0 && deletes.length === 0) return []
  return [{ kind: 'store_set', table, projectId, prNumber, upserts, deletes } as Change]
}
