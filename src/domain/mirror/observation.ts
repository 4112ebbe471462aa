// What one read of a pull request showed: its own facts, its threads with their comments, reviews, checks, and the
// conversation. Plain facts; says nothing of what was known before.

import type { ObservedPullRequest, Person } from '../events.ts'
import type { Sha } from '../ids.ts'

/**
 * How much of a list was read.
 *
 * Only a `complete` list says that what is not in it is gone.
 */
export type Completeness = 'complete' | 'partial' | 'failed'

/** A list with what is known of its end. A failed one is empty. */
export interface Listed<T> {
  readonly completeness: Completeness
  readonly items: readonly T[]
}

/** `unknown`: GitHub has not computed it yet, which is no news. */
export type Mergeability = 'mergeable' | 'conflicting' | 'unknown'

export type ReviewDecision = 'approved' | 'changes_requested' | 'review_required'

/** A comment of a review thread. Times are milliseconds since 1970. */
export interface ObservedComment {
  readonly id: string
  /** Null when the account is gone. */
  readonly author: Person | null
  readonly body: string
  readonly url: string
  readonly isMinimized: boolean
  readonly createdAt: number
  readonly updatedAt: number
  /** Null when it was never edited. */
  readonly editedAt: number | null
}

/** A conversation on one place of the change. */
export interface ObservedThread {
  readonly id: string
  readonly path: string
  /** From 1; null when the place is not in the change any more, or the thread is about the whole file. */
  readonly line: number | null
  readonly startLine: number | null
  readonly isResolved: boolean
  readonly isOutdated: boolean
  readonly resolvedBy: string | null
  /** Oldest first. */
  readonly comments: Listed<ObservedComment>
}

export type ReviewState = 'approved' | 'changes_requested' | 'commented' | 'dismissed'

/** A submitted review. */
export interface ObservedReview {
  readonly id: string
  readonly author: Person | null
  readonly state: ReviewState
  readonly body: string
  readonly url: string
  readonly commitSha: Sha | null
  readonly submittedAt: number
  readonly updatedAt: number
  readonly editedAt: number | null
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed'

export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required'
  | 'stale'
  | 'startup_failure'

/** A check run or a commit status of the head; of reruns and repeated statuses only the newest. */
export interface ObservedCheck {
  /** A check run's node id; `status:<context>` for a commit status. */
  readonly id: string
  readonly source: 'check_run' | 'status'
  readonly name: string
  /** Null for a commit status: GitHub does not say which App wrote it. */
  readonly appId: number | null
  readonly appSlug: string | null
  /** The number REST calls need; null for a commit status. */
  readonly databaseId: number | null
  readonly status: CheckStatus
  /** Null until it is completed. */
  readonly conclusion: CheckConclusion | null
  /** One line of the check's own words; may be empty. */
  readonly summary: string
  readonly url: string | null
  readonly startedAt: number | null
  readonly completedAt: number | null
}

/** A text that may hold commands: a comment of the conversation, a review, or a comment of a thread. */
export interface ObservedText {
  readonly source: 'issue_comment' | 'review' | 'review_comment'
  readonly id: string
  readonly url: string
  readonly author: Person | null
  readonly body: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly wasEdited: boolean
}

/** One read of a pull request. */
export interface Observation {
  /** When the read began; everything in it is at least that new. */
  readonly readAt: number
  readonly pullRequest: ObservedPullRequest
  readonly mergeability: Mergeability
  readonly reviewDecision: ReviewDecision | null
  readonly isInMergeQueue: boolean
  readonly hasAutoMerge: boolean
  /** Whether the base is the branch of another open pull request. */
  readonly isStacked: boolean
  readonly threads: Listed<ObservedThread>
  readonly reviews: Listed<ObservedReview>
  /** Of the commit `pullRequest.headSha`. */
  readonly checks: Listed<ObservedCheck>
  /** Comments of the conversation; never pruned by. */
  readonly conversation: Listed<ObservedText>
}
