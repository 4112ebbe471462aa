// The judge must see a loss when there is one: a build whose pins lie resets the worktree without having saved it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { plainGitLines } from '../support/losses/plain-git.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES, env: { BELAY_FAULT: 'skip_pin' } })
})

afterAll(() => world?.close())

describe('BELAY_FAULT=skip_pin', () => {
  it('loses work, and the judge names it, also as a process of its own', async () => {
    const { session } = await playUntilQuestion(world, 'guidance')
    const { worktree, sessionRepository } = world.places(session)
    const { isGood, lost } = await world.judge(session)
    expect(isGood).toBe(false)
    expect(lost.filter(({ kind }) => kind === 'commit').length).toBeGreaterThanOrEqual(2)
    const subjects = await Promise.all(
      lost
        .filter(({ kind }) => kind === 'commit')
        .map(({ oid }) => plainGitLines(sessionRepository, ['log', '-1', '--format=%s', oid])),
    )
    expect(subjects.flat()).toEqual(expect.arrayContaining(['Steer by the stars', 'Add a star chart']))
    expect(await plainGitLines(worktree, ['log', '-1', '--format=%s'])).toEqual(['Steer by radio beacon'])
    const apart = await world.judgeApart(session)
    expect(apart.isGood).toBe(false)
    expect(apart.text).toContain(
      `LOST commit ${lost.find(({ kind }) => kind === 'commit')?.oid.slice(0, 12)}`,
    )
  })
})
