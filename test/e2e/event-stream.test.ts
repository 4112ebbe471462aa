// The event stream of the whole program: a session from its first row to its last, over a restart in the middle of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEvents } from '../support/event-client.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start()
})

afterAll(() => world?.close())

describe('GET /api/v1/events', () => {
  it('tells a session once and in order, does not hold a stop up, and goes on after a restart', async () => {
    const pr = await world.openPullRequest({ branch: 'told', files: { 'a.txt': 'x\n' } })
    await world.story.script(pr.number, [[{ do: 'meet', name: 'middle' }]])
    const port = Number(new URL(world.belay.url).port)
    const token = world.belay.apiToken
    const first = await openEvents(port, { token, query: '?after=0' })
    await pr.comment('alice', '/belay run')
    await world.story.arrived({ pr: pr.number, attempt: 1 }, 'middle')
    await world.belay.eventually(() => first.frames.some(({ event }) => event === 'phase.started'), {
      what: 'the start of the phase is told',
    })

    // Its agent ends with it, and so does the stream; a stop waits ten seconds for requests that do not end.
    const startedAt = performance.now()
    expect(await world.belay.stop()).toMatchObject({ code: 0 })
    await first.ended
    expect(performance.now() - startedAt).toBeLessThan(9_000)

    await world.belay.launch()
    const second = await openEvents(port, { token, headers: { 'last-event-id': first.lastEventId() } })
    await pr.comment('alice', '/belay stop')
    await world.belay.eventually(() => second.frames.some(({ event }) => event === 'pipeline.cancelled'), {
      what: 'the end of the pipeline is told',
    })
    const frames = [...first.frames, ...second.frames]
    const numbers = frames.map(({ data }) => Number(data['seq']))
    expect(numbers).toEqual(numbers.map((_, position) => position + 1))
    const types = frames.map(({ event }) => event)
    const milestones = [
      'pr_created',
      'session_created',
      'pipeline.started',
      'phase.started',
      'pipeline.cancelled',
    ]
    expect(milestones.map((type) => types.filter((other) => other === type).length)).toEqual([1, 1, 1, 1, 1])
    expect(milestones.map((type) => types.indexOf(type))).toEqual(
      milestones.map((type) => types.indexOf(type)).toSorted((a, b) => a - b),
    )
    expect(frames.every(({ data }) => Object(data['payload'])['v'] === 1)).toBe(true)
  })
})
