// A divergence without a conflict: replayed, pushed, nobody asked, and the commits as they were are still kept.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRocketPullRequest, ROCKET_FILES } from '../support/conflict-story.ts'
import { plainGitLines } from '../support/losses/plain-git.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

describe('a divergence that does not conflict', () => {
  it('is rebased and pushed without a question, and nothing that was there is lost', async () => {
    const pr = await openRocketPullRequest(world, 'guidance')
    const command = await pr.comment('alice', '/belay run')
    const session = await world.sessionOf(pr)
    const first = { pr: pr.number, attempt: 1 }
    await world.story.arrived(first, 'worked')
    await world.repo.push({
      by: 'alice',
      branch: 'guidance',
      files: { 'fuel.txt': 'full\n' },
      message: 'Fill up',
    })
    await world.github.settled()
    await world.record('worked, and alice pushed elsewhere', session)
    await world.story.letGo(first, 'worked')
    await world.belay.eventually(
      async () => (await world.belay.database.table('pipelines')).at(-1)?.status === 'complete',
      { what: 'the pipeline completes' },
    )
    await world.reacted(command, 'rocket')
    expect(await world.decisions(pr)).toEqual([])
    const log = await plainGitLines(world.repo.git.path, ['log', '--format=%s', 'refs/heads/guidance'])
    expect(log.slice(1)).toEqual([
      'Add a star chart',
      'Steer by the stars',
      'Fill up',
      'Start guidance',
      'Initial commit',
    ])
    const cases = (await world.belay.database.table('syncOperations')).map((operation) => operation.case)
    expect(cases).toContain('divergence_rebased')
    expect(await world.judge(session)).toMatchObject({ isGood: true, lost: [] })
  })
})
