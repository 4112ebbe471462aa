// SIGKILL at the n-th durable step of the recovery, n = 1, 2, 3 … until the program is not killed any more.
// After each kill it is started again: one question, /continue finishes the job, nothing is lost.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../src/domain/records.ts'
import { playUntilConflict, ROCKET_FILES } from '../support/conflict-story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

/** The transactions of a recovery that are no step of its plan. */
const NAMED_TRANSACTIONS = ['ask', 'announce', 'resolve', 'act'] as const
/** Far more than there are: a program that dies for ever is a failure, not a long test. */
const MOST_KILLS = 60

beforeAll(async () => {
  world = await TestWorld.prepare({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

/** Waits until something holds, starting the program again if it dies meanwhile; tells whether it died. */
async function outlive(condition: () => Promise<boolean>, what: string): Promise<boolean> {
  const { belay } = world
  const end = await belay.eventually(
    async () => {
      if (!belay.isRunning) return 'died'
      return (await condition()) && 'held'
    },
    { what: `${what}, or the program dies`, deadlineMs: 30_000 },
  )
  if (end === 'held' && belay.isRunning) return false
  expect(await belay.exited(1000)).toMatchObject({ signal: 'SIGKILL' })
  await belay.launch()
  await belay.eventually(condition, { what, deadlineMs: 30_000 })
  return true
}

async function isAsked(pr: FakePullRequest): Promise<boolean> {
  const open = (await world.decisions(pr)).find(({ status }) => status === 'pending')
  if (open === undefined || world.questionComment(pr, open.id) === undefined) return false
  return pr.checkRuns().some(({ externalId }) => externalId === open.id)
}

/** Plays the whole job with one planned death; tells whether it came. */
async function playWithKillAt(
  n: number,
): Promise<{ readonly wasKilled: boolean; readonly session: Session }> {
  await world.belay.launch({ BELAY_KILL_AT: String(n) })
  const { pr, session, first } = await playUntilConflict(world, `kill-${n}`)
  const second = { pr: pr.number, attempt: 2 }
  await world.story.letGo(first, 'worked')
  await world.story.letGo(second, 'worked')
  const diedAsking = await outlive(() => isAsked(pr), `the question of #${pr.number} stands`)
  const decisionId = await expectOneQuestion(pr)
  expect(await world.judge(session)).toMatchObject({ isGood: true, lost: [] })

  await pr.comment('alice', `/continue ${decisionId}`)
  const diedAnswering = await outlive(() => isComplete(session), `#${pr.number} completes`)
  expect(await world.decisions(pr)).toMatchObject([
    { id: decisionId, status: 'resolved', answer: 'continue' },
  ])
  expect(await world.story.attemptCount(pr.number)).toBe(2)
  expect(await world.judge(session)).toMatchObject({ isGood: true, lost: [] })
  return { wasKilled: diedAsking || diedAnswering, session }
}

async function isComplete(session: Session): Promise<boolean> {
  const pipelines = await world.belay.database.table('pipelines')
  return pipelines.some(({ sessionId, status }) => sessionId === session.id && status === 'complete')
}

async function expectOneQuestion(pr: FakePullRequest): Promise<string> {
  const { decision } = await world.openQuestion(pr)
  expect(await world.decisions(pr)).toHaveLength(1)
  expect(world.botComments(pr).filter(({ body }) => body.includes(`/abort ${decision.id}`))).toHaveLength(1)
  const rows = (await world.belay.database.changeLog()).filter(({ prNumber }) => prNumber === pr.number)
  for (const type of ['phase.failed', 'pipeline.failed', 'decision.created']) {
    expect(rows.filter((row) => row.type === type)).toHaveLength(1)
  }
  return decision.id
}

/** Every point the journal of an undisturbed recovery names: around each step and around each named transaction. */
async function journalPoints(session: Session): Promise<readonly string[]> {
  const operations = await world.belay.database.table('syncOperations')
  const recovery = operations.find(
    (one) => one.sessionId === session.id && one.case === 'divergence_recovered_via_reset',
  )
  const steps = await world.belay.database.table('syncSteps')
  const kinds = steps.filter(({ operationId }) => operationId === recovery?.id).map(({ kind }) => kind)
  expect(kinds).toEqual(
    expect.arrayContaining(['pin', 'verify_pin', 'push_pin', 'reset_tree', 'move_branch']),
  )
  return [...kinds, ...NAMED_TRANSACTIONS].flatMap((name) => [`before:${name}`, `after:${name}`])
}

describe('a recovery that is killed', () => {
  it('loses nothing, asks once and resumes, wherever it dies', { timeout: 280_000 }, async () => {
    const { log } = world.belay
    const deadAt: unknown[] = []
    for (let n = 1; n <= MOST_KILLS; n += 1) {
      const { wasKilled, session } = await playWithKillAt(n)
      if (!wasKilled) {
        expect(deadAt).toEqual(expect.arrayContaining([...(await journalPoints(session))]))
        expect(deadAt.length).toBe(n - 1)
        return
      }
      const point = log.named('kill_point').findLast(({ fields }) => fields['n'] === n)
      deadAt.push(point?.fields['name'])
      await world.belay.stop()
    }
    throw new Error(`The program still died at point ${MOST_KILLS}.`)
  })
})
