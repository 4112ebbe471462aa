// Answers that are not on offer, through REST: refused before anything is consumed, and noted.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld
let scene: Awaited<ReturnType<typeof playUntilQuestion>>

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
  scene = await playUntilQuestion(world, 'guidance')
})

afterAll(() => world?.close())

async function resolve(resolution: unknown, token = world.belay.apiToken) {
  const { pipelineId, id } = scene.decision
  const response = await fetch(`${world.belay.url}/api/v1/pipelines/${pipelineId}/decisions/${id}/resolve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ resolution }),
  })
  return { status: response.status, body: (await response.json()) as { readonly code?: string } }
}

describe('an answer that is not an option', () => {
  it('is refused with 422, leaves the question open, and raises the alert', async () => {
    expect(await resolve('banana')).toMatchObject({ status: 422, body: { code: 'DECISION_OPTION_INVALID' } })
    expect(await world.decisions(scene.pr)).toMatchObject([{ status: 'pending', answer: null }])
    expect(await world.belay.database.table('alerts')).toMatchObject([
      { code: 'hard_reset_recovery_unknown_resolution', pipelineId: scene.decision.pipelineId },
    ])
    expect(await world.story.attemptCount(scene.pr.number)).toBe(1)
  })

  it('needs a token like every other answer', async () => {
    expect((await resolve('abort', 'guessed')).status).toBe(401)
    expect(await world.decisions(scene.pr)).toMatchObject([{ status: 'pending' }])
  })

  it('does not spoil the right one, which counts once', async () => {
    expect((await resolve({ action: 'select', selected: 'Abort pipeline' })).status).toBe(200)
    await world.belay.eventually(
      async () => (await world.decisions(scene.pr)).at(-1)?.status === 'resolved',
      {
        what: 'the answer is taken',
      },
    )
    expect(await world.decisions(scene.pr)).toMatchObject([
      { answer: 'abort', answeredBy: 'demo', answeredVia: 'rest' },
    ])
    expect(await resolve('continue')).toMatchObject({
      status: 409,
      body: { code: 'DECISION_ALREADY_RESOLVED' },
    })
  })
})
