// A pull request: a conversation with a head that follows its branch, reviews, check runs and an end.
import { Conversation } from './conversation.ts'
import type { NewConversation } from './conversation.ts'
import type { CheckRun } from './check-runs.ts'
import { nodeId } from './ids.ts'
import { toPullRequestJson } from './json/pull-request-json.ts'
import { mergePullRequest } from './merge-pull-request.ts'
import type { Account } from './people.ts'
import type { FakeRepository } from './repository.ts'
import { Reviews } from './reviews.ts'
import type { NewReview, NewReviewComment, Review, ReviewComment } from './reviews.ts'

/** What a pull request starts with. */
export interface PullRequestParts extends NewConversation {
  readonly headRepository: FakeRepository
  readonly headBranch: string
  readonly headSha: string
  readonly baseBranch: string
  readonly baseSha: string
  readonly isDraft: boolean
}

/** The size of a pull request. */
export interface PullRequestStats {
  readonly commits: number
  readonly additions: number
  readonly deletions: number
  readonly changedFiles: number
}

/** A pull request of a repository. */
export class FakePullRequest extends Conversation {
  readonly kind = 'pull_request'
  readonly headRepository: FakeRepository
  readonly headBranch: string
  readonly reviews: Reviews
  headSha: string
  baseBranch: string
  baseSha: string
  mergedBy: Account | null = null
  mergeCommitSha: string | null = null
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
    await this.refresh()
    this.sendEvent('edited', sender, { changes })
  }

  /** Closes it and sends `pull_request.closed`. */
  shut(sender: Account): void {
    this.state = 'closed'
    this.closedAt = this.world.clock.nowIso()
    this.sendEvent('closed', sender)
  }

  /** Follows its branch to a new commit and sends `pull_request.synchronize`. */
  async moveHead(after: string, sender: Account): Promise<void> {
    const before = this.headSha
    if (before === after) return
    this.headSha = after
    await this.refresh()
    this.sendEvent('synchronize', sender, { before, after })
  }

  /** Reads base and size from git again and keeps `refs/pull/<n>/head` on the head. */
  async refresh(): Promise<void> {
    const { git } = this.repository
    const ref = `refs/pull/${this.number}/head`
    if (this.isCrossRepository) await git.fetchFrom(this.headRepository.git, `+${this.headSha}:${ref}`)
    else await git.run(['update-ref', ref, this.headSha])
    this.baseSha = (await git.resolve(`refs/heads/${this.baseBranch}`)) ?? this.baseSha
    const [commits, diff] = await Promise.all([
      git.tryRun(['rev-list', '--count', `${this.baseSha}..${this.headSha}`]),
      git.tryRun(['diff', '--shortstat', `${this.baseSha}...${this.headSha}`]),
    ])
    this.stats = { commits: Number(commits ?? 0), ...parseShortStat(diff ?? '') }
  }

  /** Sends a `pull_request` webhook. */
  sendEvent(action: string, sender: Account, more: Readonly<Record<string, unknown>> = {}): void {
    this.updatedAt = this.world.clock.nowIso()
    const payload = { action, number: this.number, pull_request: toPullRequestJson(this), ...more }
    this.repository.send({ event: 'pull_request', payload, sender })
  }
}

function parseShortStat(text: string): Omit<PullRequestStats, 'commits'> {
  const count = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
  return {
    changedFiles: count(/(\d+) files? changed/),
    additions: count(/(\d+) insertion/),
    deletions: count(/(\d+) deletion/),
  }
}
