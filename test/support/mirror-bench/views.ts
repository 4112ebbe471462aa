// One pull request as GitHub has it, as the database has it, and as the reads said it must be, each in the same plain
// words so that they can be compared. Knows no law.

import type { Store } from '../../../src/ports/store.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import { truthOf, type TrueCheck, type TrueText } from '../fake-github/truth.ts'
import { PROJECT_ID } from './rows.ts'
import type { ExpectedMirror } from './expected.ts'

type Rows = readonly object[]

/** Rows in the order of their ids. */
export interface View {
  readonly pullRequest: object
  readonly state: object
  readonly threads: Rows
  readonly comments: Rows
  readonly reviews: Rows
  readonly checks: Rows
}

/** How much of it is looked at: `seen` is what a light look at a pull request shows. */
export type Depth = 'whole' | 'seen'

/** Returns what is true on GitHub. */
export async function trueView(pr: FakePullRequest, depth: Depth): Promise<View> {
  const truth = await truthOf(pr)
  const { title, state, isDraft, headSha, headBranch: headRef, baseBranch: baseRef, baseSha } = truth
  const ownRuns = new Set(
    pr.checkRuns().flatMap(({ app, nodeId }) => (app.id === pr.world.app.id ? [nodeId] : [])),
  )
  return inOrder(depth, {
    pullRequest: { title, state, isDraft, headSha, headRef, baseRef, baseSha },
    state: {
      mergeability: truth.isMergeable ? 'mergeable' : 'conflicting',
      isInMergeQueue: truth.isInMergeQueue,
      hasAutoMerge: truth.hasAutoMerge,
      headSha,
    },
    threads: truth.threads.map((thread) => pick(thread, FIELDS.threads)),
    comments: truth.threads.flatMap(({ id: threadId, comments }) =>
      comments.map((comment) => ({ ...textOf(comment), threadId, isMinimized: comment.isMinimized })),
    ),
    reviews: truth.reviews.map((review) => ({
      ...textOf(review),
      state: review.state,
      commitSha: review.commitSha,
      submittedAt: Date.parse(review.submittedAt),
    })),
    checks: truth.checks
      .filter(({ id }) => !ownRuns.has(id))
      .map((check) => ({ ...checkOf(check), headSha })),
  })
}

function textOf({ id, author, body, updatedAt, lastEditedAt }: TrueText): object {
  const editedAt = lastEditedAt === null ? null : Date.parse(lastEditedAt)
  return { id, author, body, updatedAt: Date.parse(updatedAt), editedAt }
}

const STATUS = {
  success: ['completed', 'success'],
  failure: ['completed', 'failure'],
  error: ['completed', 'failure'],
  pending: ['in_progress', null],
} as const

function checkOf(check: TrueCheck): object {
  if (check.source === 'check_run') {
    const { source, id, databaseId, name, appSlug, status, conclusion } = check
    return { source, id, databaseId, name, appSlug, status, conclusion }
  }
  const [status, conclusion] = STATUS[check.state as keyof typeof STATUS]
  const { source, name } = check
  return { source, id: `status:${name}`, databaseId: null, name, appSlug: null, status, conclusion }
}

/** Returns what is stored. */
export async function storedView(store: Store, number: number, depth: Depth): Promise<View> {
  const at = { projectId: PROJECT_ID, prNumber: number }
  const pullRequest = await store.find('pullRequests', { projectId: PROJECT_ID, number })
  const mirror = await store.find('mirrors', at)
  return inOrder(depth, {
    pullRequest: pick(pullRequest, FIELDS.pullRequest),
    state: pick(mirror, FIELDS.state),
    threads: (await store.list('reviewThreads', at)).map((row) => pick(row, FIELDS.threads)),
    comments: (await store.list('reviewComments', at)).map((row) => pick(row, FIELDS.comments)),
    reviews: (await store.list('reviews', at)).map((row) => pick(row, FIELDS.reviews)),
    checks: (await store.list('checks', at)).map((row) => pick(row, FIELDS.checks)),
  })
}

/** Returns what the reads said, as far as they speak of lists. */
export function expectedView(expected: ExpectedMirror): Omit<View, 'pullRequest' | 'state'> {
  const login = ({ author }: { readonly author: { readonly login: string } | null }): object => ({
    author: author?.login ?? null,
  })
  const { threads, comments, reviews, checks } = inOrder('whole', {
    pullRequest: {},
    state: {},
    threads: [...expected.threads.values()].map((row) => pick(row, FIELDS.threads)),
    comments: [...expected.comments.values()].map((row) => pick({ ...row, ...login(row) }, FIELDS.comments)),
    reviews: [...expected.reviews.values()].map((row) => pick({ ...row, ...login(row) }, FIELDS.reviews)),
    checks: [...expected.checks.values()].map((row) => pick(row, FIELDS.checks)),
  })
  return { threads, comments, reviews, checks }
}

const FIELDS = {
  pullRequest: ['title', 'state', 'isDraft', 'headSha', 'headRef', 'baseRef', 'baseSha'],
  state: ['mergeability', 'isInMergeQueue', 'hasAutoMerge', 'headSha'],
  threads: ['id', 'path', 'line', 'startLine', 'isResolved', 'isOutdated', 'resolvedBy'],
  comments: ['id', 'author', 'body', 'updatedAt', 'editedAt', 'threadId', 'isMinimized'],
  reviews: ['id', 'author', 'body', 'updatedAt', 'editedAt', 'state', 'commitSha', 'submittedAt'],
  checks: ['source', 'id', 'databaseId', 'name', 'appSlug', 'status', 'conclusion', 'headSha'],
} as const

/** What a light look shows of each row: enough to know that there is something to read. */
const SEEN: Readonly<Record<keyof View, readonly string[]>> = {
  pullRequest: FIELDS.pullRequest,
  state: FIELDS.state,
  threads: ['id', 'isResolved', 'isOutdated'],
  comments: ['id', 'threadId'],
  reviews: ['id', 'state', 'updatedAt'],
  checks: ['id', 'status', 'conclusion'],
}

function pick(row: object | null, fields: readonly string[]): object {
  const values = row as Readonly<Record<string, unknown>> | null
  return Object.fromEntries(fields.map((field) => [field, values?.[field] ?? null]))
}

function inOrder(depth: Depth, view: View): View {
  const shown = (part: keyof View, row: object): object => (depth === 'whole' ? row : pick(row, SEEN[part]))
  const rows = (part: 'threads' | 'comments' | 'reviews' | 'checks'): Rows =>
    view[part].map((row) => shown(part, row)).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return {
    pullRequest: shown('pullRequest', view.pullRequest),
    state: shown('state', view.state),
    threads: rows('threads'),
    comments: rows('comments'),
    reviews: rows('reviews'),
    checks: rows('checks'),
  }
}

function keyOf(row: object): string {
  return String((row as { readonly id?: unknown }).id)
}
