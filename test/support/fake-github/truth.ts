// What is true of a pull request now, as plain data, read straight from the state and from git. A test compares it with
// what a program believes. Shares no code with REST or GraphQL, so that a mistake there can not hide itself.
import type { CheckRun } from './check-runs.ts'
import type { IssueComment } from './conversation.ts'
import type { FakePullRequest } from './pull-request.ts'
import type { Review, ReviewComment, ReviewThread } from './review-thread.ts'
import { runGit } from './run-git.ts'

/** A written text. Ids are node ids; times are ISO with seconds. */
export interface TrueText {
  readonly id: string
  readonly databaseId: number
  readonly author: string | null
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly lastEditedAt: string | null
  readonly isMinimized: boolean
}

/** A review thread with all its comments, oldest first. */
export interface TrueThread {
  readonly id: string
  readonly path: string
  readonly line: number | null
  readonly startLine: number | null
  readonly isResolved: boolean
  readonly isOutdated: boolean
  readonly resolvedBy: string | null
  readonly comments: readonly TrueText[]
}

/** A submitted review. */
export interface TrueReview extends TrueText {
  readonly state: 'approved' | 'changes_requested' | 'commented' | 'dismissed'
  readonly commitSha: string
  readonly submittedAt: string
}

/** A check of the head that counts: of equal names and contexts only the newest. */
export type TrueCheck =
  | {
      readonly source: 'check_run'
      readonly id: string
      readonly databaseId: number
      readonly name: string
      readonly appSlug: string
      readonly status: string
      readonly conclusion: string | null
    }
  | { readonly source: 'status'; readonly id: string; readonly name: string; readonly state: string }

/** Everything that is true of a pull request. */
export interface Truth {
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'closed' | 'merged'
  readonly isDraft: boolean
  readonly headSha: string
  readonly headBranch: string
  readonly baseBranch: string
  readonly baseSha: string
  /** What git says now, also where GitHub would still answer "unknown". */
  readonly isMergeable: boolean
  readonly isInMergeQueue: boolean
  readonly hasAutoMerge: boolean
  readonly threads: readonly TrueThread[]
  readonly reviews: readonly TrueReview[]
  readonly conversation: readonly TrueText[]
  readonly checks: readonly TrueCheck[]
}

/** Returns what is true of a pull request now; asks git whether it merges. */
export async function truthOf(pr: FakePullRequest): Promise<Truth> {
  return {
    number: pr.number,
    title: pr.title,
    state: pr.mergedAt === null ? pr.state : 'merged',
    isDraft: pr.isDraft,
    headSha: pr.headSha,
    headBranch: pr.headBranch,
    baseBranch: pr.baseBranch,
    baseSha: pr.baseSha,
    isMergeable: await merges(pr),
    isInMergeQueue: pr.queueEntry !== null,
    hasAutoMerge: pr.autoMerge !== null,
    threads: pr.reviews.threads.map((thread) => toThread(pr, thread)),
    reviews: pr.reviews.all.map((review) => toReview(pr, review)),
    conversation: pr.comments.map((comment) => toText(pr, comment)),
    checks: [...runsOf(pr), ...statusesOf(pr)],
  }
}

async function merges({ repository, baseBranch, headSha, state }: FakePullRequest): Promise<boolean> {
  if (state === 'closed') return false
  const args = ['merge-tree', '--write-tree', `refs/heads/${baseBranch}`, headSha]
  return (await runGit({ cwd: repository.git.path, args })).exitCode === 0
}

function toThread(pr: FakePullRequest, thread: ReviewThread): TrueThread {
  const { path, line, startLine, isResolved, isOutdated } = thread
  return {
    id: thread.nodeId,
    path,
    line,
    startLine,
    isResolved,
    isOutdated,
    resolvedBy: thread.resolvedBy?.login ?? null,
    comments: thread.comments.map((comment) => toText(pr, comment)),
  }
}

function toReview(pr: FakePullRequest, review: Review): TrueReview {
  const { state, commitSha, submittedAt } = review
  return { ...toText(pr, review), state, commitSha, submittedAt }
}

function toText({ world }: FakePullRequest, text: IssueComment | Review | ReviewComment): TrueText {
  return {
    id: text.nodeId,
    databaseId: text.id,
    author: world.people.isGone(text.account) ? null : text.account.login,
    body: text.body ?? '',
    createdAt: text.createdAt,
    updatedAt: text.updatedAt,
    lastEditedAt: text.lastEditedAt,
    isMinimized: text.isMinimized,
  }
}

function runsOf({ repository, headSha }: FakePullRequest): TrueCheck[] {
  const newest = new Map<string, CheckRun>()
  for (const run of repository.checks.list(headSha)) newest.set(`${run.app.slug}/${run.name}`, run)
  return [...newest.values()].map((run) => ({
    source: 'check_run',
    id: run.nodeId,
    databaseId: run.id,
    name: run.name,
    appSlug: run.app.slug,
    status: run.status,
    conclusion: run.conclusion,
  }))
}

function statusesOf({ repository, headSha }: FakePullRequest): TrueCheck[] {
  const all = repository.statuses.list(headSha)
  const counting = all.filter(({ id, context }) => !all.some((one) => one.context === context && one.id > id))
  return counting.map(({ nodeId, context, state }) => ({
    source: 'status',
    id: nodeId,
    name: context,
    state,
  }))
}
