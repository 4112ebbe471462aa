// Setting up much at once, cheaply: many pull requests with a handful of git processes, many threads without webhooks.
import { commitNumbered } from './bulk-commits.ts'
import { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import type { NewReviewComment } from './review-orders.ts'
import type { ReviewThread } from './review-thread.ts'

const commentsOfReview = 50

/** Many threads on one file. */
export interface ManyThreads {
  readonly by: string
  readonly count: number
  /** Comments in each thread, the first one included; default 1. */
  readonly commentsEach?: number
  readonly path?: string
  /** Writes the text of comment `index` (from 0) of thread `thread` (from 0). */
  readonly body?: (thread: number, index: number) => string
}

/** Many pull requests, each with one commit on a branch of its own. */
export interface ManyPullRequests {
  readonly by: string
  readonly count: number
  /** Start of the branch names; the number from 1 follows. */
  readonly prefix?: string
}

/** Adds threads without webhooks and returns them, oldest first; a review carries up to 50 of the comments. */
export function addThreads(pr: FakePullRequest, order: ManyThreads): readonly ReviewThread[] {
  const { by, count, commentsEach = 1, path = 'many.txt', body = toBody } = order
  const account = pr.repository.reader(by)
  const before = pr.reviews.threads.length
  const submit = (comments: readonly NewReviewComment[]): void => {
    for (let start = 0; start < comments.length; start += commentsOfReview)
      pr.reviews.submit(account, { comments: comments.slice(start, start + commentsOfReview) })
  }
  return pr.repository.quietly(() => {
    const numbers = Array.from({ length: count }, (_, thread) => thread)
    submit(numbers.map((thread) => ({ path, line: thread + 1, body: body(thread, 0) })))
    const added = pr.reviews.threads.slice(before)
    for (let index = 1; index < commentsEach; index += 1)
      submit(
        added.map(({ comments }, thread) => ({ inReplyTo: comments[0]?.id ?? 0, body: body(thread, index) })),
      )
    return added
  })
}

/** Opens pull requests without webhooks and returns them, oldest first. */
export async function openPullRequests(
  repository: FakeRepository,
  { by, count, prefix = 'many-' }: ManyPullRequests,
): Promise<readonly FakePullRequest[]> {
  const account = repository.writer(by)
  const { world, defaultBranch, git } = repository
  const names = Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)
  return git.exclusively(async () => {
    const baseSha = await git.mustResolve(`refs/heads/${defaultBranch}`)
    const heads = await commitNumbered(repository, { baseSha, names, firstNumber: repository.nextNumber() })
    return names.map((name, index) => {
      const number = repository.nextNumber()
      const texts = { account, title: name, body: null }
      const head = { headRepository: repository, headBranch: name, headSha: heads[index] ?? baseSha }
      const base = { baseBranch: defaultBranch, baseSha, isDraft: false }
      const pr = new FakePullRequest({ world, repository, number, ...texts, ...head, ...base })
      pr.stats = { commits: 1, additions: 1, deletions: 0, changedFiles: 1 }
      repository.conversations.push(pr)
      return pr
    })
  })
}

function toBody(thread: number, index: number): string {
  return `Thread ${thread + 1}, comment ${index + 1}`
}
