// Commands where reviewers write: in the text of a review and in replies of a review thread.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { hasReaction, TestWorld } from '../support/test-world.ts'

let world: TestWorld
let scene: Awaited<ReturnType<typeof playUntilQuestion>>

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
  scene = await playUntilQuestion(world, 'guidance')
})

afterAll(() => world?.close())

const contents = (subject: { readonly reactions: readonly { readonly content: string }[] }) =>
  subject.reactions.map(({ content }) => content)

describe('commands in reviews', () => {
  it('works in the text of a review, and reacts there', async () => {
    const sticky = world.botComments(scene.pr)[0]
    const review = await scene.pr.review('alice', { body: 'Before I look at it:\n\n/belay status' })
    await world.reacted(review, 'rocket')
    expect(contents(review)).toEqual(['eyes', 'rocket'])
    expect(world.botComments(scene.pr)[0]).toBe(sticky)
    expect(await world.decisions(scene.pr)).toMatchObject([{ status: 'pending' }])
  })

  it('takes a review that approves and says nothing for nothing', async () => {
    const before = (await world.belay.database.table('commands')).length
    const review = await scene.pr.review('carol', { state: 'approved' })
    await world.drain(scene.pr)
    expect(contents(review)).toEqual([])
    // The one command is that of the drain itself.
    expect((await world.belay.database.table('commands')).length - before).toBe(1)
  })

  it('takes no consent from a reply or a review that was edited into an answer', async () => {
    const first = await scene.pr.reviewComment('carol', { path: 'src/guidance.txt', line: 1, body: 'Why?' })
    const reply = await scene.pr.reviewComment('alice', { inReplyTo: first.id, body: 'Let me think.' })
    const review = await scene.pr.review('alice', { body: 'Let me think longer.' })
    await world.github.settled()
    await scene.pr.editReviewComment(reply, '/continue')
    await scene.pr.editReview(review, '/continue')
    await world.ended(reply)
    await world.ended(review)
    await world.drain(scene.pr)
    expect([hasReaction(reply, 'confused'), hasReaction(review, 'confused')]).toEqual([true, true])
    expect(await world.decisions(scene.pr)).toMatchObject([{ status: 'pending', answer: null }])
  })

  it('takes a bare answer from a reply in a review thread, and reacts there', async () => {
    const first = await scene.pr.reviewComment('carol', {
      path: 'src/guidance.txt',
      line: 1,
      body: 'Stars or beacon?',
    })
    const reply = await scene.pr.reviewComment('alice', { inReplyTo: first.id, body: '/continue' })
    await world.reacted(reply, 'rocket')
    await world.story.arrived({ pr: scene.pr.number, attempt: 2 }, 'worked')
    await world.drain(scene.pr)
    expect(contents(reply)).toEqual(['eyes', 'rocket'])
    expect(contents(first)).toEqual([])
    expect(await world.decisions(scene.pr)).toMatchObject([
      {
        id: scene.decision.id,
        status: 'resolved',
        answer: 'continue',
        answeredBy: 'alice',
        answeredVia: 'bare_command',
      },
    ])
  })

  it('asked GitHub nothing that GitHub does not have, and no write was refused', async () => {
    await world.quiet()
    const effects = await world.belay.database.query(`SELECT state FROM effects WHERE state = 'dead'`)
    expect(effects).toEqual([])
    expect(world.github.unknownRoutes).toEqual([])
    // The repository has no configuration file: asked for more than once, and no reason to warn.
    const asked = world.github.calls.filter(
      ({ path, status }) => path.includes('/contents/') && status === 404,
    )
    expect(asked.length).toBeGreaterThan(0)
    expect(world.belay.log.named('octokit')).toEqual([])
  })
})
