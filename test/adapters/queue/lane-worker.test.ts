// The lane worker over a real database: order, side by side, failures, lost lanes, waking and closing.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { createLaneWorker, type LaneWorkerOptions } from '../../../src/adapters/queue/lane-worker.ts'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { Change } from '../../../src/domain/changes.ts'
import { insert } from '../../../src/domain/changes.ts'
import type { JobHandler } from '../../../src/ports/lanes.ts'
import { project } from '../db/rows.ts'
import { eventually } from '../../support/eventually.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { gate, manualClock, recordingLog } from './surroundings.ts'

const OWNER = { runnerId: 'runner-a', bootId: 'boot-1' }

async function openWorker(handle: JobHandler, more: Partial<LaneWorkerOptions> = {}) {
  const clock = manualClock()
  const log = recordingLog()
  const { database } = await openTempDatabase({ now: () => (more.clock ?? clock).now() })
  const store = createStore(database)
  const lanes = createLanes(database, () => 0.5)
  const worker = createLaneWorker({ lanes, owner: OWNER, handle, clock, log, ...more })
  database.onWork({ jobs: () => worker.wake(), effects: () => undefined })
  const enqueue = (...jobs: readonly (readonly [lane: string, idem: string, runAt?: number])[]) =>
    store.commit(
      jobs.map(([lane, idem, runAt = 0]) => toEnqueue(lane, idem, runAt)),
      null,
    )
  const states = () =>
    database.reads.all<{ idem: string; state: string; attempts: number }>(
      sql`SELECT idem, state, attempts FROM jobs ORDER BY id`,
    )
  return { clock, log, database, store, lanes, worker, enqueue, states }
}

function toEnqueue(lane: string, idem: string, runAt = 0): Change {
  return { kind: 'enqueue', lane, idem, job: { kind: 'refresh_status', sessionId: idem }, runAt }
}

describe('createLaneWorker', () => {
  it('runs the jobs of a lane one after the other in order, and lanes side by side', async () => {
    const running = new Map<string, number>()
    const order: string[] = []
    let mostAtOnce = 0
    const { enqueue, worker } = await openWorker(async ({ job, finish }) => {
      running.set(job.lane, (running.get(job.lane) ?? 0) + 1)
      expect(running.get(job.lane)).toBe(1)
      mostAtOnce = Math.max(
        mostAtOnce,
        [...running.values()].reduce((sum, one) => sum + one, 0),
      )
      await new Promise((resolve) => setImmediate(resolve))
      order.push(job.idem)
      running.set(job.lane, 0)
      await finish([])
    })
    await enqueue(['x', 'x1'], ['y', 'y1'], ['x', 'x2'], ['y', 'y2'], ['x', 'x3'])
    expect(await worker.pump()).toBe(2)
    expect(order.filter((idem) => idem.startsWith('x'))).toEqual(['x1', 'x2', 'x3'])
    expect(order.filter((idem) => idem.startsWith('y'))).toEqual(['y1', 'y2'])
    expect(mostAtOnce).toBe(2)
  })

  it('never drains more lanes at once than it may', async () => {
    let running = 0
    let most = 0
    const { enqueue, worker, states } = await openWorker(
      async ({ finish }) => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        await finish([])
      },
      { lanesAtOnce: 3 },
    )
    await enqueue(...Array.from({ length: 12 }, (_, no) => [`lane-${no}`, `job-${no}`] as const))
    await worker.pump()
    expect(most).toBe(3)
    expect((await states()).every(({ state }) => state === 'done')).toBe(true)
  })

  it('does the follow-up jobs that a finish enqueued, in the same pump', async () => {
    const { enqueue, worker, states } = await openWorker(async ({ job, finish }) => {
      await finish(job.idem === 'first' ? [toEnqueue('x', 'same'), toEnqueue('z', 'other')] : [])
    })
    await enqueue(['x', 'first'])
    await worker.pump()
    expect(await states()).toMatchObject([
      { idem: 'first', state: 'done' },
      { idem: 'same', state: 'done' },
      { idem: 'other', state: 'done' },
    ])
  })

  it('counts a thrown error and a handler that did not finish as failures, goes on with the next job, and tries again when due', async () => {
    const seen: string[] = []
    const { clock, enqueue, log, worker, states } = await openWorker(async ({ job, finish }) => {
      seen.push(job.idem)
      if (job.idem === 'throws' && job.attempts === 0) throw new Error('broken')
      if (job.idem === 'forgets' && job.attempts === 0) return
      await finish([])
    })
    await enqueue(['x', 'throws'], ['x', 'forgets'], ['x', 'works'])
    await worker.pump()
    expect(seen).toEqual(['throws', 'forgets', 'works'])
    expect(await states()).toMatchObject([
      { state: 'pending', attempts: 1 },
      { state: 'pending', attempts: 1 },
      { state: 'done' },
    ])
    expect(log.lines).toEqual(['warn: A job failed', 'warn: A job failed'])
    clock.advance(1_000)
    await worker.pump()
    expect(seen.slice(3)).toEqual(['throws', 'forgets'])
    expect((await states()).map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  })

  it('tells an outage from a fault of the job', async () => {
    const { clock, enqueue, worker, states } = await openWorker(async ({ job }) => {
      if (job.idem === 'away')
        throw new AppError('GITHUB_UNAVAILABLE', { route: 'git fetch', reason: 'down' })
      throw new Error('broken')
    })
    await enqueue(['x', 'away'], ['y', 'broken'])
    for (let tries = 0; tries < 12; tries += 1) {
      await worker.pump()
      clock.advance(10 * 60_000)
    }
    expect(await states()).toEqual([
      { idem: 'away', state: 'pending', attempts: 5 },
      { idem: 'broken', state: 'dead', attempts: 8 },
    ])
  })

  it('lets a handler look again after a refused finish', async () => {
    const { enqueue, store, worker, states } = await openWorker(async ({ finish }) => {
      const first = await finish([insert('projects', project())])
      if (first.kind === 'refused') await finish([])
    })
    await store.commit([insert('projects', project())], null)
    await enqueue(['x', 'a'])
    await worker.pump()
    expect(await states()).toMatchObject([{ state: 'done', attempts: 0 }])
  })

  it('stops without a word when the lane was taken over, and writes nothing for it', async () => {
    const other = { runnerId: 'runner-b', bootId: 'boot-1' }
    const { clock, database, enqueue, lanes, log, worker, states } = await openWorker(async ({ finish }) => {
      clock.advance(60_000)
      await lanes.claim({ owner: other, now: clock.now(), leaseMs: 30_000 })
      await finish([toEnqueue('y', 'never')])
    })
    await enqueue(['x', 'a'], ['x', 'b'])
    await worker.pump()
    expect(await states()).toMatchObject([
      { idem: 'a', state: 'pending', attempts: 0 },
      { idem: 'b', state: 'pending' },
    ])
    expect(log.lines).toEqual([])
    expect(await database.reads.all(sql`SELECT owner FROM lanes`)).toEqual([{ owner: 'runner-b/boot-1' }])
  })

  it('renews the lease while a handler runs, so that nobody else gets the lane', async () => {
    const hold = gate()
    const realClock = { now: Date.now, nowNs: () => BigInt(Date.now()) * 1_000_000n }
    const { database, enqueue, lanes, worker } = await openWorker(
      async ({ finish }) => {
        await hold.opened
        await finish([])
      },
      { clock: realClock, leaseMs: 2_000 },
    )
    await enqueue(['x', 'a'])
    const pumped = worker.pump()
    const lease = async () =>
      (await database.reads.all<{ lease_until: number }>(sql`SELECT lease_until FROM lanes`))[0]
        ?.lease_until ?? 0
    await eventually(async () => (await lease()) > 0, { what: 'the lane is claimed' })
    const first = await lease()
    await eventually(async () => (await lease()) > first, {
      what: 'the lease was renewed',
    })
    expect(
      await lanes.claim({ owner: { runnerId: 'b', bootId: '1' }, now: Date.now(), leaseMs: 1 }),
    ).toBeNull()
    hold.open()
    await pumped
  })

  it('starts work when woken by a commit and when a later job becomes due, without being asked', async () => {
    const done: string[] = []
    const realClock = { now: Date.now, nowNs: () => BigInt(Date.now()) * 1_000_000n }
    const { enqueue, worker } = await openWorker(
      async ({ job, finish }) => {
        await finish([])
        done.push(job.idem)
      },
      { clock: realClock },
    )
    worker.start()
    await enqueue(['x', 'now'], ['y', 'soon', Date.now() + 60])
    await eventually(() => done.length === 2, { what: 'both jobs are done' })
    expect(done).toEqual(['now', 'soon'])
    await enqueue(['x', 'again'])
    await eventually(() => done.length === 3, { what: 'a second wake works' })
    await worker.close()
  })

  it('finishes the running job on close, gives the lane back, and takes nothing more', async () => {
    const entered = gate()
    const hold = gate()
    const { database, enqueue, worker, states } = await openWorker(async ({ finish }) => {
      entered.open()
      await hold.opened
      await finish([])
    })
    worker.start()
    await enqueue(['x', 'a'], ['x', 'b'])
    await entered.opened
    const closed = worker.close()
    hold.open()
    await closed
    expect((await states()).map(({ state }) => state)).toEqual(['done', 'pending'])
    expect(await database.reads.all(sql`SELECT owner FROM lanes`)).toEqual([{ owner: null }])
    worker.wake()
    expect(await worker.pump()).toBe(0)
  })

  it('gives other lanes a turn when one has more jobs than a hold may run', async () => {
    const order: string[] = []
    const { enqueue, worker } = await openWorker(
      async ({ job, finish }) => {
        order.push(job.lane)
        await finish([])
      },
      { lanesAtOnce: 1 },
    )
    await enqueue(...Array.from({ length: 120 }, (_, no) => ['busy', `busy-${no}`, 0] as const), [
      'quiet',
      'quiet',
      1,
    ])
    await worker.pump()
    expect(order).toHaveLength(121)
    expect(order.indexOf('quiet')).toBe(50)
  })
})
