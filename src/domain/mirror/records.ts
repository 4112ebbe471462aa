// What the mirror stores of a pull request, one type per table. Times are milliseconds since 1970.

import type { Sha } from '../ids.ts'
import type {
  Completeness,
  Mergeability,
  ObservedCheck,
  ObservedComment,
  ObservedReview,
  ObservedThread,
  ReviewDecision,
} from './observation.ts'

/** How far the mirror of a pull request is, and what of it is no list. */
export interface Mirror {
  readonly projectId: string
  readonly prNumber: number
  /** The last one that was known: GitHub's `unknown` never replaces it. */
  readonly mergeability: Mergeability
  readonly reviewDecision: ReviewDecision | null
  readonly isInMergeQueue: boolean
  readonly hasAutoMerge: boolean
  /** Whether the base is the branch of another open pull request. */
  readonly isStacked: boolean
  /** The commit whose checks are mirrored, and when it was first seen. */
  readonly headSha: Sha
  readonly headSeenAt: number
  /** When a check of another App last changed; null while there is none. */
  readonly checksChangedAt: number | null
  /** Of the last read. */
  readonly threads: Completeness
  readonly reviews: Completeness
  readonly checks: Completeness
  /** What a light look showed when everything was read last; null when it must be read fully. */
  readonly fingerprint: string | null
  /** When the newest read that was stored began; a read that began earlier is refused. */
  readonly readAt: number
  /** When everything was read to its end last; moved at most once an hour. */
  readonly fullyReadAt: number | null
}

/** A review thread as last observed. */
export interface ReviewThread extends Omit<ObservedThread, 'comments'> {
  readonly projectId: string
  readonly prNumber: number
  /** When the read began that changed this row last. */
  readonly observedAt: number
}

/** Who wrote a text, as a row holds it. */
interface StoredAuthor {
  /** Null when the account is gone. */
  readonly author: string | null
  readonly authorIsBot: boolean
}

/** A comment of a review thread as last observed. */
export interface ReviewComment extends Omit<ObservedComment, 'author'>, StoredAuthor {
  readonly projectId: string
  readonly prNumber: number
  readonly threadId: string
  readonly observedAt: number
}

/** A submitted review as last observed. */
export interface Review extends Omit<ObservedReview, 'author'>, StoredAuthor {
  readonly projectId: string
  readonly prNumber: number
  readonly observedAt: number
}

/** A check run or commit status of the head as last observed; those of an older head are gone. */
export interface Check extends ObservedCheck {
  readonly projectId: string
  readonly prNumber: number
  readonly headSha: Sha
  readonly observedAt: number
}

/** The kinds of news an agent can get. */
export type NudgeKind = 'checks' | 'review' | 'conflict'

/** `suppressed`: it waits because of an open question or a used-up budget. `expired`: what it was about is over. */
export type NudgeStatus = 'pending' | 'suppressed' | 'sent' | 'acknowledged' | 'expired'

/** One piece of news of a pull request for the agent. */
export interface Nudge {
  readonly id: string
  readonly projectId: string
  readonly prNumber: number
  readonly sessionId: string
  readonly kind: NudgeKind
  /** What it is about: the head SHA, a thread's or review's id, the base's name. */
  readonly item: string
  /** Of the content; another one is other news. */
  readonly signature: string
  readonly status: NudgeStatus
  /** What the agent is told: fenced Markdown, ready to be put into a prompt. */
  readonly text: string
  /** The threads the agent may answer once it was told. */
  readonly threadIds: readonly string[]
  /** The pipeline that delivered it. */
  readonly pipelineId: string | null
  readonly createdAt: number
  readonly sentAt: number | null
}

/** The tables whose rows are copies of lists on GitHub. */
export interface MirroredRecords {
  readonly reviewThreads: ReviewThread
  readonly reviewComments: ReviewComment
  readonly reviews: Review
  readonly checks: Check
}
export type MirroredTable = keyof MirroredRecords
