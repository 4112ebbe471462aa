// The seed's review, B1: going on after a hard reset clears consensus, evaluator, restart counts and health anchors. Played
// with a phase whose reviewers had accepted the work right before the reset, so that all four have something to forget.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../src/domain/config/parse-repository-config.ts'
import type { Attempt, PhaseRun } from '../../src/domain/records.ts'
import { takeReport } from '../../src/workflows/handle-report.ts'
import { overseeAll } from '../../src/workflows/oversee.ts'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import { configure, WORK } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let pr: FakePullRequest

const STALL_MS = DEFAULT_CONFIG.overseer.stallMs
const ACK: Act = { do: 'verdict', verdict: 'ack', reasons: [] }

beforeAll(async () => {
  bench = await Workbench.start()
  await configure(
    bench,
    'agent: climber\nphases:\n  - name: implement\n    reviewers: [critic]\n    restarts: 1\n',
  )
  pr = await bench.openPullRequest('resumed')
})

afterAll(() => bench?.close())

async function attempts(): Promise<readonly Attempt[]> {
  return bench.store.list('attempts', { sessionId: (await bench.session(pr)).id })
}

async function proposals() {
  return bench.store.list('proposals', { sessionId: (await bench.session(pr)).id })
}

async function phase(): Promise<PhaseRun> {
  const [only] = await bench.store.list('phaseRuns', { pipelineId: (await bench.pipeline(pr)).id })
  if (only === undefined) throw new Error('There is a phase')
  return only
}

const criticReads = (attempt: number) =>
  bench.story.arrived({ pr: pr.number, attempt, reviewer: 'critic' }, 'read')

/** A first try that fails, a second one that is accepted while alice pushes the same line, and the reset. */
async function playUntilAcceptedAndReset(): Promise<void> {
  const { number } = pr
  const other: readonly Act[] = [
    { do: 'write', path: 'other.txt', text: 'other\n' },
    { do: 'commit', paths: ['other.txt'], message: 'Tie another' },
  ]
  await bench.story.script(number, [
    [{ do: 'exit', code: 1 }],
    WORK,
    [{ do: 'meet', name: 'third' }, ...other],
  ])
  const review: readonly Act[] = [{ do: 'meet', name: 'read' }, ACK]
  await bench.story.scriptReviewer({ pr: number, reviewer: 'critic' }, [review, review])
  await bench.say(pr, 'alice', '/belay run')
  await bench.finishAttempts()
  bench.clock.advance(RESTART_DELAY_MS)
  await bench.settle()
  await bench.watch.attemptsOver()
  await bench.settle()
  await criticReads(1)
  const files = { 'knot.txt': 'tied by alice\n' }
  await bench.repo.push({ by: 'alice', branch: 'resumed', files, message: 'Tie it better' })
  await bench.settle()
  await bench.story.letGo({ pr: number, attempt: 1, reviewer: 'critic' }, 'read')
  await bench.finishAttempts()
}

describe('B1: /continue after a reset at the end of a phase whose work was accepted', () => {
  it('has an acceptance, a restart, a round and a watch behind it', async () => {
    await playUntilAcceptedAndReset()
    expect(await bench.question(pr)).toMatchObject({
      kind: 'hard_reset_recovery',
      details: { moment: 'phase_end', isReset: true },
    })
    expect(await proposals()).toMatchObject([{ status: 'accepted', round: 1 }])
    expect(await phase()).toMatchObject({ status: 'failed', restarts: 1, rounds: 1 })
    expect(bench.failures()).toEqual([])
  })

  it('clears the consensus and the restart counts, and starts under an epoch that nothing before it has', async () => {
    const before = await bench.pipeline(pr)
    // Whoever measures the silence of the new agent from the old one's last sign of life raises an alert at once.
    bench.clock.advance(2 * STALL_MS)
    await bench.say(pr, 'alice', '/continue')
    await bench.story.arrived({ pr: pr.number, attempt: 3 }, 'third')
    expect(await proposals()).toMatchObject([{ status: 'stale' }])
    expect(await phase()).toMatchObject({
      status: 'running',
      restarts: 0,
      rounds: 0,
      failure: null,
      endedAt: null,
    })
    const after = await bench.pipeline(pr)
    expect(after).toMatchObject({ status: 'running', failure: null, endedAt: null })
    const all = await attempts()
    const older = all.slice(0, -1).map(({ runEpoch }) => runEpoch)
    expect(after.runEpoch).toBeGreaterThan(before.runEpoch)
    expect(all.at(-1)).toMatchObject({ role: 'producer', status: 'running', runEpoch: after.runEpoch })
    expect(Math.max(...older)).toBeLessThan(after.runEpoch)
    expect(await bench.story.prompt({ pr: pr.number, attempt: 3 })).toMatch(/^# Read this first/u)
  })

  it('resets the health anchors: an old heartbeat neither hides the silence of the new agent nor stands for it', async () => {
    const [old] = await attempts()
    const current = (await attempts()).at(-1)
    const { id: sessionId } = await bench.session(pr)
    const heartbeat = () =>
      takeReport(bench.deps, {
        kind: 'attempt_heartbeat',
        sessionId,
        attemptId: old?.id ?? '',
        runEpoch: old?.runEpoch ?? 0,
        activeAt: bench.clock.now(),
      })
    expect(await overseeAll(bench.deps)).toBe(0)
    await heartbeat()
    expect((await attempts()).at(-1)).toEqual(current)
    bench.clock.advance(STALL_MS + 1)
    await heartbeat()
    expect(await overseeAll(bench.deps)).toBe(1)
    await bench.settle()
    const alerts = await bench.store.list('alerts', { sessionId })
    expect(alerts).toMatchObject([{ code: 'overseer_stall', details: { attempt_id: current?.id } }])
  })

  it('takes no step for what was on its way before the answer: verdict, end of the attempt, acceptance', async () => {
    const [, accepted, review] = await attempts()
    const pipeline = await bench.pipeline(pr)
    const mark = bench.watch.orders.length
    const orders = () => bench.watch.ordersOf(pipeline.sessionId, mark)
    const verdict = JSON.stringify({ verdict: 'ack', reasons: [] })
    const runEpoch = review?.runEpoch ?? 0
    expect(review).toMatchObject({ role: 'reviewer', status: 'succeeded' })
    await bench.enqueue(pr, { kind: 'finish_review', attemptId: review?.id ?? '', verdict })
    await bench.enqueue(pr, { kind: 'conclude_phase', pipelineId: pipeline.id, runEpoch })
    await bench.enqueue(pr, {
      kind: 'finish_attempt',
      attemptId: accepted?.id ?? '',
      runEpoch: accepted?.runEpoch ?? 0,
    })
    await bench.settle()
    expect(orders()).toEqual([])
    expect(await bench.pipeline(pr)).toEqual(pipeline)
    expect(await proposals()).toMatchObject([{ status: 'stale' }])
  })

  it('pushes nothing on the ground of the old acceptance: the reviewer looks at the new work first', async () => {
    const head = pr.headSha
    await bench.story.letGo({ pr: pr.number, attempt: 3 }, 'third')
    await bench.watch.attemptsOver()
    await bench.settle()
    await criticReads(2)
    expect(pr.headSha).toBe(head)
    expect(await proposals()).toMatchObject([{ status: 'stale' }, { status: 'open', round: 1 }])
    await bench.story.letGo({ pr: pr.number, attempt: 2, reviewer: 'critic' }, 'read')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(await proposals()).toMatchObject([{ status: 'stale' }, { status: 'accepted', commit: pr.headSha }])
    expect(bench.failures()).toEqual([])
  })
})
