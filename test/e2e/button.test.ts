// An answer given by a button of the check run.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

describe('a check-run button', () => {
  it('answers the question it shows, once, even when it is pressed twice', async () => {
    const { pr, decision } = await playUntilQuestion(world, 'guidance')
    const run = await world.belay.eventually(() => pr.checkRuns().find((one) => one.actions.length > 0), {
      what: 'the check run has buttons',
    })
    await pr.pressButton('alice', run.id, 'continue')
    await pr.pressButton('carol', run.id, 'abort')
    await world.story.arrived({ pr: pr.number, attempt: 2 }, 'worked')
    await world.drain(pr)
    expect(await world.decisions(pr)).toMatchObject([
      { id: decision.id, status: 'resolved', answer: 'continue', answeredBy: 'alice', answeredVia: 'button' },
    ])
    expect(await world.story.attemptCount(pr.number)).toBe(2)
    expect((await world.belay.database.table('pipelines')).at(-1)?.status).toBe('running')
  })
})
