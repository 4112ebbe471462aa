// Bare /continue and /abort belong to other bots too: they count only where they can mean us.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start()
})

afterAll(() => world?.close())

describe('bare commands', () => {
  it('are ignored in silence on a pull request without a session', async () => {
    const pr = await world.openPullRequest({ branch: 'quiet', files: { 'a.txt': 'x\n' } })
    const comments = [await pr.comment('alice', '/abort'), await pr.comment('alice', '/continue')]
    await world.drain(pr)
    expect(comments.flatMap(({ reactions }) => reactions)).toEqual([])
    expect(world.botComments(pr).filter(({ body }) => body.includes('/belay stop'))).toEqual([])
  })

  it('are answered once with the line to copy while a session works and nothing is asked', async () => {
    const pr = await world.openPullRequest({ branch: 'busy', files: { 'b.txt': 'x\n' } })
    await world.story.script(pr.number, [[{ do: 'sleep' }]])
    await pr.comment('alice', '/belay run')
    await world.belay.eventually(() => world.story.attemptCount(pr.number).then((count) => count === 1), {
      what: 'the agent works',
    })
    const before = world.botComments(pr).filter(({ body }) => body.includes('/belay stop')).length
    const first = await pr.comment('alice', '/abort')
    await world.ended(first)
    await world.ended(await pr.comment('alice', '/abort'))
    await world.drain(pr)
    const after = world.botComments(pr).filter(({ body }) => body.includes('/belay stop')).length
    expect(after - before).toBe(1)
    expect((await world.session(pr))?.state).toBe('live')
  })
})
