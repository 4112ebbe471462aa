import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import type { ObservationOutcome, Observer } from '../../../src/ports/github.ts'
import type { FakePullRequest } from '../../support/fake-github/index.ts'
import { testAppId } from '../../support/fake-github/start-fake-github.ts'
import { startGitHubWorld } from './github-world.ts'
import { addThreads } from '../../support/fake-github/bulk.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld

beforeAll(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.fake.faults.clear())
afterAll(() => world.stop())

/** Opens another pull request, so that no case sees what another one wrote. */
let opened = 0
async function openPullRequest(): Promise<FakePullRequest> {
  opened += 1
  const branch = `work-${opened}`
  const lines = Array.from({ length: 20 }, (_each, index) => `line ${index + 1}\n`).join('')
  await world.repo.push({ by: 'alice', branch, files: { [`${branch}.txt`]: lines } })
  return world.repo.openPullRequest({ by: 'alice', head: branch, title: `Work ${opened}` })
}

function observe(
  { number }: { readonly number: number },
  observer: Observer = world.github,
): Promise<ObservationOutcome> {
  return observer.observe({ repository: world.target, number }, 'webhook')
}

async function observed(pr: FakePullRequest, observer?: Observer): Promise<Observation> {
  const outcome = await observe(pr, observer)
  if (outcome.kind !== 'observed') throw new Error(`It was ${JSON.stringify(outcome)}.`)
  return outcome.observation
}

/** Returns how many queries and points some work took. */
async function priceOf(
  work: () => Promise<unknown>,
): Promise<{ readonly calls: number; readonly points: number }> {
  const before = world.fake.graphqlCalls.total()
  await work()
  const after = world.fake.graphqlCalls.total()
  return { calls: after.calls - before.calls, points: after.points - before.points }
}

describe('observe', () => {
  it('reads the facts of a pull request like REST does', async () => {
    const pr = await openPullRequest()
    const { pullRequest, ...rest } = await observed(pr)
    expect(pullRequest).toEqual(await world.github.readPullRequest(world.target, pr.number))
    expect(rest).toMatchObject({
      mergeability: 'unknown',
      isInMergeQueue: false,
      hasAutoMerge: false,
      threads: { completeness: 'complete', items: [] },
      reviews: { completeness: 'complete', items: [] },
      checks: { completeness: 'complete', items: [] },
      conversation: { completeness: 'complete', items: [] },
    })
    expect((await observed(pr)).mergeability).toBe('mergeable')
  })

  it('reads threads with all their comments', async () => {
    const pr = await openPullRequest()
    const path = `work-${opened}.txt`
    const first = await pr.reviewComment('alice', { path, line: 3, startLine: 2, body: 'Why?' })
    const reply = await pr.reviewComment('carol', { inReplyTo: first.id, body: 'Because.' })
    await pr.editReviewComment(reply, 'Because of that.')
    await pr.minimize('alice', reply)
    await pr.reviewComment('bob', { path, body: 'About the whole file.' })
    await pr.resolve('carol', first.thread)
    const { threads } = await observed(pr)
    expect(threads).toMatchObject({
      completeness: 'complete',
      items: [
        {
          id: first.thread.nodeId,
          path,
          line: 3,
          startLine: 2,
          isResolved: true,
          isOutdated: false,
          resolvedBy: 'carol',
          comments: {
            completeness: 'complete',
            items: [
              {
                id: first.nodeId,
                author: { login: 'alice', isBot: false },
                body: 'Why?',
                isMinimized: false,
                editedAt: null,
              },
              {
                id: reply.nodeId,
                author: { login: 'carol', isBot: false },
                body: 'Because of that.',
                isMinimized: true,
                editedAt: Date.parse(reply.lastEditedAt ?? ''),
              },
            ],
          },
        },
        { line: null, startLine: null, isResolved: false, resolvedBy: null },
      ],
    })
  })

  it('tells an outdated thread, which has no line any more', async () => {
    const pr = await openPullRequest()
    const path = `work-${opened}.txt`
    await pr.reviewComment('bob', { path, line: 3, body: 'Here.' })
    await world.repo.push({ by: 'alice', branch: pr.headBranch, files: { [path]: 'all new\n' } })
    const { threads } = await observed(pr)
    expect(threads.items).toMatchObject([{ isOutdated: true, line: null, startLine: null }])
  })

  it('reads reviews and the conversation, and nothing that only its author sees', async () => {
    const pr = await openPullRequest()
    const review = await pr.review('carol', { state: 'changes_requested', body: 'Not yet.' })
    await pr.startReview('bob', [])
    const comment = await pr.comment('bob', 'Nice.')
    await pr.editComment('bob', comment.id, 'Very nice.')
    pr.addComment(world.fake.world.people.bot('linter'), 'A remark.')
    const { reviews, conversation } = await observed(pr)
    expect(reviews.items).toEqual([
      {
        id: review.nodeId,
        author: { login: 'carol', isBot: false },
        state: 'changes_requested',
        body: 'Not yet.',
        url: expect.stringContaining(`/pull/${pr.number}#pullrequestreview-${review.id}`),
        commitSha: pr.headSha,
        submittedAt: Date.parse(review.submittedAt),
        updatedAt: Date.parse(review.updatedAt),
        editedAt: null,
      },
    ])
    expect(conversation.items).toMatchObject([
      { source: 'issue_comment', id: comment.nodeId, body: 'Very nice.', wasEdited: true },
      { author: { login: 'linter[bot]', isBot: true }, body: 'A remark.', wasEdited: false },
    ])
  })

  it('knows a deleted account by no name', async () => {
    const pr = await openPullRequest()
    await pr.comment('leaver', 'Bye.')
    await pr.reviewComment('leaver', { path: `work-${opened}.txt`, line: 1, body: 'Bye.' })
    world.fake.world.people.remove('leaver')
    const { conversation, reviews, threads } = await observed(pr)
    expect(conversation.items).toMatchObject([{ author: null }])
    expect(reviews.items).toMatchObject([{ author: null }])
    expect(threads.items[0]?.comments.items).toMatchObject([{ author: null }])
  })

  it('sees drafts, automatic merges and the merge queue', async () => {
    const pr = await openPullRequest()
    await pr.setDraft('alice', true)
    expect((await observed(pr)).pullRequest.isDraft).toBe(true)
    await pr.setDraft('alice', false)
    await pr.setAutoMerge('alice', 'squash')
    expect(await observed(pr)).toMatchObject({ hasAutoMerge: true, isInMergeQueue: false })
    await pr.enqueue('alice')
    expect(await observed(pr)).toMatchObject({ isInMergeQueue: true })
  })
})

describe('observe, checks', () => {
  it('lists runs and statuses of the head: the newest of each, and none of our own', async () => {
    const pr = await openPullRequest()
    const { headSha } = pr
    const { repo } = world
    repo.reportCheck({
      app: 'github-actions',
      headSha,
      name: 'build',
      status: 'completed',
      conclusion: 'failure',
    })
    const rerun = repo.reportCheck({ app: 'github-actions', headSha, name: 'build', status: 'in_progress' })
    const output = { title: 'Two errors', summary: 'Long.', text: null }
    const lint = repo.reportCheck({ app: 'linter', headSha, name: 'lint', conclusion: 'timed_out', output })
    repo.reportSuite({ app: 'silent', headSha })
    await repo.reportStatus({ by: 'old-ci', sha: headSha, context: 'ci/old', state: 'pending' })
    await repo.reportStatus({
      by: 'old-ci',
      sha: headSha,
      context: 'ci/old',
      state: 'error',
      description: 'Broke down',
      targetUrl: 'https://ci.example/1',
    })
    const { app, people } = world.fake.world
    repo.checks.create({ app, headSha, name: 'Belay', sender: people.bot('belay') })
    const { checks } = await observed(pr)
    expect(checks.completeness).toBe('complete')
    expect(checks.items).toMatchObject([
      {
        id: rerun.nodeId,
        source: 'check_run',
        name: 'build',
        appSlug: 'github-actions',
        databaseId: rerun.id,
        status: 'in_progress',
        conclusion: null,
        completedAt: null,
      },
      {
        id: lint.nodeId,
        appSlug: 'linter',
        conclusion: 'timed_out',
        status: 'completed',
        summary: 'Two errors',
      },
      {
        id: 'status:ci/old',
        source: 'status',
        name: 'ci/old',
        appId: null,
        databaseId: null,
        status: 'completed',
        conclusion: 'failure',
        summary: 'Broke down',
        url: 'https://ci.example/1',
      },
    ])
    expect(checks.items.map(({ appId }) => appId)).not.toContain(testAppId)
  })

  it('reads more of them than a page holds', async () => {
    const pr = await openPullRequest()
    world.repo.quietly(() => {
      for (let n = 0; n < 230; n += 1)
        world.repo.reportCheck({ app: 'github-actions', headSha: pr.headSha, name: `job ${n}` })
    })
    const { checks } = await observed(pr)
    expect(checks.completeness).toBe('complete')
    expect(new Set(checks.items.map(({ name }) => name)).size).toBe(230)
  })

  it('never mixes two heads: a push between two pages leaves the list partial', async () => {
    const pr = await openPullRequest()
    const before = pr.headSha
    world.repo.quietly(() => {
      for (let n = 0; n < 150; n += 1)
        world.repo.reportCheck({ app: 'github-actions', headSha: before, name: `old ${n}` })
    })
    world.fake.faults.slowDown({ route: 'POST /graphql', times: 1 })
    const reading = observed(pr)
    await expect.poll(() => world.fake.faults.heldAnswers).toBe(1)
    await world.repo.push({ by: 'alice', branch: pr.headBranch, files: { 'next.txt': 'next\n' } })
    world.repo.reportCheck({ app: 'github-actions', headSha: pr.headSha, name: 'new' })
    world.fake.faults.releaseAnswers()
    const { checks, pullRequest, threads } = await reading
    expect(pullRequest.headSha).toBe(before)
    expect(pr.headSha).not.toBe(before)
    expect(checks.completeness).toBe('partial')
    expect(checks.items).toHaveLength(100)
    expect(checks.items.every(({ name }) => name.startsWith('old'))).toBe(true)
    expect(threads.completeness).toBe('complete')
  })

  it('takes no list for whole in which something went between two pages', async () => {
    const pr = await openPullRequest()
    const [first] = addThreads(pr, { by: 'bob', count: 150 }).flatMap(({ comments }) => comments)
    if (first === undefined) throw new Error('There is no comment to delete.')
    world.fake.faults.slowDown({ route: 'POST /graphql', times: 1 })
    const reading = observed(pr)
    await expect.poll(() => world.fake.faults.heldAnswers).toBe(1)
    await pr.deleteReviewComment('alice', first)
    world.fake.faults.releaseAnswers()
    const { threads, reviews } = await reading
    expect(threads.completeness).toBe('partial')
    expect(reviews.completeness).not.toBe('failed')
  })
})

describe('observe, what it costs', () => {
  it('is one query and one point for a usual pull request', async () => {
    const pr = await openPullRequest()
    await pr.comment('bob', 'Hello.')
    await pr.reviewComment('bob', { path: `work-${opened}.txt`, line: 1, body: 'Hm.' })
    world.repo.reportCheck({ app: 'github-actions', headSha: pr.headSha, name: 'build' })
    expect(await priceOf(() => observed(pr))).toEqual({ calls: 1, points: 1 })
  })

  it('is six queries for 500 threads with 3,000 comments, and one more for each page of a long thread', async () => {
    const pr = await openPullRequest()
    const path = `work-${opened}.txt`
    world.repo.quietly(() => {
      const bob = world.repo.reader('bob')
      const comments = Array.from({ length: 500 }, (_each, n) => ({
        path,
        line: 1 + (n % 20),
        body: `Thread ${n}`,
      }))
      pr.reviews.submit(bob, { comments })
      const first = pr.reviews.comments
      const replies = first.flatMap(({ id }, n) =>
        Array.from({ length: 5 }, (_each, reply) => ({ inReplyTo: id, body: `Reply ${reply} to ${n}` })),
      )
      pr.reviews.submit(bob, { comments: replies })
    })
    let read: Observation | null = null
    const price = await priceOf(async () => {
      read = await observed(pr)
    })
    const { threads } = read as unknown as Observation
    expect(threads.completeness).toBe('complete')
    expect(threads.items).toHaveLength(500)
    expect(threads.items.every(({ comments }) => comments.completeness === 'complete')).toBe(true)
    expect(new Set(threads.items.flatMap(({ comments }) => comments.items.map(({ id }) => id))).size).toBe(
      3000,
    )
    expect(price).toEqual({ calls: 6, points: 6 })

    const inReplyTo = pr.reviews.comments[0]?.id ?? 0
    world.repo.quietly(() => {
      const comments = Array.from({ length: 200 }, (_each, n) => ({ inReplyTo, body: `More ${n}` }))
      pr.reviews.submit(world.repo.reader('bob'), { comments })
    })
    const longer = await priceOf(async () => {
      read = await observed(pr)
    })
    const long = (read as unknown as Observation).threads.items[0]
    expect(long?.comments).toMatchObject({ completeness: 'complete' })
    expect(long?.comments.items).toHaveLength(206)
    expect(longer).toEqual({ calls: 8, points: 8 })
  })

  it('stops at its budget, and says that there is more', async () => {
    const pr = await openPullRequest()
    world.repo.quietly(() => {
      const comments = Array.from({ length: 200 }, (_each, n) => ({
        path: `work-${opened}.txt`,
        line: 1,
        body: `Thread ${n}`,
      }))
      pr.reviews.submit(world.repo.reader('bob'), { comments })
    })
    const frugal = world.open({ observeLimits: { queries: 2 } })
    const price = await priceOf(async () => {
      const { threads, reviews } = await observed(pr, frugal)
      expect(threads.completeness).toBe('partial')
      expect(threads.items).toHaveLength(180)
      expect(reviews.completeness).toBe('complete')
    })
    expect(price.calls).toBe(2)
  })
})
