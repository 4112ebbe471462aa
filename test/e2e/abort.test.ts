// The main job, answered with abort: everything stops and everything stays.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { plainGitLines } from '../support/losses/plain-git.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld
let scene: Awaited<ReturnType<typeof playUntilQuestion>>

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
  scene = await playUntilQuestion(world, 'guidance')
})

afterAll(() => world?.close())

describe('/abort', () => {
  it('cancels the pipeline, keeps worktree and pins, starts nothing and pushes nothing', async () => {
    const { mirror, origin, worktree } = world.places(scene.session)
    const before = await plainGitLines(origin, ['for-each-ref'])
    const pins = await plainGitLines(mirror, ['for-each-ref', 'refs/belay/backup'])
    expect(pins.length).toBeGreaterThanOrEqual(3)
    const answer = await scene.pr.comment('alice', '/abort')
    await world.reacted(answer, 'rocket')
    await world.belay.eventually(
      async () => (await world.belay.database.table('pipelines')).at(-1)?.status === 'cancelled',
      { what: 'the pipeline is cancelled' },
    )
    expect(await world.decisions(scene.pr)).toMatchObject([
      { status: 'resolved', answer: 'abort', answeredBy: 'alice', answeredVia: 'bare_command' },
    ])
    expect((await world.belay.database.table('phaseRuns')).map(({ status }) => status)).toEqual(['cancelled'])
    await world.drain(scene.pr)
    expect(await plainGitLines(origin, ['for-each-ref'])).toEqual(before)
    expect(await plainGitLines(mirror, ['for-each-ref', 'refs/belay/backup'])).toEqual(pins)
    expect(await plainGitLines(worktree, ['rev-parse', 'HEAD'])).toEqual([scene.decision.headSha])
    expect(await world.story.attemptCount(scene.pr.number)).toBe(1)
    expect(await world.judge(scene.session)).toMatchObject({ isGood: true })
  })

  it('is final: a later /continue is told so and changes nothing', async () => {
    const late = await scene.pr.comment('carol', `/continue ${scene.decision.id}`)
    await world.reacted(late, 'confused')
    expect(await world.decisions(scene.pr)).toMatchObject([
      { status: 'resolved', answer: 'abort', answeredBy: 'alice' },
    ])
    expect(await world.story.attemptCount(scene.pr.number)).toBe(1)
  })
})
