// Reviews and review comments of one pull request. Threads are a later story: a reply only names its first comment.
import { nodeId } from './ids.ts'
import { toReviewCommentJson, toReviewJson } from './json/review-json.ts'
import { toPullRequestJson } from './json/pull-request-json.ts'
import type { Account } from './people.ts'
import type { FakePullRequest } from './pull-request.ts'
import type { Reaction } from './reactions.ts'

/** A review to be submitted. */
export interface NewReview {
  readonly state?: 'approved' | 'changes_requested' | 'commented'
  readonly body?: string
}

/** A submitted review. */
export interface Review {
  readonly id: number
  readonly nodeId: string
  readonly account: Account
  readonly state: 'approved' | 'changes_requested' | 'commented'
  body: string | null
  readonly commitSha: string
  readonly submittedAt: string
  updatedAt: string
  lastEditedAt: string | null
  readonly reactions: Reaction[]
}

/** A review comment to be written: on a line, or as a reply. */
export type NewReviewComment =
  | { readonly path: string; readonly line: number; readonly body: string }
  | { readonly inReplyTo: number; readonly body: string }

/** A comment on a line of a file. */
export interface ReviewComment {
  readonly id: number
  readonly nodeId: string
  readonly reviewId: number
  readonly author: string
  readonly account: Account
  readonly path: string
  readonly line: number
  body: string
  readonly inReplyTo: number | undefined
  readonly commitSha: string
  readonly createdAt: string
  updatedAt: string
  lastEditedAt: string | null
  readonly reactions: Reaction[]
}

/** The reviews of one pull request, oldest first. */
export class Reviews {
  readonly all: Review[] = []
  readonly comments: ReviewComment[] = []
  readonly #pr: FakePullRequest

  constructor(pr: FakePullRequest) {
    this.#pr = pr
  }

  /** Adds a review and sends `pull_request_review.submitted`. */
  submit(account: Account, { state = 'commented', body }: NewReview): Review {
    const pr = this.#pr
    const id = pr.world.ids.next()
    const submittedAt = pr.world.clock.nowIso()
    const review: Review = {
      id,
      nodeId: nodeId('PRR', id),
      account,
      state,
      body: body ?? null,
      commitSha: pr.headSha,
      submittedAt,
      updatedAt: submittedAt,
      lastEditedAt: null,
      reactions: [],
    }
    this.all.push(review)
    this.#sendReview('submitted', review)
    return review
  }

  /** Adds a comment in a review of its own, as GitHub does, and sends both webhooks. */
  comment(account: Account, order: NewReviewComment): ReviewComment {
    const pr = this.#pr
    const place = 'inReplyTo' in order ? this.#first(order.inReplyTo) : order
    const review = this.submit(account, {})
    const id = pr.world.ids.next()
    const comment: ReviewComment = {
      id,
      nodeId: nodeId('PRRC', id),
      reviewId: review.id,
      author: account.login,
      account,
      path: place.path,
      line: place.line,
      body: order.body,
      inReplyTo: 'inReplyTo' in order ? order.inReplyTo : undefined,
      commitSha: pr.headSha,
      createdAt: review.submittedAt,
      updatedAt: review.submittedAt,
      lastEditedAt: null,
      reactions: [],
    }
    this.comments.push(comment)
    this.#sendComment('created', comment)
    return comment
  }

  /** Changes the text of a review in its author's name and sends `pull_request_review.edited`. */
  edit(review: Review, body: string): void {
    const from = review.body ?? ''
    if (from === body) return
    this.#change(review, body)
    this.#sendReview('edited', review, from)
  }

  /** Changes a review comment in its author's name and sends `pull_request_review_comment.edited`. */
  editComment(comment: ReviewComment, body: string): void {
    const from = comment.body
    if (from === body) return
    this.#change(comment, body)
    this.#sendComment('edited', comment, from)
  }

  #change(text: Review | ReviewComment, body: string): void {
    text.body = body
    text.updatedAt = this.#pr.world.clock.nowIso()
    text.lastEditedAt = text.updatedAt
  }

  #sendReview(action: 'submitted' | 'edited', review: Review, from?: string): void {
    const json = { review: toReviewJson(this.#pr, review) }
    this.#send('pull_request_review', { action, ...changesOf(from), ...json }, review.account)
  }

  #sendComment(action: 'created' | 'edited', comment: ReviewComment, from?: string): void {
    const json = { comment: toReviewCommentJson(this.#pr, comment) }
    this.#send('pull_request_review_comment', { action, ...changesOf(from), ...json }, comment.account)
  }

  #send(event: string, fields: object, sender: Account): void {
    const payload = { ...fields, pull_request: toPullRequestJson(this.#pr, 'list') }
    this.#pr.repository.send({ event, payload, sender })
  }

  #first(id: number): ReviewComment {
    const comment = this.comments.find((candidate) => candidate.id === id)
    if (comment === undefined) throw new Error(`No review comment ${id} on #${this.#pr.number}.`)
    return comment
  }
}

function changesOf(from: string | undefined): object {
  return from === undefined ? {} : { changes: { body: { from } } }
}
