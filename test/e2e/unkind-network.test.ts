// Deliveries that come twice and connections that break after the write: still one of everything.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

describe('an unkind network', () => {
  it('leaves one session, one question and one answer', async () => {
    world.github.faults.duplicate({ times: 1000 })
    world.github.faults.cutConnection({
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      times: 2,
      when: 'after_effect',
    })
    world.github.faults.cutConnection({ route: /check-runs/, times: 2, when: 'after_effect' })
    const { pr, decision, command } = await playUntilQuestion(world, 'guidance')
    const commandDelivery = world.github.deliveries.find(({ event }) => event === 'issue_comment')
    await world.github.redeliver(commandDelivery?.id ?? 'no delivery')
    const answer = await pr.comment('alice', `/continue ${decision.id}`)
    await world.reacted(answer, 'rocket')
    await world.story.arrived({ pr: pr.number, attempt: 2 }, 'worked')
    await world.story.letGo({ pr: pr.number, attempt: 2 }, 'worked')
    await world.belay.eventually(
      async () => (await world.belay.database.table('pipelines')).at(-1)?.status === 'complete',
      { what: 'the pipeline completes' },
    )
    await world.quiet()

    const cuts = world.github.calls.filter(({ status, method }) => status === 0 && method === 'POST')
    expect(cuts.filter(({ route }) => route.endsWith('/comments'))).toHaveLength(2)
    expect(cuts.some(({ route }) => route.endsWith('/check-runs'))).toBe(true)
    expect(world.github.deliveries.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(10)
    expect(await world.belay.database.table('sessions')).toHaveLength(1)
    expect(await world.belay.database.table('pipelines')).toHaveLength(1)
    expect(await world.decisions(pr)).toHaveLength(1)
    expect(await world.story.attemptCount(pr.number)).toBe(2)
    // The sticky status and the question: nothing else was worth a comment, and nothing was posted twice.
    expect(world.botComments(pr)).toHaveLength(2)
    const runs = world.repo.checks
      .list()
      .map(({ headSha, externalId, status }) => `${headSha} ${externalId} ${status}`)
    expect(new Set(runs).size).toBe(runs.length)
    for (const comment of [command, answer]) {
      expect(comment.reactions.map(({ content }) => content).toSorted()).toEqual(['eyes', 'rocket'])
    }
  })
})
