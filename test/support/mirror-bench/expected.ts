// What the mirror must hold and must have told after a sequence of reads, worked out one read after the other in the
// plainest way. Shares no code with the program: it knows only what a read is, and what each event means.

import type {
  Observation,
  ObservedCheck,
  ObservedComment,
  ObservedReview,
  ObservedThread,
} from '../../../src/domain/mirror/observation.ts'
import type { SeenRead } from './program.ts'

type KnownThread = Omit<ObservedThread, 'comments'>
type KnownComment = ObservedComment & { readonly threadId: string }
type KnownCheck = ObservedCheck & { readonly headSha: string }

/** What is news of a pull request beside its lists, as the database writes it. */
export interface KnownState {
  readonly mergeability: string
  readonly review_decision: string | null
  readonly is_in_merge_queue: 0 | 1
  readonly has_auto_merge: 0 | 1
}

const UNREAD: KnownState = {
  mergeability: 'unknown',
  review_decision: null,
  is_in_merge_queue: 0,
  has_auto_merge: 0,
}

/** The mirror of one pull request as it must be. */
export class ExpectedMirror {
  readonly threads = new Map<string, KnownThread>()
  readonly comments = new Map<string, KnownComment>()
  readonly reviews = new Map<string, ObservedReview>()
  readonly checks = new Map<string, KnownCheck>()
  state = UNREAD
  /** One line for each event, in no order that counts. */
  readonly events: string[] = []
  /** Reads that showed an older state than was known. */
  staleReads = 0

  /** Takes a read in; one that is older than what is known says nothing. */
  take({ observation, knownUpdatedAt }: SeenRead): void {
    if (observation.pullRequest.updatedAt < knownUpdatedAt) {
      this.staleReads += 1
      return
    }
    this.#takeThreads(observation)
    this.#takeReviews(observation)
    this.#takeChecks(observation)
    this.#takeState(observation)
  }

  #takeThreads({ threads }: Observation): void {
    if (threads.completeness === 'failed') return
    const seen = new Map(threads.items.map((thread) => [thread.id, thread]))
    for (const thread of seen.values()) {
      this.#takeThread(thread)
      this.#takeComments(thread)
    }
    if (threads.completeness !== 'complete') return
    for (const id of this.threads.keys()) {
      if (seen.has(id)) continue
      this.threads.delete(id)
      this.events.push(`pr_review_thread_removed ${id}`)
      for (const comment of this.comments.values()) if (comment.threadId === id) this.#dropComment(comment.id)
    }
  }

  #takeThread(observed: ObservedThread): void {
    const { id, path, line, startLine, isResolved, isOutdated, resolvedBy } = observed
    const thread = { id, path, line, startLine, isResolved, isOutdated, resolvedBy }
    const was = this.threads.get(thread.id)
    this.threads.set(thread.id, thread)
    const tell = (what: string): number => this.events.push(`pr_review_thread_${what} ${thread.id}`)
    if (was === undefined) return void tell('added')
    if (was.isResolved !== thread.isResolved) tell(thread.isResolved ? 'resolved' : 'reopened')
    if (was.isOutdated !== thread.isOutdated) tell(thread.isOutdated ? 'outdated' : 'current')
    if (was.line !== thread.line || was.startLine !== thread.startLine || was.path !== thread.path)
      tell('moved')
  }

  #takeComments({ id: threadId, comments }: ObservedThread): void {
    if (comments.completeness === 'failed') return
    const seen = new Set(comments.items.map(({ id }) => id))
    for (const comment of comments.items) this.#takeComment({ ...comment, threadId })
    if (comments.completeness !== 'complete') return
    for (const comment of this.comments.values())
      if (comment.threadId === threadId && !seen.has(comment.id)) this.#dropComment(comment.id)
  }

  #takeComment(comment: KnownComment): void {
    const was = this.comments.get(comment.id)
    if (was !== undefined && comment.updatedAt < was.updatedAt) return
    this.comments.set(comment.id, comment)
    if (was === undefined) return void this.events.push(`pr_review_comment_added ${comment.id}`)
    const isOtherBody = was.body !== comment.body
    const isOtherSight = was.isMinimized !== comment.isMinimized
    if (isOtherBody || isOtherSight)
      this.events.push(`pr_review_comment_edited ${comment.id} body=${isOtherBody} minimized=${isOtherSight}`)
  }

  #dropComment(id: string): void {
    this.comments.delete(id)
    this.events.push(`pr_review_comment_removed ${id}`)
  }

  #takeReviews({ reviews }: Observation): void {
    if (reviews.completeness === 'failed') return
    const seen = new Set(reviews.items.map(({ id }) => id))
    for (const review of reviews.items) this.#takeReview(review)
    if (reviews.completeness !== 'complete') return
    for (const id of this.reviews.keys()) {
      if (seen.has(id)) continue
      this.reviews.delete(id)
      this.events.push(`pr_review_removed ${id}`)
    }
  }

  #takeReview(review: ObservedReview): void {
    const was = this.reviews.get(review.id)
    if (was !== undefined && review.updatedAt < was.updatedAt) return
    this.reviews.set(review.id, review)
    if (was === undefined) return void this.events.push(`pr_review_added ${review.id} ${review.state}`)
    if (was.state !== review.state || was.body !== review.body)
      this.events.push(`pr_review_edited ${review.id} ${was.state}>${review.state}`)
  }

  #takeChecks({ checks, pullRequest: { headSha } }: Observation): void {
    const items = checks.completeness === 'failed' ? [] : checks.items
    const seen = new Set(items.map(({ id }) => id))
    for (const check of items) this.#takeCheck({ ...check, headSha })
    for (const check of this.checks.values()) {
      const isOver = check.headSha !== headSha || checks.completeness === 'complete'
      if (seen.has(check.id) || !isOver) continue
      this.checks.delete(check.id)
      this.events.push(`pr_check_removed ${check.id} ${check.headSha}`)
    }
  }

  #takeCheck(check: KnownCheck): void {
    const was = this.checks.get(check.id)
    this.checks.set(check.id, check)
    const { id, headSha, status, conclusion } = check
    const isSame = was?.headSha === headSha && was.status === status && was.conclusion === conclusion
    if (!isSame) this.events.push(`pr_check_recorded ${id} ${headSha} ${status} ${conclusion}`)
  }

  #takeState({ mergeability, reviewDecision, isInMergeQueue, hasAutoMerge }: Observation): void {
    const next: KnownState = {
      mergeability: mergeability === 'unknown' ? this.state.mergeability : mergeability,
      review_decision: reviewDecision,
      is_in_merge_queue: isInMergeQueue ? 1 : 0,
      has_auto_merge: hasAutoMerge ? 1 : 0,
    }
    const fields = Object.keys(next) as (keyof KnownState)[]
    const changed = fields.filter((field) => next[field] !== this.state[field]).toSorted()
    const words = changed.map((field) => `${field}:${this.state[field]}>${next[field]}`)
    if (changed.length > 0) this.events.push(`pr_updated ${words.join(' ')}`)
    this.state = next
  }
}
