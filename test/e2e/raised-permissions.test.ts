// A repository that asks for more than write: its file counts from the first command on, for comments and buttons.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

async function ask(permissions: string): Promise<void> {
  const text = `version: 1\npermissions: ${permissions}\n`
  await world.repo.push({ by: 'carol', branch: 'main', files: { '.github/belay.yml': text } })
}

describe('raised permissions', () => {
  it('keep a writer from pressing abort and let a maintainer, from the moment they are on the default branch', async () => {
    const { pr, decision } = await playUntilQuestion(world, 'guidance')
    const run = await world.belay.eventually(() => pr.checkRuns().find((one) => one.actions.length > 0), {
      what: 'the check run has buttons',
    })
    await ask('{ abort: maintain }')
    await pr.pressButton('alice', run.id, 'abort')
    const typed = await pr.comment('alice', `/abort ${decision.id}`)
    await world.reacted(typed, 'confused')
    await world.drain(pr)
    expect(await world.decisions(pr)).toMatchObject([{ id: decision.id, status: 'pending' }])
    expect(world.botComments(pr).some(({ body }) => body.includes('maintain'))).toBe(true)
    await pr.pressButton('carol', run.id, 'abort')
    await world.belay.eventually(async () => (await world.decisions(pr))[0]?.status === 'resolved', {
      what: 'the maintainer is heard',
    })
    expect(await world.decisions(pr)).toMatchObject([{ answer: 'abort', answeredBy: 'carol' }])
  })

  it('keep a writer from the very first run', async () => {
    await ask('{ run: maintain }')
    const pr = await world.openPullRequest({ branch: 'first', files: { 'first.txt': 'x\n' } })
    const command = await pr.comment('alice', '/belay run')
    await world.reacted(command, 'confused')
    await world.drain(pr)
    expect(await world.session(pr)).toBeUndefined()
  })
})
