// A burst becomes one job: put off while more comes, never beyond the ceiling, and never lost to a run that began before.

import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import type { Change, Job } from '../../../src/domain/changes.ts'
import type { QueuedJob } from '../../../src/ports/lanes.ts'
import type { LaneHold } from '../../../src/ports/store.ts'
import { openTempDatabase } from '../../support/temp-db.ts'

const QUIET = { quietMs: 2_000, ceilingMs: 10_000 }
const OWNER = { runnerId: 'runner-a', bootId: 'boot-1' }
const START = 100_000

type Cause = Extract<Job, { readonly kind: 'reconcile' }>['cause']

async function openQueue() {
  const time = { now: START }
  const { database } = await openTempDatabase({ now: () => time.now })
  const store = createStore(database)
  const lanes = createLanes(database, () => 0.5)
  let count = 0

  const quietly = (lane: string, cause: Cause = 'webhook'): Change => {
    count += 1
    const job: Job = { kind: 'reconcile', projectId: 'harbour', number: 5, cause }
    return { kind: 'enqueue_quiet', lane, idem: `job-${count}`, job, ...QUIET }
  }
  const rows = (lane = 'lane') =>
    database.reads.all<{ runAt: number; state: string; createdAt: number; cause: Cause }>(
      sql`SELECT run_at AS "runAt", state, created_at AS "createdAt", payload ->> 'cause' AS cause
        FROM jobs WHERE lane = ${lane} ORDER BY id`,
    )
  const due = async (lane = 'lane') => {
    const [row] = await database.reads.all<{ due: number | null }>(
      sql`SELECT next_run_at AS due FROM lanes WHERE key = ${lane}`,
    )
    return row?.due ?? null
  }
  const claim = () => lanes.claim({ owner: OWNER, now: time.now, leaseMs: 60_000 })
  return {
    database,
    store,
    lanes,
    time,
    rows,
    due,
    claim,
    arrive: (lane = 'lane', cause: Cause = 'webhook') => store.commit([quietly(lane, cause)], null),
    quietly,
  }
}

type Queue = Awaited<ReturnType<typeof openQueue>>

async function take(queue: Queue): Promise<{ readonly lane: LaneHold; readonly job: QueuedJob }> {
  const lane = await queue.claim()
  const job = lane === null ? null : await queue.lanes.nextJob(lane, queue.time.now)
  if (lane === null || job === null) throw new Error('no job was due')
  return { lane, job }
}

describe('enqueue_quiet', () => {
  it('makes one job of a burst, due when it was quiet, and at the ceiling when it never is', async () => {
    const queue = await openQueue()
    for (const [now, runAt] of [
      [0, 2_000],
      [1_000, 3_000],
      [1_500, 3_500],
      [3_400, 5_400],
      [5_300, 7_300],
      [7_200, 9_200],
      [9_100, 10_000],
      [9_900, 10_000],
    ] as const) {
      queue.time.now = START + now
      await queue.arrive()
      expect(await queue.rows()).toMatchObject([{ state: 'pending', runAt: START + runAt }])
      expect(await queue.due()).toBe(START + runAt)
    }
  })

  it('makes a second job when the first is due: it may be running, and have read before the news', async () => {
    const queue = await openQueue()
    await queue.arrive()
    queue.time.now += 2_000
    const { lane, job } = await take(queue)
    await queue.arrive()
    await queue.arrive()
    expect(await queue.rows()).toMatchObject([{ runAt: START + 2_000 }, { runAt: START + 4_000 }])
    await queue.lanes.finishJob(lane, job, [])
    expect(await queue.due()).toBe(START + 4_000)
    expect(await queue.rows()).toMatchObject([{ state: 'done' }, { state: 'pending' }])
  })

  it('runs a job again that was put off between the look at the clock and the write, and began meanwhile', async () => {
    const queue = await openQueue()
    await queue.arrive()
    queue.time.now = START + 2_000
    const { lane, job } = await take(queue)
    queue.time.now = START + 1_999
    await queue.arrive()
    queue.time.now = START + 2_001
    const written: Change = {
      kind: 'log',
      type: 'phase.started',
      projectId: 'harbour',
      prNumber: 5,
      sessionId: null,
      payload: {},
      once: 'written',
    }
    expect(await queue.lanes.finishJob(lane, job, [written])).toEqual({ kind: 'committed' })
    expect(await queue.rows()).toMatchObject([{ state: 'pending', runAt: START + 3_999 }])
    expect(await queue.database.reads.all(sql`SELECT type FROM change_log`)).toHaveLength(1)
    expect(await queue.lanes.nextJob(lane, queue.time.now)).toBeNull()
    queue.time.now = START + 3_999
    const again = await queue.lanes.nextJob(lane, queue.time.now)
    expect(again).toMatchObject({ id: job.id, attempts: 0 })
    if (again !== null) await queue.lanes.finishJob(lane, again, [])
    expect(await queue.rows()).toMatchObject([{ state: 'done' }])
    expect(await queue.due()).toBeNull()
  })

  it('leaves other kinds, other lanes and ended jobs alone', async () => {
    const queue = await openQueue()
    const status: Job = { kind: 'refresh_status', sessionId: 'harbour-1' }
    await queue.store.commit(
      [{ kind: 'enqueue', lane: 'lane', idem: 'status', job: status, runAt: START + 60_000 }],
      null,
    )
    await queue.arrive('other')
    queue.time.now += 500
    await queue.arrive()
    expect(await queue.rows()).toMatchObject([{ runAt: START + 60_000 }, { runAt: START + 2_500 }])
    expect(await queue.rows('other')).toMatchObject([{ runAt: START + 2_000 }])
    expect(await queue.due()).toBe(START + 2_500)
    await queue.database.write([`UPDATE jobs SET state = 'dead' WHERE kind = 'reconcile'`])
    await queue.arrive()
    expect((await queue.rows()).filter(({ state }) => state === 'pending')).toHaveLength(2)
  })

  it('leaves a job alone that says something else: what it says would be lost', async () => {
    const queue = await openQueue()
    await queue.arrive('lane', 'sweep')
    const again: Job = { kind: 'reconcile', projectId: 'harbour', number: 5, cause: 'webhook', staleReads: 1 }
    await queue.store.commit(
      [{ kind: 'enqueue', lane: 'lane', idem: 'again', job: again, runAt: START + 5_000 }],
      null,
    )
    queue.time.now += 500
    await queue.arrive()
    expect(await queue.rows()).toMatchObject([
      { runAt: START + 2_000, cause: 'sweep' },
      { runAt: START + 5_000, cause: 'webhook' },
      { runAt: START + 2_500, cause: 'webhook' },
    ])
    expect(await queue.due()).toBe(START + 2_000)
  })

  it('does not hurry a job that waits for a time of its own, nor make a second one beside it', async () => {
    const queue = await openQueue()
    const job: Job = { kind: 'reconcile', projectId: 'harbour', number: 5, cause: 'webhook' }
    const runAt = START + 3_600_000
    await queue.store.commit([{ kind: 'enqueue', lane: 'lane', idem: 'later', job, runAt }], null)
    queue.time.now = START + 600_000
    await queue.arrive()
    expect(await queue.rows()).toMatchObject([{ runAt }])
    queue.time.now = runAt - 500
    await queue.arrive()
    expect(await queue.rows()).toMatchObject([{ runAt }])
  })

  it('does not hurry a job that failed: its next try reads what is new as well', async () => {
    const queue = await openQueue()
    await queue.arrive()
    queue.time.now += 2_000
    const { lane, job } = await take(queue)
    await queue.lanes.failJob(lane, job, { reason: 'GitHub is away', isTransient: true })
    await queue.database.write([`UPDATE jobs SET run_at = ${START + 90_000}`])
    await queue.arrive()
    expect(await queue.rows()).toMatchObject([{ state: 'pending', runAt: START + 90_000 }])
  })

  it('wakes the workers, and stores nothing for a key that was stored before', async () => {
    const queue = await openQueue()
    const woken: string[] = []
    queue.database.onWork({ jobs: () => woken.push('jobs'), effects: () => woken.push('effects') })
    const same = queue.quietly('lane')
    await queue.store.commit([same], null)
    expect(woken).toEqual(['jobs'])
    queue.time.now += 2_000
    const { lane, job } = await take(queue)
    await queue.lanes.finishJob(lane, job, [])
    await queue.store.commit([same], null)
    expect(await queue.rows()).toMatchObject([{ state: 'done' }])
    expect(await queue.due()).toBeNull()
  })

  it('has a run begin after every arrival, when it was quiet or at the ceiling, whatever the arrivals', async () => {
    const queue = await openQueue()
    const gaps = fc.array(fc.constantFrom(0, 300, 1_000, 1_999, 2_000, 2_500, 9_000), {
      minLength: 1,
      maxLength: 10,
    })
    let number = 0
    await fc.assert(
      fc.asyncProperty(gaps, async (sequence) => {
        number += 1
        const lane = `lane-${number}`
        const arrivals: number[] = []
        const begun: number[] = []
        const runUntil = async (end: number) => {
          for (let at = await queue.due(lane); at !== null && at <= end; at = await queue.due(lane)) {
            queue.time.now = at
            const taken = await take(queue)
            expect(taken.lane.key).toBe(lane)
            begun.push(at)
            await queue.lanes.finishJob(taken.lane, taken.job, [])
            await queue.lanes.release(taken.lane)
          }
          queue.time.now = end
        }
        for (const gap of sequence) {
          await runUntil(queue.time.now + gap)
          await queue.arrive(lane)
          arrivals.push(queue.time.now)
        }
        await runUntil(queue.time.now + 60_000)
        let waiting = [...arrivals]
        for (const at of begun) {
          const told = waiting.filter((arrival) => arrival < at)
          const last = told.at(-1) ?? Number.NaN
          const ceiling = (told[0] ?? Number.NaN) + QUIET.ceilingMs
          expect(at).toBe(Math.min(last + QUIET.quietMs, ceiling))
          waiting = waiting.filter((arrival) => arrival >= at)
        }
        expect(waiting).toEqual([])
      }),
      { numRuns: 12 },
    )
  })
})
