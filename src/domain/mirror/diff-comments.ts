// What a read of review threads shows of their comments that was not known. Knows of threads only which were seen, how
// fully, and which are gone.

import {
  byId,
  compareRows,
  storableRow,
  toRowChanges,
  where,
  type ReadAt,
  type RowChanges,
} from './list-diff.ts'
import type { ObservedComment, ObservedThread } from './observation.ts'
import type { ReviewComment } from './records.ts'

/** Comments by what became of them; an edited one can be minimised as well. */
export interface CommentsDiff extends RowChanges<ReviewComment> {
  readonly added: readonly ReviewComment[]
  /** With another text. */
  readonly edited: readonly ReviewComment[]
  readonly minimized: readonly ReviewComment[]
  readonly unminimized: readonly ReviewComment[]
  /** As they were stored last. */
  readonly removed: readonly ReviewComment[]
}

export interface SeenThreads {
  readonly threads: readonly ObservedThread[]
  /** True when the whole thread is not on GitHub any more. */
  readonly isGone: (threadId: string) => boolean
}

/** Returns what a read changes in the comments; those of a thread that was not read to its end are never removed. */
export function diffComments(stored: readonly ReviewComment[], seen: SeenThreads, at: ReadAt): CommentsDiff {
  const observed = byId(
    seen.threads.flatMap(({ id, comments }) =>
      comments.completeness === 'failed' ? [] : comments.items.map((comment) => toRow(comment, id, at)),
    ),
  )
  const complete = new Set(
    seen.threads.flatMap(({ id, comments }) => (comments.completeness === 'complete' ? [id] : [])),
  )
  const removed = stored.filter(
    ({ id, threadId, observedAt }) =>
      !observed.has(id) && observedAt <= at.readAt && (complete.has(threadId) || seen.isGone(threadId)),
  )
  const { added, differing } = compareRows(byId(stored), [...observed.values()])
  return {
    added,
    edited: where(differing, ({ was, is }) => was.body !== is.body),
    minimized: where(differing, ({ was, is }) => is.isMinimized && !was.isMinimized),
    unminimized: where(differing, ({ was, is }) => was.isMinimized && !is.isMinimized),
    removed,
    ...toRowChanges({ added, differing, removed }),
  }
}

function toRow(
  comment: ObservedComment,
  threadId: string,
  { projectId, prNumber, readAt }: ReadAt,
): ReviewComment {
  const { id, author, body, url, isMinimized, createdAt, updatedAt, editedAt } = comment
  return storableRow({
    projectId,
    prNumber,
    id,
    threadId,
    author: author?.login ?? null,
    authorIsBot: author?.isBot ?? false,
    body,
    url,
    isMinimized,
    createdAt,
    updatedAt,
    editedAt,
    observedAt: readAt,
  })
}
