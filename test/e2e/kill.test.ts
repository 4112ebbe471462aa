// SIGKILL at the n-th durable step of the recovery, until the program is not killed any more: n = 1, 2, 3 … with
// BELAY_EVERY_KILL=1, otherwise every third. After each kill it is started again: one question, /continue finishes the
// job, nothing is lost.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../src/domain/records.ts'
import { playUntilConflict, ROCKET_FILES } from '../support/conflict-story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { TestWorld } from '../support/test-world.ts'

/** The transactions of a recovery that are no step of its plan. */
const NAMED_TRANSACTIONS = ['ask', 'announce', 'resolve', 'act'] as const
/** The agent's own commits, and what it left when it ended. */
const SET_ASIDE = ['Steer by the stars', 'Add a star chart', expect.stringMatching(/^Commit what /u)]
/** Far more than there are: a program that dies for ever is a failure, not a long test. */
const MOST_KILLS = 60

const TRIES_EVERY_KILL = process.env['BELAY_EVERY_KILL'] === '1'
/** Odd: the points before something and those after it take turns. */
const STRIDE = TRIES_EVERY_KILL ? 1 : 3

/** Two worlds share the points: one waits while the other works. */
const WORLD_COUNT = 2

let worlds: readonly TestWorld[] = []

beforeAll(async () => {
  worlds = await Promise.all(
    Array.from({ length: WORLD_COUNT }, () => TestWorld.prepare({ files: ROCKET_FILES })),
  )
})

afterAll(() => Promise.all(worlds.map((world) => world.close())))

/** Waits until something holds, starting the program again if it dies meanwhile; tells whether it died. */
async function outlive(world: TestWorld, condition: () => Promise<boolean>, what: string): Promise<boolean> {
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

async function isAsked(world: TestWorld, pr: FakePullRequest): Promise<boolean> {
  const open = (await world.decisions(pr)).find(({ status }) => status === 'pending')
  if (open === undefined || world.questionComment(pr, open.id) === undefined) return false
  return pr.checkRuns().some(({ externalId }) => externalId === open.id)
}

/** Plays the whole job with one planned death; tells whether it came. */
async function playWithKillAt(
  world: TestWorld,
  n: number,
): Promise<{ readonly wasKilled: boolean; readonly session: Session }> {
  await world.belay.launch({ BELAY_KILL_AT: String(n) })
  const { pr, session, first } = await playUntilConflict(world, `kill-${n}`)
  const second = { pr: pr.number, attempt: 2 }
  await world.story.letGo(first, 'worked')
  await world.story.letGo(second, 'worked')
  const diedAsking = await outlive(world, () => isAsked(world, pr), `the question of #${pr.number} stands`)
  const decisionId = await expectOneQuestion(world, pr)
  expect(await world.judge(session)).toMatchObject({ isGood: true, lost: [] })

  await pr.comment('alice', `/continue ${decisionId}`)
  const diedAnswering = await outlive(world, () => isComplete(world, session), `#${pr.number} completes`)
  expect(await world.decisions(pr)).toMatchObject([
    { id: decisionId, status: 'resolved', answer: 'continue' },
  ])
  expect(await world.story.attemptCount(pr.number)).toBe(2)
  expect(await world.judge(session)).toMatchObject({ isGood: true, lost: [] })
  return { wasKilled: diedAsking || diedAnswering, session }
}

async function isComplete(world: TestWorld, session: Session): Promise<boolean> {
  const pipelines = await world.belay.database.table('pipelines')
  return pipelines.some(({ sessionId, status }) => sessionId === session.id && status === 'complete')
}

async function expectOneQuestion(world: TestWorld, pr: FakePullRequest): Promise<string> {
  const { decision } = await world.openQuestion(pr)
  expect(await world.decisions(pr)).toHaveLength(1)
  // A half-done reset is no work of the agent: it must never be committed, nor listed as set aside.
  expect(decision.details.discarded.map(({ subject }) => subject)).toEqual(SET_ASIDE)
  expect(decision.details.pins.map(({ head }) => head)).toContain(decision.details.discarded.at(-1)?.sha)
  expect(world.botComments(pr).filter(({ body }) => body.includes(`/abort ${decision.id}`))).toHaveLength(1)
  const rows = (await world.belay.database.changeLog()).filter(({ prNumber }) => prNumber === pr.number)
  for (const type of ['phase.failed', 'pipeline.failed', 'decision.created']) {
    expect(rows.filter((row) => row.type === type)).toHaveLength(1)
  }
  return decision.id
}

/** Every point the journal of an undisturbed recovery names: around each step and around each named transaction. */
async function journalPoints(world: TestWorld, session: Session): Promise<readonly string[]> {
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
  it('loses nothing, asks once and resumes, wherever it dies', { timeout: 400_000 }, async () => {
    const diedAt = new Map<number, unknown>()
    const survived: { readonly n: number; readonly points: readonly string[] }[] = []
    let next = 1
    const climb = async (world: TestWorld): Promise<void> => {
      while (survived.length === 0) {
        const n = next
        next += STRIDE
        if (n > MOST_KILLS) throw new Error(`The program still died at point ${MOST_KILLS}.`)
        const { wasKilled, session } = await playWithKillAt(world, n)
        const point = world.belay.log.named('kill_point').findLast(({ fields }) => fields['n'] === n)
        if (wasKilled) diedAt.set(n, point?.fields['name'])
        else survived.push({ n, points: await journalPoints(world, session) })
        await world.belay.stop()
      }
    }
    await Promise.all(worlds.map(climb))
    const first = Math.min(...survived.map(({ n }) => n))
    const points = survived[0]?.points ?? ['nobody survived']
    const tried = Array.from({ length: Math.ceil((first - 1) / STRIDE) }, (_, at) => at * STRIDE + 1)
    const reached = tried.map((n) => diedAt.get(n))
    // A program that survives before the last point was never killed at some of them.
    expect(first).toBeGreaterThan(points.length)
    if (TRIES_EVERY_KILL) expect(reached).toEqual(expect.arrayContaining([...points]))
    else expect(points).toEqual(expect.arrayContaining(reached))
  })
})
