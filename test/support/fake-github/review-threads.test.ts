// Review threads: what people do to them, what GraphQL shows of it, which webhooks say so, and the mutations of an App.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { createRocket, createToken, graphqlWith, startFakeGitHub } from './start-fake-github.ts'
import type { GraphqlReply, StartedFake } from './start-fake-github.ts'
import { truthOf } from './truth.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let ask: ReturnType<typeof graphqlWith>
let seen = 0

const lines = (from: number, to: number, mark = ''): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}${mark}\n`).join('')

beforeAll(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  ask = graphqlWith(fake, await createToken(fake, 'acme'))
})

afterAll(() => fake.stop())

// Every case has a pull request of its own, in one world.
beforeEach(async ({ task }) => {
  const branch = task.id.replaceAll(/\W/g, '-')
  await repo.push({ by: 'alice', branch, files: { 'a.txt': lines(1, 20), 'b.txt': lines(1, 3) } })
  pr = await repo.openPullRequest({ by: 'alice', head: branch })
  seen = fake.github.deliveries.length
})

function events(): string[] {
  return fake.github.deliveries.slice(seen).map(({ event, action }) => `${event}.${action ?? ''}`)
}

const threadFields = `id path line startLine originalLine isResolved isOutdated subjectType diffSide
  resolvedBy { login } comments(first: 50) { totalCount nodes {
    id databaseId body author { login } replyTo { databaseId } outdated isMinimized minimizedReason } }`

async function readThreads(): Promise<unknown> {
  const query = `query ($number: Int!) { repository(owner: "acme", name: "rocket") { pullRequest(number: $number) {
    reviewThreads(first: 100) { nodes { ${threadFields} } } } } }`
  const { data, errors } = await ask(query, { number: pr.number })
  expect(errors).toEqual([])
  return at(data, 'repository', 'pullRequest', 'reviewThreads', 'nodes')
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value)
}

describe('review threads', () => {
  it('come from reviews with comments, from single comments and from replies', async () => {
    const review = await pr.review('carol', {
      state: 'changes_requested',
      body: 'Two things.',
      comments: [
        { path: 'a.txt', line: 5, startLine: 3, body: 'Here' },
        { path: 'b.txt', body: 'The whole file' },
      ],
    })
    const single = await pr.reviewComment('bob', { path: 'a.txt', line: 9, body: 'And here' })
    const reply = await pr.reviewComment('alice', { inReplyTo: single.id, body: 'Yes' })
    const again = await pr.reviewComment('bob', { inReplyTo: reply.id, body: 'Good' })
    const started = { isResolved: false, isOutdated: false, resolvedBy: null, diffSide: 'RIGHT' }
    expect(await readThreads()).toMatchObject([
      { ...started, path: 'a.txt', line: 5, startLine: 3, comments: { nodes: [{ body: 'Here' }] } },
      { ...started, path: 'b.txt', line: null, subjectType: 'FILE' },
      {
        ...started,
        line: 9,
        comments: {
          totalCount: 3,
          nodes: [{ replyTo: null }, { replyTo: { databaseId: single.id } }, { databaseId: again.id }],
        },
      },
    ])
    expect(pr.reviews.comments.filter(({ reviewId }) => reviewId === review.id)).toHaveLength(2)
    const created = events().filter((name) => name === 'pull_request_review_comment.created')
    expect([created.length, events().length]).toEqual([5, 9])
  })

  it('are resolved and opened again, told by webhooks, without moving the time of the pull request', async () => {
    const { thread } = await pr.reviewComment('carol', { path: 'a.txt', line: 1, body: 'Why?' })
    const { updatedAt } = pr
    seen = fake.github.deliveries.length
    fake.github.clock.advance(60_000)
    await pr.resolve('alice', thread)
    expect(await readThreads()).toMatchObject([{ isResolved: true, resolvedBy: { login: 'alice' } }])
    await pr.resolve('alice', thread)
    await pr.unresolve('carol', thread)
    expect(await readThreads()).toMatchObject([{ isResolved: false, resolvedBy: null }])
    expect(events()).toEqual(['pull_request_review_thread.resolved', 'pull_request_review_thread.unresolved'])
    expect(fake.github.deliveries.at(-1)?.payload).toMatchObject({
      thread: { node_id: thread.nodeId, comments: [{ body: 'Why?' }] },
      pull_request: { number: pr.number },
      sender: { login: 'carol' },
    })
    expect(pr.updatedAt).toBe(updatedAt)
    await expect(pr.resolve('bob', thread)).rejects.toThrow('may not write')
  })

  it('become outdated by a push that changes their line, and move along with others', async () => {
    for (const line of [2, 10, 18]) await pr.reviewComment('carol', { path: 'a.txt', line, body: `${line}` })
    await pr.reviewComment('carol', { path: 'b.txt', line: 1, body: 'gone soon' })
    const changed = `new first\n${lines(1, 9)}${lines(10, 10, ' changed')}${lines(11, 20)}`
    await repo.push({ by: 'alice', branch: pr.headBranch, files: { 'a.txt': changed, 'b.txt': null } })
    expect(await readThreads()).toMatchObject([
      { originalLine: 2, line: 3, isOutdated: false },
      { originalLine: 10, line: null, isOutdated: true, comments: { nodes: [{ outdated: true }] } },
      { originalLine: 18, line: 19, isOutdated: false },
      { path: 'b.txt', line: null, isOutdated: true },
    ])
  })

  it('lose comments that are deleted, and disappear with the last', async () => {
    const first = await pr.reviewComment('carol', { path: 'a.txt', line: 1, body: 'one' })
    const reply = await pr.reviewComment('alice', { inReplyTo: first.id, body: 'two' })
    await pr.deleteReviewComment('carol', first)
    expect(await readThreads()).toMatchObject([{ comments: { nodes: [{ body: 'two', replyTo: null }] } }])
    await pr.deleteReviewComment('alice', reply)
    expect(await readThreads()).toEqual([])
    expect(
      (await ask('query ($id: ID!) { node(id: $id) { id } }', { id: first.thread.nodeId })).errors,
    ).toMatchObject([{ type: 'NOT_FOUND', path: ['node'] }])
    expect(events().slice(-2)).toEqual(Array(2).fill('pull_request_review_comment.deleted'))
  })

  it('stay hidden while their review is pending', async () => {
    const pending = await pr.startReview('carol', [{ path: 'a.txt', line: 1, body: 'Draft' }])
    expect([await readThreads(), events(), (await truthOf(pr)).threads]).toEqual([[], [], []])
    const between = await pr.reviewComment('bob', { path: 'a.txt', line: 2, body: 'Meanwhile' })
    const review = await pr.submitReview(pending, { state: 'approved', body: 'Fine.' })
    expect(review.state).toBe('approved')
    const bodies = (await truthOf(pr)).threads.map(({ comments }) => comments[0]?.body)
    expect([bodies, pr.reviews.findComment(between.id)?.body]).toEqual([['Meanwhile', 'Draft'], 'Meanwhile'])
    expect(await readThreads()).toHaveLength(2)
  })

  it('hide and show comments, and name nobody for a deleted account', async () => {
    const comment = await pr.reviewComment('bob', { path: 'a.txt', line: 1, body: 'Spam' })
    await pr.minimize('alice', comment, 'OFF_TOPIC')
    expect(await readThreads()).toMatchObject([
      {
        comments: { nodes: [{ isMinimized: true, minimizedReason: 'off-topic', author: { login: 'bob' } }] },
      },
    ])
    await pr.unminimize('alice', comment)
    repo.setRole('ghosted', 'write')
    await pr.reviewComment('ghosted', { path: 'a.txt', line: 2, body: 'Bye' })
    fake.github.world.people.remove('ghosted')
    expect(await readThreads()).toMatchObject([
      { comments: { nodes: [{ isMinimized: false, minimizedReason: null }] } },
      { comments: { nodes: [{ author: null, body: 'Bye' }] } },
    ])
  })

  it('show reviews as they were given, dismissed and decided', async () => {
    const query = `query ($number: Int!) { repository(owner: "acme", name: "rocket") { pullRequest(number: $number) {
      reviewDecision
      reviews(first: 10) { nodes { state body author { login } } }
      latestOpinionatedReviews(first: 10) { nodes { state } } } } }`
    const read = async (): Promise<unknown> =>
      at((await ask(query, { number: pr.number })).data, 'repository', 'pullRequest')
    expect(await read()).toMatchObject({ reviewDecision: null })
    const refusal = await pr.review('carol', { state: 'changes_requested', body: 'No.' })
    await pr.review('bob', { state: 'approved' })
    await pr.review('carol', { body: 'Thinking.' })
    expect(await read()).toMatchObject({ reviewDecision: 'CHANGES_REQUESTED' })
    await pr.dismissReview('carol', refusal)
    await pr.review('carol', { state: 'approved' })
    expect(await read()).toEqual({
      reviewDecision: 'APPROVED',
      reviews: {
        nodes: [
          { state: 'DISMISSED', body: 'No.', author: { login: 'carol' } },
          { state: 'APPROVED', body: '', author: { login: 'bob' } },
          { state: 'COMMENTED', body: 'Thinking.', author: { login: 'carol' } },
          { state: 'APPROVED', body: '', author: { login: 'carol' } },
        ],
      },
      latestOpinionatedReviews: { nodes: [{ state: 'APPROVED' }, { state: 'APPROVED' }] },
    })
    expect(events()).toContain('pull_request_review.dismissed')
  })
})

describe('mutations of threads and comments', () => {
  const mutate = (verb: string, input: string, answer: string): string =>
    `mutation ($id: ID!) { ${verb}(input: { ${input} }) { ${answer} } }`
  const resolve = mutate('resolveReviewThread', 'threadId: $id', 'thread { isResolved resolvedBy { login } }')

  async function narrow(permissions: Record<string, string>): Promise<ReturnType<typeof graphqlWith>> {
    return graphqlWith(fake, await createToken(fake, 'acme', { permissions }))
  }

  function refusal({ data, errors }: GraphqlReply): unknown {
    return [data, errors.map(({ type, message, path }) => ({ type, message, path }))]
  }

  it('reply, resolve and open again in the name of the App', async () => {
    const { thread } = await pr.reviewComment('carol', { path: 'a.txt', line: 1, body: 'Why?' })
    seen = fake.github.deliveries.length
    const input = 'pullRequestReviewThreadId: $id, body: "Because.", clientMutationId: "one"'
    const answer =
      'clientMutationId comment { body replyTo { body } author { login } pullRequestReview { state } }'
    const reply = mutate('addPullRequestReviewThreadReply', input, answer)
    expect((await ask(reply, { id: thread.nodeId })).data).toEqual({
      addPullRequestReviewThreadReply: {
        clientMutationId: 'one',
        comment: {
          body: 'Because.',
          replyTo: { body: 'Why?' },
          author: { login: 'belay' },
          pullRequestReview: { state: 'COMMENTED' },
        },
      },
    })
    expect((await ask(resolve, { id: thread.nodeId })).data).toMatchObject({
      resolveReviewThread: { thread: { isResolved: true } },
    })
    const open = mutate('unresolveReviewThread', 'threadId: $id', 'thread { isResolved }')
    expect((await ask(open, { id: thread.nodeId })).data).toEqual({
      unresolveReviewThread: { thread: { isResolved: false } },
    })
    expect(events()).toEqual([
      'pull_request_review.submitted',
      'pull_request_review_comment.created',
      'pull_request_review_thread.resolved',
      'pull_request_review_thread.unresolved',
    ])
  })

  it('ask for contents: write to resolve, and for pull_requests: write to reply', async () => {
    const { thread } = await pr.reviewComment('carol', { path: 'a.txt', line: 1, body: 'Why?' })
    const message = 'Resource not accessible by integration'
    const reviewer = await narrow({ pull_requests: 'write', contents: 'read' })
    expect(refusal(await reviewer(resolve, { id: thread.nodeId }))).toEqual([
      { resolveReviewThread: null },
      [{ type: 'FORBIDDEN', message, path: ['resolveReviewThread'] }],
    ])
    const input = 'pullRequestReviewThreadId: $id, body: "No."'
    const reply = mutate('addPullRequestReviewThreadReply', input, 'clientMutationId')
    const pusher = await narrow({ contents: 'write', pull_requests: 'read' })
    expect(refusal(await pusher(reply, { id: thread.nodeId }))).toMatchObject([
      { addPullRequestReviewThreadReply: null },
      [{ type: 'FORBIDDEN' }],
    ])
    expect([thread.isResolved, thread.comments.length]).toEqual([false, 1])
    expect(refusal(await ask(resolve, { id: 'PRRT_nothing' }))).toMatchObject([
      { resolveReviewThread: null },
      [{ type: 'NOT_FOUND', message: expect.stringContaining("global id of 'PRRT_nothing'") }],
    ])
  })

  it('hide comments and reviews, and show them again', async () => {
    const comment = await pr.comment('bob', 'Old news')
    const review = await pr.review('bob', { body: 'Older news' })
    const answer = 'minimizedComment { isMinimized minimizedReason }'
    const hide = mutate('minimizeComment', 'subjectId: $id, classifier: OUTDATED', answer)
    for (const { nodeId } of [comment, review]) {
      expect((await ask(hide, { id: nodeId })).data).toEqual({
        minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } },
      })
    }
    const show = mutate('unminimizeComment', 'subjectId: $id', 'unminimizedComment { isMinimized }')
    await ask(show, { id: comment.nodeId })
    expect([comment.isMinimized, review.isMinimized]).toEqual([false, true])
    expect(refusal(await ask(hide, { id: pr.nodeId }))).toMatchObject([
      { minimizeComment: null },
      [{ type: 'NOT_FOUND' }],
    ])
  })
})
