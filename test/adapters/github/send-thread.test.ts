import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { threadTarget, type Effect } from '../../../src/domain/effects.ts'
import type { SendOutcome } from '../../../src/ports/github.ts'
import type { ReviewComment } from '../../support/fake-github/reviews.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

const GRAPHQL = 'POST /graphql'

let world: GitHubWorld
let first: ReviewComment
let calls: number

beforeAll(async () => {
  world = await startGitHubWorld()
})

beforeEach(async () => {
  first = await world.pr.reviewComment('alice', { path: 'a.txt', line: 1, body: 'Why?' })
  calls = world.fake.countCalls({ route: GRAPHQL })
})

afterAll(() => world?.stop())

describe('send, for a reply in a thread', () => {
  it('writes it with a hidden last line, in one call', async () => {
    const outcome = await reply('Because.')
    expect(outcome).toEqual({ kind: 'sent', remoteId: first.thread.comments[1]?.nodeId })
    expect(first.thread.comments).toHaveLength(2)
    expect(first.thread.comments[1]).toMatchObject({ author: 'belay[bot]', inReplyTo: first.id })
    expect(first.thread.comments[1]?.body).toMatch(/^Because\.\n\n<!-- belay:thread:\S+ [\w-]{22} -->$/u)
    expect(world.fake.countCalls({ route: GRAPHQL }) - calls).toBe(1)
  })

  it('ends with exactly one reply when the answer is lost and the process dies', async () => {
    world.fake.faults.cutConnection({ route: GRAPHQL, times: 1, when: 'after_effect' })
    expect((await reply('Because.')).kind).toBe('try_later')
    expect(first.thread.comments).toHaveLength(2)
    const again = await reply('Because.', { mayExist: true, from: world.open() })
    expect(again).toEqual({ kind: 'sent', remoteId: first.thread.comments[1]?.nodeId })
    expect(first.thread.comments).toHaveLength(2)
  })

  it('writes it when the connection broke before anything was done', async () => {
    world.fake.faults.cutConnection({ route: GRAPHQL, times: 1, when: 'before_response' })
    expect((await reply('Because.')).kind).toBe('try_later')
    expect((await reply('Because.', { mayExist: true })).kind).toBe('sent')
    expect(first.thread.comments).toHaveLength(2)
  })

  it('finds it behind a hundred newer comments', async () => {
    await reply('Because.')
    const account = world.fake.world.people.list().find(({ login }) => login === 'alice')
    if (account === undefined) throw new Error('There is no alice.')
    for (let no = 0; no < 120; no += 1)
      world.pr.reviews.comment(account, { inReplyTo: first.id, body: `number ${no}` })
    const before = world.fake.countCalls({ route: GRAPHQL })
    const again = await reply('Because.', { mayExist: true })
    expect(again).toEqual({ kind: 'sent', remoteId: first.thread.comments[1]?.nodeId })
    expect(first.thread.comments).toHaveLength(122)
    expect(world.fake.countCalls({ route: GRAPHQL }) - before).toBe(2)
  })

  it('adopts neither a marker that somebody else pasted, nor a forged one, nor another reply', async () => {
    await reply('Because.', { replyId: 'at_1:other' })
    const body = first.thread.comments[1]?.body ?? ''
    await world.pr.reviewComment('alice', { inReplyTo: first.id, body: body.replace('other', 'one') })
    const forged = body.replace('other', 'one').replace(/ [\w-]{22} -->$/u, ` ${'A'.repeat(22)} -->`)
    world.pr.reviews.comment(world.fake.world.app.bot, { inReplyTo: first.id, body: forged })
    const outcome = await reply('Because.', { mayExist: true })
    expect(outcome).toEqual({ kind: 'sent', remoteId: first.thread.comments[4]?.nodeId })
  })

  it('is not written again once its id is stored', async () => {
    expect(await reply('Because.', { remoteId: 'PRRC_known' })).toEqual({
      kind: 'sent',
      remoteId: 'PRRC_known',
    })
    expect(first.thread.comments).toHaveLength(1)
  })

  it('is refused for good where the thread is gone, also when it may exist', async () => {
    await world.pr.deleteReviewComment('alice', first)
    for (const mayExist of [false, true])
      expect(await reply('Because.', { mayExist })).toMatchObject({ kind: 'refused', status: 404 })
  })

  it('is refused for good without the permission', async () => {
    world.fake.setPermissions('acme', { metadata: 'read', contents: 'write', pull_requests: 'read' })
    expect(await reply('Because.', { from: world.open() })).toMatchObject({ kind: 'refused', status: 403 })
    world.fake.setPermissions('acme', { metadata: 'read', contents: 'write', pull_requests: 'write' })
    expect((await reply('Because.', { from: world.open() })).kind).toBe('sent')
  })
})

describe('send, for resolving a thread', () => {
  it('resolves it once, however often it is sent', async () => {
    for (let no = 0; no < 2; no += 1) expect(await resolve()).toEqual({ kind: 'sent', remoteId: null })
    expect(first.thread).toMatchObject({ isResolved: true, resolvedBy: { login: 'belay[bot]' } })
  })

  it('is refused for good where the thread is gone, and tried later when the connection breaks', async () => {
    world.fake.faults.cutConnection({ route: GRAPHQL, times: 1, when: 'before_response' })
    expect((await resolve()).kind).toBe('try_later')
    await world.pr.deleteReviewComment('alice', first)
    expect(await resolve()).toMatchObject({ kind: 'refused', status: 404 })
  })
})

function place() {
  const threadId = first.thread.nodeId
  const { number: prNumber } = world.pr
  return { target: threadTarget(threadId), repository: world.target, prNumber, threadId }
}

function reply(
  body: string,
  over: {
    readonly replyId?: string
    readonly remoteId?: string
    readonly mayExist?: boolean
    readonly from?: GitHubWorld['github']
  } = {},
): Promise<SendOutcome> {
  const { replyId = 'at_1:one', remoteId = null, mayExist = false, from = world.github } = over
  const effect: Effect = { kind: 'thread_reply', ...place(), replyId, body }
  return from.send({ effect, remoteId, mayExist })
}

function resolve(): Promise<SendOutcome> {
  const effect: Effect = { kind: 'resolve_thread', ...place(), attemptId: 'at_1' }
  return world.github.send({ effect, remoteId: null, mayExist: false })
}
