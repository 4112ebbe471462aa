// What news are made from and come to. Types only.

import type { RepositoryConfig } from '../config/repository-config.ts'
import type { Check, Mirror, Nudge, Review, ReviewComment, ReviewThread } from '../mirror/records.ts'
import type { HearingFacts } from './may-be-heard.ts'
import type { Settling } from './settled.ts'
import type { StoredNews } from './signature.ts'

/** News to be stored; the caller adds whose it is and when. */
export type NudgeDraft = Pick<Nudge, 'kind' | 'item' | 'signature' | 'text' | 'threadIds'>

/** Everything that news are made from. */
export interface NewsFacts extends HearingFacts {
  readonly settings: RepositoryConfig['nudges']
  readonly mirror: Pick<Mirror, 'headSha' | 'mergeability'>
  readonly baseRef: string
  /** Whether no open pull request is between this one and the branch that all of the stack goes to. */
  readonly isBottomOfStack: boolean
  /** Without those of our own App. */
  readonly checks: readonly Check[]
  /** From `settleChecks` for the same checks. */
  readonly settling: Settling
  /** The end of the log, or the annotations, by the id of a failing check; where there is none nothing is said. */
  readonly logs: ReadonlyMap<string, string>
  readonly threads: readonly ReviewThread[]
  readonly comments: readonly ReviewComment[]
  readonly reviews: readonly Review[]
  /** All of the session, those that are over too: they say what was told before. */
  readonly nudges: readonly StoredNews[]
}

/** What one kind of news comes to. */
export interface News {
  readonly wanted: readonly NudgeDraft[]
  /**
   * Ids of stored news whose cause is gone or told by a newer one; they become `expired`.
   *
   * Told ones are among them when their cause is gone, so that its return is news.
   */
  readonly over: readonly string[]
}
