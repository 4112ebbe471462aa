// What a read of submitted reviews shows that was not known. Pure; tells nobody.

import {
  byId,
  compareRows,
  storableRow,
  toRowChanges,
  where,
  type ReadAt,
  type RowChanges,
} from './list-diff.ts'
import type { Listed, ObservedReview } from './observation.ts'
import type { Review } from './records.ts'

/** Reviews by what became of them. */
export interface ReviewsDiff extends RowChanges<Review> {
  readonly added: readonly Review[]
  /** With another state or text. */
  readonly edited: readonly Review[]
  /** As they were stored last. */
  readonly removed: readonly Review[]
}

/** Returns what a read of reviews changes; only a complete list says that one is gone. */
export function diffReviews(
  stored: readonly Review[],
  observed: Listed<ObservedReview>,
  at: ReadAt,
): ReviewsDiff {
  const seen = byId(observed.completeness === 'failed' ? [] : observed.items)
  const removed =
    observed.completeness === 'complete'
      ? stored.filter(({ id, observedAt }) => !seen.has(id) && observedAt <= at.readAt)
      : []
  const { added, differing } = compareRows(
    byId(stored),
    [...seen.values()].map((review) => toRow(review, at)),
  )
  return {
    added,
    edited: where(differing, ({ was, is }) => was.state !== is.state || was.body !== is.body),
    removed,
    ...toRowChanges({ added, differing, removed }),
  }
}

function toRow(review: ObservedReview, { projectId, prNumber, readAt }: ReadAt): Review {
  const { id, author, state, body, url, commitSha, submittedAt, updatedAt, editedAt } = review
  return storableRow({
    projectId,
    prNumber,
    id,
    author: author?.login ?? null,
    authorIsBot: author?.isBot ?? false,
    state,
    body,
    url,
    commitSha,
    submittedAt,
    updatedAt,
    editedAt,
    observedAt: readAt,
  })
}
