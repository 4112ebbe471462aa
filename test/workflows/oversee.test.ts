// The overseer from the timer to the alert: real database, real lanes, real jobs; only the clock is moved by hand. It asks
// neither GitHub nor the runner for anything, and here there is none.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createLanes } from '../../src/adapters/db/lane-store.ts'
import { toStatement } from '../../src/adapters/db/record-sql.ts'
import { createStore } from '../../src/adapters/db/store.ts'
import { createLaneWorker } from '../../src/adapters/queue/lane-worker.ts'
import { systemIds } from '../../src/adapters/system/surroundings.ts'
import { insert, update, type Change } from '../../src/domain/changes.ts'
import { DEFAULT_CONFIG } from '../../src/domain/config/parse-repository-config.ts'
import { toBranchName } from '../../src/domain/ids.ts'
import type { Overseer } from '../../src/domain/pipeline/records.ts'
import type { AlertCode, Attempt } from '../../src/domain/records.ts'
import type { Deps } from '../../src/workflows/deps.ts'
import { handleJob } from '../../src/workflows/handle-job.ts'
import { overseeAll } from '../../src/workflows/oversee.ts'
import { watchersOver, watchOpened } from '../../src/workflows/watch-phases.ts'
import { attempt, decision, phaseRun, pipeline, project, pullRequest, session } from '../adapters/db/rows.ts'
import { manualClock } from '../adapters/queue/surroundings.ts'
import { openTempDatabase } from '../support/temp-db.ts'
import { createCapturedLog } from '../support/workbench/captured-log.ts'

const MINUTE = 60_000
const START = 1_000_000
const PIPELINE = pipeline({ config: DEFAULT_CONFIG, runEpoch: 2 })
const PHASE = phaseRun({ id: `${PIPELINE.id}/implement` })

/** A session with a running pipeline that is watched, and one attempt that began at the start. */
const WATCHED: readonly Change[] = [
  insert('projects', project()),
  insert('pullRequests', pullRequest({ sessionId: session().id })),
  insert('sessions', session()),
  insert('pipelines', PIPELINE),
  insert('phaseRuns', PHASE),
  insert('attempts', working('at_first')),
  watchOpened({ pipeline: PIPELINE, phase: PHASE, runEpoch: 2 }, START),
]

function working(id: string, fields: Partial<Attempt> = {}): Attempt {
  return attempt({ id, phaseRunId: PHASE.id, runEpoch: 2, startedAt: START, activeAt: START, ...fields })
}

/** Refuses whatever is asked of a part that is not there. */
function absent(name: string): never {
  const get = (_target: object, key: string | symbol): never => {
    throw new Error(`${name}.${String(key)} was asked for`)
  }
  return new Proxy({}, { get }) as never
}

async function openBench() {
  const clock = manualClock(START)
  const log = createCapturedLog()
  const { database } = await openTempDatabase({ now: clock.now })
  const deps: Deps = {
    store: createStore(database),
    github: absent('github'),
    observer: absent('observer'),
    deliveries: absent('deliveries'),
    health: absent('health'),
    runner: absent('runner'),
    clock,
    ids: systemIds,
    log,
    settings: {
      runnerId: 'r',
      bootId: 'b',
      attemptLeaseMs: 1,
      restartDelayMs: 1,
      webUrl: 'https://git.test',
    },
  }
  const lanes = createLanes(database, () => 0.5)
  const owner = { runnerId: 'r', bootId: 'b' }
  const worker = createLaneWorker({ lanes, owner, handle: handleJob.bind(null, deps), clock, log })
  const commit = async (...changes: readonly Change[]): Promise<void> => {
    expect(await deps.store.commit(changes, null)).toEqual({ kind: 'committed' })
  }
  await commit(...WATCHED)
  return {
    clock,
    log,
    deps,
    database,
    commit,
    settle: async () => {
      while ((await worker.pump()) > 0);
    },
    /** What the timer does, and everything that follows; returns how many looks were asked for. */
    async look() {
      const asked = await overseeAll(deps)
      while ((await worker.pump()) > 0);
      return asked
    },
    alerts: async () => (await deps.store.list('alerts', {})).map(({ code }) => code),
    watch: (): Promise<Overseer | null> => deps.store.find('overseers', { id: `${PHASE.id}@2` }),
    logged: (type: string) =>
      database.reads.all<{ payload: string }>(sql`SELECT payload FROM change_log WHERE type = ${type}`),
    jobs: (kind: string) =>
      database.reads.all<{ state: string; attempts: number }>(
        sql`SELECT state, attempts FROM jobs WHERE kind = ${kind} ORDER BY id`,
      ),
  }
}

type Bench = Awaited<ReturnType<typeof openBench>>

const silence = (bench: Bench): void => bench.clock.advance(DEFAULT_CONFIG.overseer.stallMs + 1)

describe('the overseer', () => {
  it('raises a stall once, as row, event and in the status comment, and again for another attempt', async () => {
    const bench = await openBench()
    expect(await bench.look()).toBe(0)
    silence(bench)
    expect(await bench.look()).toBe(1)
    const stall: AlertCode = 'overseer_stall'
    expect(await bench.deps.store.list('alerts', {})).toMatchObject([
      {
        code: stall,
        sessionId: session().id,
        pipelineId: PIPELINE.id,
        details: { attempt_id: 'at_first', active_at: START },
      },
    ])
    const [event] = await bench.logged('alert.raised')
    expect(JSON.parse(event?.payload ?? '{}')).toMatchObject({ code: stall, attempt_id: 'at_first' })
    expect(await bench.jobs('refresh_status')).toEqual([{ state: 'done', attempts: 0 }])
    expect(await bench.watch()).toMatchObject({ raised: [{ anomaly: 'stall', about: 'at_first' }] })
    bench.clock.advance(60 * MINUTE)
    expect(await bench.look()).toBe(0)
    const { now } = bench.clock
    await bench.commit(
      update('attempts', { where: { id: 'at_first' }, set: { status: 'failed', endedAt: now() } }),
      insert('attempts', working('at_second', { startedAt: now(), activeAt: now() })),
    )
    expect(await bench.look()).toBe(0)
    silence(bench)
    expect(await bench.look()).toBe(1)
    expect(await bench.alerts()).toEqual([stall, stall])
  })

  it('raises nothing for an agent that showed life while the look waited in its lane', async () => {
    const bench = await openBench()
    silence(bench)
    expect(await overseeAll(bench.deps)).toBe(1)
    await bench.commit(
      update('attempts', { where: { id: 'at_first' }, set: { activeAt: bench.clock.now() } }),
    )
    await bench.settle()
    expect(await bench.jobs('oversee')).toEqual([{ state: 'done', attempts: 0 }])
    expect(await bench.alerts()).toEqual([])
    silence(bench)
    expect(await bench.look()).toBe(1)
    expect(await bench.alerts()).toEqual(['overseer_stall'])
  })

  it('raises a loop and a used-up budget, each once, whatever the watch', async () => {
    const bench = await openBench()
    const crashed = ['at_1', 'at_2', 'at_3'].map((id) =>
      insert(
        'attempts',
        working(id, { status: 'failed', exit: { kind: 'exited', code: 3 }, endedAt: START }),
      ),
    )
    await bench.commit(...crashed)
    await bench.look()
    expect(await bench.alerts()).toEqual(['overseer_loop'])
    bench.clock.advance(DEFAULT_CONFIG.overseer.budgetMs + 1)
    await bench.commit(
      update('attempts', { where: { id: 'at_first' }, set: { activeAt: bench.clock.now() } }),
    )
    await bench.look()
    expect(await bench.alerts()).toEqual(['overseer_loop', 'overseer_budget'])
    await bench.commit(
      ...(await watchersOver(bench.deps, PIPELINE.id)),
      watchOpened({ pipeline: PIPELINE, phase: PHASE, runEpoch: 5 }, bench.clock.now()),
    )
    expect(await bench.look()).toBe(0)
  })

  it.each([
    [
      'waits for a person',
      update('pipelines', { where: { id: PIPELINE.id }, set: { status: 'awaiting_human' } }),
    ],
    ['is over', update('pipelines', { where: { id: PIPELINE.id }, set: { status: 'cancelled' } })],
    ['asks', insert('decisions', decision())],
    [
      'stands at another phase',
      update('pipelines', { where: { id: PIPELINE.id }, set: { currentPhase: 'next' } }),
    ],
  ])('does not look at a pipeline that %s', async (_what, change) => {
    const bench = await openBench()
    silence(bench)
    expect(await overseeAll(bench.deps)).toBe(1)
    await bench.commit(change)
    expect(await bench.look()).toBe(0)
    expect(await bench.jobs('oversee')).toEqual([{ state: 'done', attempts: 0 }])
    expect(await bench.alerts()).toEqual([])
  })

  it('sees nothing any more once the watch is over, also in a job that was on its way', async () => {
    const bench = await openBench()
    silence(bench)
    expect(await overseeAll(bench.deps)).toBe(1)
    await bench.commit(...(await watchersOver(bench.deps, PIPELINE.id)))
    await bench.settle()
    expect(await bench.alerts()).toEqual([])
    expect(await bench.watch()).toMatchObject({ status: 'over', endedAt: bench.clock.now(), raised: [] })
    expect(await watchersOver(bench.deps, PIPELINE.id)).toEqual([])
  })

  it('logs an alert that could not be stored, and tries again until it is', async () => {
    const bench = await openBench()
    const broken = sql`CREATE TRIGGER broken BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'no room'); END`
    await bench.database.write([toStatement(broken)])
    silence(bench)
    expect(await bench.look()).toBe(1)
    expect(bench.log.lines.filter(({ level }) => level !== 'info').map(({ message }) => message)).toContain(
      'A job failed',
    )
    expect(await bench.alerts()).toEqual([])
    expect(await bench.watch()).toMatchObject({ raised: [] })
    expect(await bench.jobs('oversee')).toEqual([{ state: 'pending', attempts: 1 }])
    await bench.database.write([toStatement(sql`DROP TRIGGER broken`)])
    bench.clock.advance(10 * MINUTE)
    await bench.settle()
    expect(await bench.alerts()).toEqual(['overseer_stall'])
    expect(await bench.watch()).toMatchObject({ raised: [{ anomaly: 'stall' }] })
  })

  it('asks the store as often for many phases as for one', async () => {
    const bench = await openBench()
    let reads = 0
    const { store } = bench.deps
    const deps: Deps = {
      ...bench.deps,
      store: { ...store, list: (table, where) => ((reads += 1), store.list(table, where)) },
    }
    await overseeAll(deps)
    const one = reads
    for (const no of [2, 3, 4]) {
      const id = `harbour-${no}`
      const own = { ...PIPELINE, id: `${id}.1`, sessionId: id }
      const phase = { ...PHASE, id: `${own.id}/implement`, pipelineId: own.id }
      await bench.commit(
        insert('pullRequests', pullRequest({ number: 10 + no, nodeId: id, sessionId: id })),
        insert('sessions', session({ id, no, prNumber: 10 + no, branch: toBranchName(`crane-${no}`) })),
        insert('pipelines', own),
        insert('phaseRuns', phase),
        watchOpened({ pipeline: own, phase, runEpoch: 2 }, START),
      )
    }
    reads = 0
    await overseeAll(deps)
    expect({ one, many: reads }).toEqual({ one: 8, many: 8 })
  })
})
