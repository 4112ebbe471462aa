// Reviews of one pull request with their threads: written, changed, resolved, hidden and removed, each with its webhook.
// Knows nothing of who may do what; the methods of a pull request check that.
import { nodeId } from './ids.ts'
import { toPullRequestJson } from './json/pull-request-json.ts'
import { toReviewCommentJson, toReviewJson } from './json/review-json.ts'
import type { Account } from './people.ts'
import type { FakePullRequest } from './pull-request.ts'
import type { NewReview, NewReviewComment, NewThread, PendingReview } from './review-orders.ts'
import { followPush } from './review-thread.ts'
import type { ReplacedByPath, Review, ReviewComment, ReviewThread } from './review-thread.ts'

export type { NewReview, NewReviewComment, PendingReview } from './review-orders.ts'
export type { Review, ReviewComment, ReviewThread } from './review-thread.ts'

interface Change {
  readonly sender: Account
  /** The text before an edit. */
  readonly from?: string
}

/** The reviews of one pull request, oldest first. */
export class Reviews {
  readonly all: Review[] = []
  readonly threads: ReviewThread[] = []
  readonly #comments = new Map<number, ReviewComment>()
  readonly #pr: FakePullRequest

  constructor(pr: FakePullRequest) {
    this.#pr = pr
  }

  /** Every review comment, oldest first. */
  get comments(): readonly ReviewComment[] {
    return [...this.#comments.values()]
  }

  /** Returns the comment with this id. */
  findComment(id: number): ReviewComment | undefined {
    return this.#comments.get(id)
  }

  /** Starts a review that nobody else sees; sends nothing. */
  start(account: Account): PendingReview {
    const { world } = this.#pr
    return { id: world.ids.next(), account, createdAt: world.clock.nowIso(), drafts: [] }
  }

  /** Adds a comment to a pending review; sends nothing. */
  draft(pending: PendingReview, order: NewReviewComment): void {
    const { world } = this.#pr
    pending.drafts.push({ id: world.ids.next(), createdAt: world.clock.nowIso(), order })
  }

  /** Publishes a pending review; sends `pull_request_review.submitted` and one event for each comment. */
  publish(pending: PendingReview, { state = 'commented', body }: Omit<NewReview, 'comments'>): Review {
    const pr = this.#pr
    const submittedAt = pr.world.clock.nowIso()
    const review: Review = {
      id: pending.id,
      nodeId: nodeId('PRR', pending.id),
      account: pending.account,
      state,
      body: body ?? null,
      commitSha: pr.headSha,
      createdAt: pending.createdAt,
      submittedAt,
      updatedAt: submittedAt,
      lastEditedAt: null,
      isMinimized: false,
      minimizedReason: null,
      reactions: [],
    }
    this.all.push(review)
    pr.updatedAt = submittedAt
    this.#sendReview('submitted', review, { sender: review.account })
    for (const draft of pending.drafts) this.#addComment(review, draft)
    return review
  }

  /** Adds a review with its comments and sends the webhooks of both. */
  submit(account: Account, { comments = [], ...review }: NewReview): Review {
    const pending = this.start(account)
    for (const comment of comments) this.draft(pending, comment)
    return this.publish(pending, review)
  }

  /** Adds a comment in a review of its own, as GitHub does, and sends both webhooks. */
  comment(account: Account, order: NewReviewComment): ReviewComment {
    const review = this.submit(account, { comments: [order] })
    const comment = this.comments.findLast(({ reviewId }) => reviewId === review.id)
    if (comment === undefined) throw new Error('A review lost its comment.')
    return comment
  }

  /** Changes the text of a review in its author's name and sends `pull_request_review.edited`. */
  edit(review: Review, body: string): void {
    const from = review.body ?? ''
    if (from === body) return
    this.#change(review, body)
    this.#sendReview('edited', review, { sender: review.account, from })
  }

  /** Dismisses a review that approved or asked for changes and sends `pull_request_review.dismissed`. */
  dismiss(review: Review, sender: Account): void {
    if (review.state === 'commented' || review.state === 'dismissed')
      throw new Error(`Can not dismiss a ${review.state} pull request review`)
    review.state = 'dismissed'
    review.updatedAt = this.#pr.world.clock.nowIso()
    this.#pr.updatedAt = review.updatedAt
    this.#sendReview('dismissed', review, { sender })
  }

  /** Changes a review comment in its author's name and sends `pull_request_review_comment.edited`. */
  editComment(comment: ReviewComment, body: string): void {
    const from = comment.body
    if (from === body) return
    this.#change(comment, body)
    this.#sendComment('edited', comment, { sender: comment.account, from })
  }

  /** Removes a comment and, when it was the last, its thread; sends `pull_request_review_comment.deleted`. */
  deleteComment(comment: ReviewComment, sender: Account): void {
    const { thread } = comment
    if (!this.#comments.delete(comment.id)) throw new Error(`Review comment ${comment.id} is gone already.`)
    thread.comments.splice(thread.comments.indexOf(comment), 1)
    if (thread.comments.length === 0) this.threads.splice(this.threads.indexOf(thread), 1)
    this.#pr.updatedAt = this.#pr.world.clock.nowIso()
    this.#sendComment('deleted', comment, { sender })
  }

  /** Resolves or reopens a thread and sends `pull_request_review_thread`; the pull request's own time stays. */
  setResolved(thread: ReviewThread, isResolved: boolean, by: Account): void {
    if (thread.isResolved === isResolved) return
    thread.isResolved = isResolved
    thread.resolvedBy = isResolved ? by : null
    const pr = this.#pr
    if (pr.repository.isQuiet) return
    const comments = thread.comments.map((comment) => toReviewCommentJson(pr, comment))
    const json = { thread: { node_id: thread.nodeId, comments } }
    this.#send('pull_request_review_thread', { action: isResolved ? 'resolved' : 'unresolved', ...json }, by)
  }

  /** Moves all threads along with a push. GitHub sends nothing for it. */
  follow(replaced: ReplacedByPath): void {
    for (const thread of this.threads) followPush(thread, replaced)
  }

  #addComment(review: Review, { id, createdAt, order }: PendingReview['drafts'][number]): void {
    const thread = 'inReplyTo' in order ? this.#threadOf(order.inReplyTo) : this.#startThread(order)
    const comment: ReviewComment = {
      id,
      nodeId: nodeId('PRRC', id),
      thread,
      reviewId: review.id,
      author: review.account.login,
      account: review.account,
      body: order.body,
      inReplyTo: 'inReplyTo' in order ? thread.comments[0]?.id : undefined,
      commitSha: review.commitSha,
      createdAt,
      publishedAt: review.submittedAt,
      updatedAt: review.submittedAt,
      lastEditedAt: null,
      isMinimized: false,
      minimizedReason: null,
      reactions: [],
    }
    thread.comments.push(comment)
    this.#comments.set(id, comment)
    this.#sendComment('created', comment, { sender: comment.account })
  }

  #startThread({ path, line, startLine, side = 'RIGHT' }: NewThread): ReviewThread {
    const id = this.#pr.world.ids.next()
    const place = { line: line ?? null, startLine: startLine ?? null }
    const thread: ReviewThread = {
      id,
      nodeId: nodeId('PRRT', id),
      path,
      subjectType: line === undefined ? 'file' : 'line',
      side,
      ...place,
      originalLine: place.line,
      originalStartLine: place.startLine,
      originalCommitSha: this.#pr.headSha,
      isOutdated: false,
      isResolved: false,
      resolvedBy: null,
      comments: [],
    }
    this.threads.push(thread)
    return thread
  }

  #threadOf(commentId: number): ReviewThread {
    const comment = this.findComment(commentId)
    if (comment === undefined) throw new Error(`No review comment ${commentId} on #${this.#pr.number}.`)
    return comment.thread
  }

  #change(text: Review | ReviewComment, body: string): void {
    text.body = body
    text.updatedAt = this.#pr.world.clock.nowIso()
    text.lastEditedAt = text.updatedAt
  }

  #sendReview(action: string, review: Review, { sender, from }: Change): void {
    if (this.#pr.repository.isQuiet) return
    const json = { review: toReviewJson(this.#pr, review) }
    this.#send('pull_request_review', { action, ...changesOf(from), ...json }, sender)
  }

  #sendComment(action: string, comment: ReviewComment, { sender, from }: Change): void {
    if (this.#pr.repository.isQuiet) return
    const json = { comment: toReviewCommentJson(this.#pr, comment) }
    this.#send('pull_request_review_comment', { action, ...changesOf(from), ...json }, sender)
  }

  #send(event: string, fields: object, sender: Account): void {
    const payload = { ...fields, pull_request: toPullRequestJson(this.#pr, 'list') }
    this.#pr.repository.send({ event, payload, sender })
  }
}

function changesOf(from: string | undefined): object {
  return from === undefined ? {} : { changes: { body: { from } } }
}
