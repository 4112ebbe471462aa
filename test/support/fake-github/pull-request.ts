// A pull request: a conversation with a head that follows its branch, reviews, check runs and an end.
import { Conversation } from './conversation.ts'
import type { NewConversation } from './conversation.ts'
import type { CheckRun } from './check-runs.ts'
import { nodeId } from './ids.ts'
import { toPullRequestJson } from './json/pull-request-json.ts'
import { dequeue, enqueue, setAutoMerge, setDraft } from './merge-plan.ts'
import type { AutoMerge, MergeMethod, QueueEntry } from './merge-plan.ts'
import { Mergeability } from './mergeability.ts'
import { mergePullRequest } from './merge-pull-request.ts'
import { minimize, unminimize } from './minimize.ts'
import type { Minimizable } from './minimize.ts'
import type { Account } from './people.ts'
import type { FakeRepository } from './repository.ts'
import { Reviews } from './reviews.ts'
import type { NewReview, NewReviewComment, PendingReview } from './review-orders.ts'
import type { Classifier, Review, ReviewComment, ReviewThread } from './review-thread.ts'
import { moveThreads, refreshPullRequest } from './refresh-pull-request.ts'
import type { PullRequestStats } from './refresh-pull-request.ts'

/** What a pull request starts with. */
export interface PullRequestParts extends NewConversation {
  readonly headRepository: FakeRepository
  readonly headBranch: string
  readonly headSha: string
  readonly baseBranch: string
  readonly baseSha: string
  readonly isDraft: boolean
}

/** A pull request of a repository. */
export class FakePullRequest extends Conversation {
  readonly kind = 'pull_request'
  readonly headRepository: FakeRepository
  readonly headBranch: string
  readonly reviews: Reviews
  readonly mergeability: Mergeability
  headSha: string
  baseBranch: string
  baseSha: string
  mergedBy: Account | null = null
  mergeCommitSha: string | null = null
  autoMerge: AutoMerge | null = null
  queueEntry: QueueEntry | null = null
  stats: PullRequestStats = { commits: 0, additions: 0, deletions: 0, changedFiles: 0 }

  constructor(parts: PullRequestParts) {
    super(parts)
    this.headRepository = parts.headRepository
    this.headBranch = parts.headBranch
    this.headSha = parts.headSha
    this.baseBranch = parts.baseBranch
    this.baseSha = parts.baseSha
    this.isDraft = parts.isDraft
    this.reviews = new Reviews(this)
    this.mergeability = new Mergeability(this)
  }

  get nodeId(): string {
    return nodeId('PR', this.id)
  }

  /** Whether the head lives in a fork. */
  get isCrossRepository(): boolean {
    return this.headRepository !== this.repository
  }

  /** Returns the check runs of the present head, oldest first. */
  checkRuns(): readonly CheckRun[] {
    return this.repository.checks.list(this.headSha)
  }

  /** Presses a button of a check run in the name of a person. */
  async pressButton(by: string, checkRunId: number, identifier: string): Promise<void> {
    this.repository.checks.press(this.repository.writer(by), checkRunId, identifier)
  }

  /** Submits a review in the name of a person. */
  async review(by: string, review: NewReview = {}): Promise<Review> {
    return this.reviews.submit(this.repository.reader(by), review)
  }

  /** Writes a review comment, or a reply to one, in the name of a person. */
  async reviewComment(by: string, comment: NewReviewComment): Promise<ReviewComment> {
    return this.reviews.comment(this.repository.reader(by), comment)
  }

  /** Changes the text of a review in the name of its author. */
  async editReview(review: Review, body: string): Promise<void> {
    this.reviews.edit(review, body)
  }

  /** Changes a review comment in the name of its author. */
  async editReviewComment(comment: ReviewComment, body: string): Promise<void> {
    this.reviews.editComment(comment, body)
  }

  /** Starts a review that nobody else sees, with first comments. */
  async startReview(by: string, comments: readonly NewReviewComment[] = []): Promise<PendingReview> {
    const pending = this.reviews.start(this.repository.reader(by))
    for (const comment of comments) this.reviews.draft(pending, comment)
    return pending
  }

  /** Shows a pending review to everybody. */
  async submitReview(pending: PendingReview, review: Omit<NewReview, 'comments'> = {}): Promise<Review> {
    return this.reviews.publish(pending, review)
  }

  /** Dismisses a review in the name of a person who may write. */
  async dismissReview(by: string, review: Review): Promise<void> {
    this.reviews.dismiss(review, this.repository.writer(by))
  }

  /** Deletes a review comment in the name of its author, or of somebody who may write. */
  async deleteReviewComment(by: string, comment: ReviewComment): Promise<void> {
    const { repository } = this
    this.reviews.deleteComment(comment, comment.author === by ? repository.reader(by) : repository.writer(by))
  }

  /** Resolves a thread in the name of a person who may write, or who opened the pull request. */
  async resolve(by: string, thread: ReviewThread): Promise<void> {
    this.reviews.setResolved(thread, true, this.#resolver(by))
  }

  /** Opens a resolved thread again. */
  async unresolve(by: string, thread: ReviewThread): Promise<void> {
    this.reviews.setResolved(thread, false, this.#resolver(by))
  }

  /** Hides a comment or a review in the name of a person who may write. */
  async minimize(by: string, text: Minimizable, classifier: Classifier = 'OUTDATED'): Promise<void> {
    this.repository.writer(by)
    minimize(text, classifier)
  }

  /** Shows a hidden comment or review again. */
  async unminimize(by: string, text: Minimizable): Promise<void> {
    this.repository.writer(by)
    unminimize(text)
  }

  /** Makes it a draft, or ready for review, in the name of a person. */
  async setDraft(by: string, isDraft: boolean): Promise<void> {
    setDraft(this, isDraft, this.repository.reader(by))
  }

  /** Plans an automatic merge, or with undefined takes the plan back. */
  async setAutoMerge(by: string, method: MergeMethod | undefined): Promise<void> {
    setAutoMerge(this, method, this.repository.writer(by))
  }

  /** Puts it into the merge queue. */
  async enqueue(by: string): Promise<void> {
    enqueue(this, this.repository.writer(by))
  }

  /** Takes it out of the merge queue. */
  async dequeue(by: string, reason = 'MANUAL'): Promise<void> {
    dequeue(this, reason, this.repository.writer(by))
  }

  /** Closes it unmerged in the name of a person. */
  async close(by: string): Promise<void> {
    this.shut(this.repository.reader(by))
  }

  /** Opens it again in the name of a person. */
  async reopen(by: string): Promise<void> {
    if (this.mergedAt !== null) throw new Error('A merged pull request can not be reopened.')
    const sender = this.repository.reader(by)
    this.state = 'open'
    this.closedAt = null
    await this.refresh()
    this.sendEvent('reopened', sender)
  }

  /** Merges it with a merge commit in the name of a person; throws on conflict. */
  async merge(by: string): Promise<void> {
    return mergePullRequest(this, this.repository.writer(by))
  }

  /** Changes title, body or base branch in the name of a person. */
  async edit(by: string, change: { title?: string; body?: string; base?: string }): Promise<void> {
    const sender = this.repository.reader(by)
    const changes = {
      ...(change.title !== undefined && { title: { from: this.title } }),
      ...(change.body !== undefined && { body: { from: this.body } }),
      ...(change.base !== undefined && {
        base: { ref: { from: this.baseBranch }, sha: { from: this.baseSha } },
      }),
    }
    this.title = change.title ?? this.title
    this.body = change.body ?? this.body
    this.baseBranch = change.base ?? this.baseBranch
    if (change.base !== undefined) this.mergeability.forget()
    await this.refresh()
    this.sendEvent('edited', sender, { changes })
  }

  /** Closes it and sends `pull_request.closed`. */
  shut(sender: Account): void {
    this.state = 'closed'
    this.closedAt = this.world.clock.nowIso()
    this.autoMerge = null
    this.queueEntry = null
    this.sendEvent('closed', sender)
  }

  /** Follows its branch to a new commit and sends `pull_request.synchronize`. */
  async moveHead(after: string, sender: Account): Promise<void> {
    const before = this.headSha
    if (before === after) return
    this.headSha = after
    this.mergeability.forget()
    await this.refresh()
    await moveThreads(this, before)
    this.sendEvent('synchronize', sender, { before, after })
  }

  /** Reads base and size from git again. */
  refresh(): Promise<void> {
    return refreshPullRequest(this)
  }

  /** Sends a `pull_request` webhook. */
  sendEvent(action: string, sender: Account, more: Readonly<Record<string, unknown>> = {}): void {
    this.updatedAt = this.world.clock.nowIso()
    if (this.repository.isQuiet) return
    const payload = { action, number: this.number, pull_request: toPullRequestJson(this), ...more }
    this.repository.send({ event: 'pull_request', payload, sender })
  }

  #resolver(by: string): Account {
    return by === this.author ? this.repository.reader(by) : this.repository.writer(by)
  }
}
