// SIGKILL of the real program while its reviewers are at work: the next start ends them, removes their worktrees, and has
// each review that was not given given once more, and only those.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../src/domain/records.ts'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { TestWorld } from '../support/test-world.ts'

const CONFIGURATION = `version: 1
agent: climber
phases:
  - name: implement
    reviewers: [critic, second]
    restarts: 2
`
const WORK: readonly Act[] = [
  { do: 'write', path: 'work.txt', text: 'work\n' },
  { do: 'commit', paths: ['work.txt'], message: 'Work' },
]
const ACK: readonly Act[] = [{ do: 'verdict', verdict: 'ack', reasons: [] }]
/** Nobody ever lets it go on. */
const READ_FOR_EVER: readonly Act[] = [{ do: 'meet', name: 'reading' }, ...ACK]

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: { '.github/belay.yml': CONFIGURATION } })
}, 60_000)

afterAll(() => world?.close())

async function play(branch: string, second: readonly (readonly Act[])[]): Promise<FakePullRequest> {
  const pr = await world.openPullRequest({ branch, files: { [`${branch}.txt`]: `${branch}\n` } })
  const { number } = pr
  await world.story.script(number, [WORK])
  await world.story.scriptReviewer({ pr: number, reviewer: 'critic' }, [READ_FOR_EVER, ACK])
  await world.story.scriptReviewer({ pr: number, reviewer: 'second' }, second)
  await pr.comment('alice', '/belay run')
  await world.story.arrived({ pr: number, attempt: 1, reviewer: 'critic' }, 'reading')
  return pr
}

/** Kills and starts again; returns who was at work and the worktrees they had, as the kill left them. */
async function killAndStart(
  session: Session,
): Promise<{ readonly pids: readonly number[]; readonly reviews: readonly string[] }> {
  await world.belay.kill()
  const pids = await world.story.runningAgents()
  const reviews = await reviewsOf(session)
  await world.belay.launch()
  return { pids, reviews }
}

function reviewsOf(session: Session): Promise<readonly string[]> {
  return readdir(join(world.places(session).sessionRepository, '..', 'reviews')).catch(() => [])
}

async function isComplete({ id }: Session): Promise<boolean> {
  const pipelines = await world.belay.database.table('pipelines')
  return pipelines.some(({ sessionId, status }) => sessionId === id && status === 'complete')
}

async function expectReviewedOnce(session: Session, pr: FakePullRequest): Promise<void> {
  const proposals = (await world.belay.database.table('proposals')).filter(
    ({ sessionId }) => sessionId === session.id,
  )
  expect(proposals).toMatchObject([{ status: 'accepted', round: 1, commit: pr.headSha }])
  const verdicts = (await world.belay.database.table('verdicts')).filter(
    ({ sessionId }) => sessionId === session.id,
  )
  expect(verdicts.map(({ reviewer, status }) => [reviewer, status])).toEqual([
    ['critic', 'ack'],
    ['second', 'ack'],
  ])
  expect(await world.story.attemptCount(pr.number)).toBe(1)
}

describe('a program that is killed while reviewers are at work', () => {
  it(
    'ends both, removes their worktrees, and has both reviews given once more',
    { timeout: 90_000 },
    async () => {
      const pr = await play('both', [READ_FOR_EVER, ACK])
      await world.story.arrived({ pr: pr.number, attempt: 1, reviewer: 'second' }, 'reading')
      const session = await world.sessionOf(pr)
      const before = pr.headSha
      const left = await killAndStart(session)
      expect(left.pids).toHaveLength(2)
      expect(left.reviews).toHaveLength(2)
      expect(pr.headSha).toBe(before)
      await world.belay.eventually(() => isComplete(session), {
        what: 'the pipeline completes',
        deadlineMs: 45_000,
      })
      expect(await world.story.runningAgents()).toEqual([])
      expect(await reviewsOf(session)).toEqual([])
      expect(await world.story.attemptCount(pr.number, 'critic')).toBe(2)
      expect(await world.story.attemptCount(pr.number, 'second')).toBe(2)
      await expectReviewedOnce(session, pr)
    },
  )

  it('asks nobody again who has spoken', { timeout: 90_000 }, async () => {
    const pr = await play('one', [ACK])
    const session = await world.sessionOf(pr)
    await world.belay.eventually(
      async () => {
        const verdicts = await world.belay.database.table('verdicts')
        return verdicts.some(({ sessionId, status }) => sessionId === session.id && status === 'ack')
      },
      { what: 'one of them has spoken' },
    )
    expect((await killAndStart(session)).pids).toHaveLength(1)
    await world.belay.eventually(() => isComplete(session), {
      what: 'the pipeline completes',
      deadlineMs: 45_000,
    })
    expect(await reviewsOf(session)).toEqual([])
    expect(await world.story.attemptCount(pr.number, 'critic')).toBe(2)
    expect(await world.story.attemptCount(pr.number, 'second')).toBe(1)
    await expectReviewedOnce(session, pr)
  })
})
