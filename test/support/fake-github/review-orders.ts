// What a test orders when somebody reviews: threads, replies, and reviews that wait for being submitted.
import type { Account } from './people.ts'

/** A comment that starts a thread: on a line, on lines, or on a whole file. */
export interface NewThread {
  readonly path: string
  /** Absent: the thread is about the whole file. */
  readonly line?: number
  readonly startLine?: number
  readonly side?: 'LEFT' | 'RIGHT'
  readonly body: string
}

/** A review comment to be written: a new thread, or a reply to any comment of one. */
export type NewReviewComment = NewThread | { readonly inReplyTo: number; readonly body: string }

/** A review to be submitted. */
export interface NewReview {
  readonly state?: 'approved' | 'changes_requested' | 'commented'
  readonly body?: string
  readonly comments?: readonly NewReviewComment[]
}

/** A review that only its author sees, until it is submitted. */
export interface PendingReview {
  readonly id: number
  readonly account: Account
  readonly createdAt: string
  /** The ids are given when the comment is drafted, as on GitHub. */
  readonly drafts: { readonly id: number; readonly createdAt: string; readonly order: NewReviewComment }[]
}
