// What a read of review threads shows that was not known: which threads came, changed and went, and the same of their
// comments. Pure; tells nobody.

import { diffComments, type CommentsDiff } from './diff-comments.ts'
import {
  byId,
  compareRows,
  storableRow,
  toRowChanges,
  where,
  type ReadAt,
  type RowChanges,
} from './list-diff.ts'
import type { Listed, ObservedThread } from './observation.ts'
import type { ReviewComment, ReviewThread } from './records.ts'

/** Threads by what became of them; one can be in several lists, but never in two that exclude each other. */
export interface ThreadChanges extends RowChanges<ReviewThread> {
  /** Seen for the first time, resolved or not. */
  readonly added: readonly ReviewThread[]
  readonly resolved: readonly ReviewThread[]
  readonly reopened: readonly ReviewThread[]
  readonly outdated: readonly ReviewThread[]
  /** Outdated before, and not any more. */
  readonly current: readonly ReviewThread[]
  /** On another line, or in another file. */
  readonly moved: readonly ReviewThread[]
  /** As they were stored last. */
  readonly removed: readonly ReviewThread[]
}

export interface ThreadsDiff {
  readonly threads: ThreadChanges
  readonly comments: CommentsDiff
}

export interface StoredThreads {
  readonly threads: readonly ReviewThread[]
  readonly comments: readonly ReviewComment[]
}

/**
 * Returns what a read of threads changes.
 *
 * Only a complete list says that a thread is gone, only a complete thread that one of its comments is; a failed list
 * says nothing at all. A row that a later read wrote is never changed or removed by an earlier one.
 */
export function diffThreads(
  stored: StoredThreads,
  observed: Listed<ObservedThread>,
  at: ReadAt,
): ThreadsDiff {
  const seen = observed.completeness === 'failed' ? [] : [...byId(observed.items).values()]
  const seenIds = new Set(seen.map(({ id }) => id))
  const removed =
    observed.completeness === 'complete'
      ? stored.threads.filter(({ id, observedAt }) => !seenIds.has(id) && observedAt <= at.readAt)
      : []
  const { added, differing } = compareRows(
    byId(stored.threads),
    seen.map((thread) => toRow(thread, at)),
  )
  const kept = new Set([...seenIds, ...stored.threads.map(({ id }) => id)])
  for (const { id } of removed) kept.delete(id)
  return {
    threads: {
      added,
      resolved: where(differing, ({ was, is }) => is.isResolved && !was.isResolved),
      reopened: where(differing, ({ was, is }) => was.isResolved && !is.isResolved),
      outdated: where(differing, ({ was, is }) => is.isOutdated && !was.isOutdated),
      current: where(differing, ({ was, is }) => was.isOutdated && !is.isOutdated),
      moved: where(differing, ({ was, is }) => hasMoved(was, is)),
      removed,
      ...toRowChanges({ added, differing, removed }),
    },
    comments: diffComments(
      stored.comments,
      {
        threads: seen,
        isGone: (threadId) => observed.completeness === 'complete' && !kept.has(threadId),
      },
      at,
    ),
  }
}

function hasMoved(was: ReviewThread, is: ReviewThread): boolean {
  return was.path !== is.path || was.line !== is.line || was.startLine !== is.startLine
}

function toRow(thread: ObservedThread, { projectId, prNumber, readAt }: ReadAt): ReviewThread {
  const { id, path, line, startLine, isResolved, isOutdated, resolvedBy } = thread
  return storableRow({
    projectId,
    prNumber,
    id,
    path,
    line,
    startLine,
    isResolved,
    isOutdated,
    resolvedBy,
    observedAt: readAt,
  })
}
