// The branch moves while a question is open: the question is withdrawn and asked anew for what is there now.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

describe('a push while the question is open', () => {
  it('withdraws the question, asks its successor in the same comment, and says so once', async () => {
    const { pr, decision, question, session } = await playUntilQuestion(world, 'guidance')
    const commentsBefore = world.botComments(pr).length
    const head = await world.repo.push({ by: 'carol', branch: 'guidance', files: { 'more.txt': 'x\n' } })
    await world.belay.eventually(async () => (await world.decisions(pr)).length === 2, {
      what: 'a successor is asked',
    })
    const [first, second] = await world.decisions(pr)
    expect(first).toMatchObject({
      id: decision.id,
      status: 'cancelled',
      cancelReason: 'superseded',
      successorId: second?.id,
    })
    expect(second).toMatchObject({ status: 'pending', headSha: head, kind: decision.kind })
    await world.belay.eventually(() => question.body.includes(`/continue ${second?.id}`), {
      what: 'the same comment asks the successor',
    })

    const stale = await pr.comment('alice', `/continue ${decision.id}`)
    await world.reacted(stale, 'confused')
    await world.belay.eventually(
      () =>
        world
          .botComments(pr)
          .some(({ body }) => body.includes(`/continue ${second?.id}`) && body !== question.body),
      {
        what: 'the reply has the line to copy',
      },
    )
    expect((await world.decisions(pr)).at(-1)?.status).toBe('pending')
    await world.repo.push({ by: 'carol', branch: 'guidance', files: { 'more.txt': 'y\n' } })
    await world.belay.eventually(async () => (await world.decisions(pr)).length === 3, {
      what: 'a third question is asked',
    })
    await world.drain(pr)
    const notices = world
      .botComments(pr)
      .slice(commentsBefore)
      .filter(({ body }) => body.startsWith('@alice The branch, its base or the repository moved'))
    expect(notices).toHaveLength(1)
    const third = (await world.decisions(pr)).at(-1)
    await pr.comment('alice', `/continue ${third?.id}`)
    await world.story.arrived({ pr: pr.number, attempt: 2 }, 'worked')
    expect(await world.story.prompt({ pr: pr.number, attempt: 2 })).toContain('Steer by the stars')
    expect(await world.judge(session)).toMatchObject({ isGood: true })
  })
})
