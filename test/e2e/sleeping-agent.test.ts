// An agent that sleeps for ever never holds a lane: commands and deliveries of its pull request go on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

/** What the design promises. */
const PROMISED_MS = 5000

beforeAll(async () => {
  world = await TestWorld.start()
})

afterAll(() => world?.close())

describe('an agent that sleeps for ever', () => {
  it('leaves status, the next delivery and stop within five seconds each', async () => {
    const pr = await world.openPullRequest({ branch: 'slow', files: { 'a.txt': 'x\n' } })
    await world.story.script(pr.number, [[{ do: 'meet', name: 'bed' }, { do: 'sleep' }]])
    await pr.comment('alice', '/belay run')
    const attempt = { pr: pr.number, attempt: 1 }
    await world.story.arrived(attempt, 'bed')
    await world.story.letGo(attempt, 'bed')

    await world.ended(await pr.comment('alice', '/belay status'), PROMISED_MS)

    const head = await world.repo.push({ by: 'alice', branch: 'slow', files: { 'a.txt': 'moved\n' } })
    await world.belay.eventually(async () => (await world.session(pr))?.remoteMoved?.sha === head, {
      what: 'the push of alice is noted while the agent sleeps',
      deadlineMs: PROMISED_MS,
    })
    expect((await world.session(pr))?.remoteMoved).toEqual({ sha: head, by: 'alice' })
    expect(await world.story.runningAgents()).toHaveLength(1)

    const stop = await pr.comment('alice', '/belay stop')
    await world.ended(stop, PROMISED_MS)
    await world.reacted(stop, 'rocket')
    await world.belay.eventually(async () => (await world.session(pr))?.state === 'stopped', {
      what: 'the session stops',
    })
    await world.belay.eventually(async () => (await world.story.runningAgents()).length === 0, {
      what: 'the agent is gone',
      deadlineMs: 15_000,
    })
  })
})
