import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Effect } from '../../../src/domain/effects.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

const CREATE = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
const LIST = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
const EDIT = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}'

let world: GitHubWorld

beforeEach(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.stop())

describe('send, for a comment', () => {
  it('creates it with a hidden last line, without looking for an earlier one', async () => {
    const outcome = await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: false })
    expect(outcome).toEqual({ kind: 'sent', remoteId: String(world.pr.comments[0]?.id) })
    expect(world.pr.comments).toHaveLength(1)
    expect(world.pr.comments[0]).toMatchObject({ author: 'belay[bot]' })
    expect(world.pr.comments[0]?.body).toMatch(/^Hello\.\n\n<!-- belay:question:k3m9qx [\w-]{22} -->$/u)
    expect(world.fake.countCalls({ route: LIST })).toBe(0)
  })

  it('edits the one it made', async () => {
    const first = await world.github.send({ effect: comment('One.'), remoteId: null, mayExist: false })
    const id = first.kind === 'sent' ? first.remoteId : null
    const second = await world.github.send({ effect: comment('Two.'), remoteId: id, mayExist: false })
    expect(second).toEqual(first)
    expect(bodies()).toEqual([expect.stringMatching(/^Two\./u)])
  })

  it('ends with exactly one comment when the answer to the creation is lost and the process dies', async () => {
    world.fake.faults.cutConnection({ route: CREATE, times: 1, when: 'after_effect' })
    const lost = await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: false })
    expect(lost.kind).toBe('try_later')
    expect(world.pr.comments).toHaveLength(1)

    const again = await world.open().send({ effect: comment('Hello.'), remoteId: null, mayExist: true })
    expect(again).toEqual({ kind: 'sent', remoteId: String(world.pr.comments[0]?.id) })
    expect(world.pr.comments).toHaveLength(1)
    expect(world.fake.countCalls({ route: EDIT })).toBe(0)
  })

  it('brings an adopted comment up to date', async () => {
    await world.github.send({ effect: comment('Old.'), remoteId: null, mayExist: false })
    await world.open().send({ effect: comment('New.'), remoteId: null, mayExist: true })
    expect(bodies()).toEqual([expect.stringMatching(/^New\./u)])
  })

  it('creates it when the connection broke before anything was done', async () => {
    world.fake.faults.cutConnection({ route: CREATE, times: 1, when: 'before_response' })
    expect(
      (await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: false })).kind,
    ).toBe('try_later')
    expect(world.pr.comments).toHaveLength(0)
    expect(
      (await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: true })).kind,
    ).toBe('sent')
    expect(world.pr.comments).toHaveLength(1)
  })

  it('does not adopt a marker that somebody else pasted, nor one with a wrong tag', async () => {
    await world.github.send({ effect: comment('Ours.'), remoteId: null, mayExist: false })
    const ours = world.pr.comments[0]
    const body = ours?.body ?? ''
    await world.pr.deleteComment('alice', ours?.id ?? 0)
    await world.pr.comment('alice', body)
    const forged = body.replace(/ [\w-]{22} -->$/u, ` ${'A'.repeat(22)} -->`)
    world.pr.addComment(world.fake.world.app.bot, forged)

    const outcome = await world.github.send({ effect: comment('Ours.'), remoteId: null, mayExist: true })
    expect(outcome.kind).toBe('sent')
    expect(world.pr.comments.map(({ author }) => author)).toEqual(['alice', 'belay[bot]', 'belay[bot]'])
    expect(world.pr.comments[0]?.body).toBe(body)
    expect(world.pr.comments[1]?.body).toBe(forged)
  })

  it('does not adopt the comment of another target', async () => {
    await world.github.send({ effect: comment('A.', 'question:aaaaaa'), remoteId: null, mayExist: false })
    await world.github.send({ effect: comment('B.', 'question:bbbbbb'), remoteId: null, mayExist: true })
    expect(bodies()).toEqual([expect.stringMatching(/^A\./u), expect.stringMatching(/^B\./u)])
  })

  it('adopts the oldest when there are two', async () => {
    for (const body of ['One.', 'Two.']) {
      await world.github.send({ effect: comment(body), remoteId: null, mayExist: false })
    }
    const outcome = await world.github.send({ effect: comment('Three.'), remoteId: null, mayExist: true })
    expect(outcome).toEqual({ kind: 'sent', remoteId: String(world.pr.comments[0]?.id) })
    expect(bodies()).toEqual([expect.stringMatching(/^Three\./u), expect.stringMatching(/^Two\./u)])
  })

  it('finds it on the second page', async () => {
    for (let count = 0; count < 120; count += 1) await world.pr.comment('alice', `number ${count}`)
    await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: false })
    const before = world.fake.countCalls({ route: LIST })
    await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: true })
    expect(world.pr.comments).toHaveLength(121)
    expect(world.fake.countCalls({ route: LIST }) - before).toBe(2)
  })

  it('creates it once more when a person deleted it', async () => {
    const first = await world.github.send({ effect: comment('One.'), remoteId: null, mayExist: false })
    const id = first.kind === 'sent' ? first.remoteId : null
    await world.pr.deleteComment('alice', Number(id))
    const second = await world.github.send({ effect: comment('Two.'), remoteId: id, mayExist: false })
    expect(second.kind).toBe('sent')
    expect(second).not.toEqual(first)
    expect(bodies()).toEqual([expect.stringMatching(/^Two\./u)])
  })

  it('writes a deleted comment once more only once, also when the process dies before the new id is stored', async () => {
    const first = await world.github.send({ effect: comment('One.'), remoteId: null, mayExist: false })
    const id = first.kind === 'sent' ? first.remoteId : null
    await world.pr.deleteComment('alice', Number(id))
    world.fake.faults.cutConnection({ route: CREATE, times: 1, when: 'after_effect' })
    const lost = await world.github.send({ effect: comment('Two.'), remoteId: id, mayExist: false })
    expect(lost.kind).toBe('try_later')
    expect(world.pr.comments).toHaveLength(1)

    const again = await world.open().send({ effect: comment('Two.'), remoteId: id, mayExist: true })
    expect(again).toEqual({ kind: 'sent', remoteId: String(world.pr.comments[0]?.id) })
    const newer = await world.open().send({ effect: comment('Three.'), remoteId: id, mayExist: false })
    expect(newer).toEqual(again)
    expect(bodies()).toEqual([expect.stringMatching(/^Three\./u)])
  })

  it('adopts the twin of a deleted comment instead of writing a third', async () => {
    for (const body of ['One.', 'Two.']) {
      await world.github.send({ effect: comment(body), remoteId: null, mayExist: false })
    }
    const [deleted, twin] = world.pr.comments
    await world.pr.deleteComment('alice', deleted?.id ?? 0)
    const remoteId = String(deleted?.id)
    const outcome = await world.github.send({ effect: comment('Three.'), remoteId, mayExist: false })
    expect(outcome).toEqual({ kind: 'sent', remoteId: String(twin?.id) })
    expect(bodies()).toEqual([expect.stringMatching(/^Three\./u)])
  })

  it('is refused for good where there is no such issue, and without the permission', async () => {
    const nowhere = { ...comment('Hello.'), issueNumber: 999 }
    expect(await world.github.send({ effect: nowhere, remoteId: null, mayExist: false })).toMatchObject({
      kind: 'refused',
      status: 404,
    })
    world.fake.setPermissions('acme', { metadata: 'read', contents: 'write' })
    const refused = await world.github.send({ effect: comment('Hello.'), remoteId: null, mayExist: false })
    expect(refused).toMatchObject({ kind: 'refused', status: 403 })
    expect(world.pr.comments).toEqual([])
  })

  it('fits whatever it carries into a comment', async () => {
    const outcome = await world.github.send({
      effect: comment('x'.repeat(100_000)),
      remoteId: null,
      mayExist: false,
    })
    expect(outcome.kind).toBe('sent')
    expect((await world.open().send({ effect: comment('short'), remoteId: null, mayExist: true })).kind).toBe(
      'sent',
    )
    expect(bodies()).toEqual([expect.stringMatching(/^short/u)])
  })
})

function comment(body: string, target = 'question:k3m9qx'): Extract<Effect, { kind: 'comment' }> {
  return { kind: 'comment', target, repository: world.target, issueNumber: world.pr.number, body }
}

function bodies(): readonly string[] {
  return world.pr.comments.map(({ body }) => body)
}
