// Lanes and jobs on real files: claims, fences, leases, retries, and a claim that stays cheap with a long backlog.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import type { Database } from '../../../src/adapters/db/database.ts'
import { claimStatement, createLanes } from '../../../src/adapters/db/lane-store.ts'
import { textIn } from '../../../src/adapters/db/row-values.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import type { Change } from '../../../src/domain/changes.ts'
import { insert } from '../../../src/domain/changes.ts'
import type { QueuedJob } from '../../../src/ports/lanes.ts'
import type { LaneHold } from '../../../src/ports/store.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { groundwork, project } from './rows.ts'

const A = { runnerId: 'runner-a', bootId: 'boot-1' }
const B = { runnerId: 'runner-b', bootId: 'boot-1' }

const HOUR_MS = 60 * 60_000

const BROKEN = { reason: 'git said ghs_abcdefghijklmnop1234 is wrong', isTransient: false } as const
const AWAY = { reason: 'GITHUB_UNAVAILABLE: no answer', isTransient: true } as const

async function openLanes() {
  const time = { now: 1_000 }
  const { database } = await openTempDatabase({ now: () => time.now })
  const store = createStore(database)
  await store.commit(groundwork(), null)
  const lanes = createLanes(database, () => 0.5)
  const enqueue = (lane: string, idem: string, runAt = 0) =>
    store.commit(
      [{ kind: 'enqueue', lane, idem, job: { kind: 'refresh_status', sessionId: idem }, runAt }],
      null,
    )
  const claim = (owner = A, leaseMs = 100) => lanes.claim({ owner, now: time.now, leaseMs })
  return { database, store, lanes, enqueue, claim, time }
}

function held(lane: LaneHold | null): LaneHold {
  if (lane === null) throw new Error('no lane was claimed')
  return lane
}

function found(job: QueuedJob | null): QueuedJob {
  if (job === null) throw new Error('no job was found')
  return job
}

/** What is stored of the tries of job `a`. */
async function counted(database: Database) {
  const [row] = await database.reads.all<{ readonly runAt: number; readonly attempts: number }>(
    sql`SELECT run_at AS "runAt", attempts FROM jobs WHERE idem = 'a'`,
  )
  if (row === undefined) throw new Error('the job is missing')
  return row
}

describe('claim', () => {
  it('takes the lane that waited longest, once, and only when a job is due', async () => {
    const { claim, enqueue, time } = await openLanes()
    expect(await claim()).toBeNull()
    await enqueue('late', 'a', 900)
    await enqueue('early', 'b', 100)
    await enqueue('future', 'c', 5_000)
    expect([await claim(), await claim(B), await claim()]).toEqual([
      { key: 'early', fence: 1 },
      { key: 'late', fence: 1 },
      null,
    ])
    time.now = 5_000
    expect(await claim(A)).toMatchObject({ key: 'early', fence: 2 })
  })

  it('takes a lane over when its lease ended, with a higher fence that ends the first holder’s writes', async () => {
    const { claim, enqueue, lanes, time } = await openLanes()
    await enqueue('lane', 'a')
    const first = held(await claim(A))
    time.now += 100
    expect(await claim(B)).toBeNull()
    time.now += 1
    const second = held(await claim(B))
    expect(second.fence).toBe(2)
    const job = found(await lanes.nextJob(second, time.now))
    expect(await lanes.renew(first, 9_999)).toBe(false)
    await expect(lanes.finishJob(first, job, [])).rejects.toMatchObject({ code: 'LANE_LOST' })
    await expect(lanes.failJob(first, job, BROKEN)).rejects.toMatchObject({ code: 'LANE_LOST' })
    await lanes.release(first)
    expect(await claim(A)).toBeNull()
    expect(await lanes.finishJob(second, job, [])).toEqual({ kind: 'committed' })
  })

  it('keeps a renewed lane, and gives a released one to the next', async () => {
    const { claim, enqueue, lanes, time } = await openLanes()
    await enqueue('lane', 'a')
    const lane = held(await claim(A))
    expect(await lanes.renew(lane, 2_000)).toBe(true)
    time.now = 2_000
    expect(await claim(B)).toBeNull()
    await lanes.release(lane)
    expect(await claim(B)).toEqual({ key: 'lane', fence: 2 })
  })

  it('reads one index entry instead of the backlog', async () => {
    const { database } = await openLanes()
    const statement = claimStatement({ owner: A, now: 1, leaseMs: 1 })
    if (typeof statement === 'string') throw new Error('a statement with parameters was expected')
    const plan = await database.exclusive((client) =>
      client.execute({ ...statement, sql: `EXPLAIN QUERY PLAN ${statement.sql}` }),
    )
    const details = plan.rows.map((row) => textIn(row, 'detail'))
    expect(details).toContainEqual(expect.stringContaining('USING INDEX lanes_due'))
    expect(details.join('\n')).not.toMatch(/SCAN (?!lanes USING INDEX lanes_due)|TEMP B-TREE/)
    const next = await database.reads.all<{ detail: string }>(
      sql`EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE lane = 'x' AND state = 'pending' AND run_at <= 1 ORDER BY id LIMIT 1`,
    )
    expect(next.map(({ detail }) => detail).join('\n')).toMatch(/USING INDEX jobs_(pending|due)/)
  })

  it('gives every lane of a backlog of ten thousand jobs out exactly once, and drains one lane in order', async () => {
    const { database, claim, lanes, time } = await openLanes()
    await database.write([
      `INSERT INTO lanes (key, fence, lease_until) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99) SELECT 'lane-' || i, 0, 0 FROM n`,
      `INSERT INTO jobs (idem, lane, kind, payload, state, run_at, attempts, created_at)
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         SELECT 'job-' || i, 'lane-' || (i % 100), 'refresh_status', '{"kind":"refresh_status","sessionId":"s"}', 'pending', 0, 0, 0 FROM n`,
      `UPDATE lanes SET next_run_at = (SELECT MIN(run_at) FROM jobs WHERE lane = lanes.key AND state = 'pending')`,
    ])
    const claimed: LaneHold[] = []
    for (;;) {
      const lane = await claim()
      if (lane === null) break
      claimed.push(lane)
    }
    expect(new Set(claimed.map(({ key }) => key)).size).toBe(100)
    expect(claimed).toHaveLength(100)
    const lane = held(claimed[0] ?? null)
    const done: number[] = []
    for (;;) {
      const job = await lanes.nextJob(lane, time.now)
      if (job === null) break
      await lanes.finishJob(lane, job, [])
      done.push(job.id)
    }
    expect(done).toHaveLength(100)
    expect(done).toEqual(done.toSorted((one, other) => one - other))
    const [left] = await database.reads.all<{ n: number }>(
      sql`SELECT COUNT(*) AS n FROM jobs WHERE state = 'pending'`,
    )
    expect(left?.n).toBe(9_900)
  })
})

describe('finishJob', () => {
  it('writes changes and the job’s end together, or neither', async () => {
    const { claim, enqueue, lanes, store, time } = await openLanes()
    await enqueue('lane', 'a')
    const lane = held(await claim())
    const job = found(await lanes.nextJob(lane, time.now))
    const follow: Change = {
      kind: 'enqueue',
      lane: 'lane',
      idem: 'b',
      job: { kind: 'refresh_status', sessionId: 'b' },
      runAt: 0,
    }
    expect(await lanes.finishJob(lane, job, [follow, insert('projects', project())])).toMatchObject({
      kind: 'refused',
    })
    expect((await lanes.nextJob(lane, time.now))?.idem).toBe('a')
    expect(
      await lanes.finishJob(lane, job, [follow, insert('projects', project({ id: 'new', repositoryId: 9 }))]),
    ).toEqual({ kind: 'committed' })
    expect((await lanes.nextJob(lane, time.now))?.idem).toBe('b')
    expect(await store.find('projects', { id: 'new' })).not.toBeNull()
    await expect(lanes.finishJob(lane, job, [])).rejects.toMatchObject({ code: 'LANE_LOST' })
  })
})

describe('failJob', () => {
  it('lets later jobs pass, comes back after growing delays, and is dead after the eighth try with the reason', async () => {
    const { claim, database, enqueue, lanes, time } = await openLanes()
    await enqueue('lane', 'a')
    await enqueue('lane', 'b')
    const lane = held(await claim(A, 10_000_000))
    const waits: number[] = []
    for (let tries = 1; tries <= 8; tries += 1) {
      const job = found(await lanes.nextJob(lane, time.now))
      expect([job.idem, job.attempts]).toEqual(['a', tries - 1])
      expect(await lanes.failJob(lane, job, BROKEN)).toBe(tries === 8 ? 'dead' : 'retry')
      const next = await lanes.nextJob(lane, time.now)
      expect(next?.idem).toBe('b')
      const [row] = await database.reads.all<{ run_at: number }>(
        sql`SELECT run_at FROM jobs WHERE idem = 'a'`,
      )
      waits.push((row?.run_at ?? 0) - time.now)
      time.now = row?.run_at ?? 0
    }
    expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000])
    expect(await database.reads.all(sql`SELECT state, last_error FROM jobs WHERE idem = 'a'`)).toEqual([
      { state: 'dead', last_error: 'git said [removed] is wrong' },
    ])
  })

  it('waits an outage out for a day, at least every five minutes, with tries left for faults of its own', async () => {
    const { claim, database, enqueue, lanes, time } = await openLanes()
    await enqueue('lane', 'a')
    const createdAt = time.now
    const lane = held(await claim(A, 1_000 * HOUR_MS))
    const waits: number[] = []
    const attempts: number[] = []
    const failOnce = async (failure: typeof AWAY | typeof BROKEN) => {
      const job = found(await lanes.nextJob(lane, time.now))
      const became = await lanes.failJob(lane, job, failure)
      const row = await counted(database)
      waits.push(row.runAt - time.now)
      attempts.push(row.attempts)
      time.now = row.runAt
      return became
    }
    while (time.now < createdAt + 23 * HOUR_MS) expect(await failOnce(AWAY)).toBe('retry')
    expect(attempts.slice(0, 7)).toEqual([1, 2, 3, 4, 5, 5, 5])
    expect(attempts.at(-1)).toBe(5)
    expect(waits.slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 16_000])
    expect(Math.max(...waits)).toBe(150_000)
    expect(waits.length).toBeLessThan(600)

    expect([await failOnce(BROKEN), await failOnce(AWAY), await failOnce(BROKEN)]).toEqual(
      Array.from({ length: 3 }, () => 'retry'),
    )
    expect(attempts.slice(-3)).toEqual([6, 6, 7])
    expect(await failOnce(AWAY)).toBe('retry')
    time.now = createdAt + 24 * HOUR_MS
    expect(await failOnce(AWAY)).toBe('dead')
  })

  it('is used up by an outage that lasts longer than a day', async () => {
    const { claim, database, enqueue, lanes, time } = await openLanes()
    await enqueue('lane', 'a')
    const createdAt = time.now
    const lane = held(await claim(A, 1_000 * HOUR_MS))
    let diedAt: number | null = null
    for (let tries = 0; diedAt === null && tries < 1_000; tries += 1) {
      const job = found(await lanes.nextJob(lane, time.now))
      if ((await lanes.failJob(lane, job, AWAY)) === 'dead') diedAt = time.now
      else time.now = (await counted(database)).runAt
    }
    expect(diedAt).toBeGreaterThan(createdAt + 24 * HOUR_MS)
    expect(diedAt).toBeLessThan(createdAt + 25 * HOUR_MS)
  })
})

describe('nextDueAt', () => {
  it('names the earliest due job of free lanes, the end of a lease for held ones, and null without work', async () => {
    const { claim, enqueue, lanes, time } = await openLanes()
    expect(await lanes.nextDueAt()).toBeNull()
    await enqueue('one', 'a', 7_000)
    await enqueue('two', 'b', 500)
    expect(await lanes.nextDueAt()).toBe(500)
    const two = held(await claim(A, 100))
    expect(await lanes.nextDueAt()).toBe(1_101)
    await lanes.finishJob(two, found(await lanes.nextJob(two, time.now)), [])
    expect(await lanes.nextDueAt()).toBe(7_000)
  })
})

describe('releaseEarlierIncarnations', () => {
  it('frees what earlier starts of this runner held, at once and with new fences, and nobody else’s', async () => {
    const { claim, enqueue, lanes, time } = await openLanes()
    await enqueue('mine', 'a', 1)
    await enqueue('theirs', 'b', 2)
    const mine = held(await claim(A, 60_000))
    const theirs = held(await claim(B, 60_000))
    const again = { runnerId: 'runner-a', bootId: 'boot-2' }
    expect(await lanes.releaseEarlierIncarnations(A)).toBe(0)
    expect(await lanes.releaseEarlierIncarnations({ runnerId: 'runner', bootId: 'x' })).toBe(0)
    expect(await lanes.releaseEarlierIncarnations(again)).toBe(1)
    expect(await lanes.renew(mine, 9_999_999)).toBe(false)
    expect(await lanes.renew(theirs, 9_999_999)).toBe(true)
    expect(await lanes.claim({ owner: again, now: time.now, leaseMs: 100 })).toEqual({
      key: 'mine',
      fence: 3,
    })
  })
})
