// The one reader of the change log: who wakes it, whom it tells, and what it does when rows are gone before it came.

import { describe, expect, it } from 'vitest'

import { createChangeFeed } from '../../../src/adapters/db/change-feed.ts'
import { pruneChangeLog } from '../../../src/adapters/db/change-log-retention.ts'
import { withCommitHook } from '../../../src/adapters/db/commit-hook.ts'
import type { Database } from '../../../src/adapters/db/database.ts'
import type { ChangeFollower } from '../../../src/ports/change-feed.ts'
import { eventually } from '../../support/eventually.ts'
import { openTempDatabase } from '../../support/temp-db.ts'

interface Told extends ChangeFollower {
  readonly seqs: readonly number[]
  readonly losses: () => number
}

function listener(): Told {
  const seqs: number[] = []
  let losses = 0
  return {
    seqs,
    losses: () => losses,
    take: (events) => void seqs.push(...events.map(({ seq }) => seq)),
    lose: () => {
      losses += 1
    },
  }
}

/** A clock that ticks when the test says so. */
function handClock() {
  let tick: (() => void) | null = null
  return {
    isRunning: () => tick !== null,
    tick: () => tick?.(),
    every: (_: number, work: () => void) => {
      tick = work
      return () => {
        tick = null
      }
    },
  }
}

async function openFeed(now = 0) {
  const { database } = await openTempDatabase({ now: () => now })
  let reads = 0
  const counted = new Proxy(database.reads, {
    get: (target, name, self) => {
      if (name === 'all') reads += 1
      return Reflect.get(target, name, self) as unknown
    },
  })
  const clock = handClock()
  const hooked = withCommitHook({ ...database, reads: counted })
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const feed = createChangeFeed({ database: hooked.database, log, pageSize: 3, every: clock.every })
  return { ...hooked, feed, clock, reads: () => reads }
}

async function addRows(database: Pick<Database, 'write'>, count: number): Promise<void> {
  const row = `INSERT INTO change_log (project_id, type, payload, created_at) VALUES ('harbour', 'phase.started', '{"v":1}', 0)`
  await database.write(Array.from({ length: count }, () => row))
}

describe('createChangeFeed', () => {
  it('tells everybody each new row once, with one reading for all of them', async () => {
    const { database, feed, onCommit, reads } = await openFeed()
    onCommit(feed.wake)
    await addRows(database, 2)
    expect(reads()).toBe(0)
    const all = [listener(), listener(), listener()]
    for (const one of all) await feed.follow(one)
    const before = reads()
    await addRows(database, 8)
    await eventually(() => all.every(({ seqs }) => seqs.length === 8), { what: 'eight rows for everybody' })
    expect(all.map(({ seqs }) => seqs)).toEqual(all.map(() => [3, 4, 5, 6, 7, 8, 9, 10]))
    // Three pages of three rows, not three for each.
    expect(reads() - before).toBe(3)
    await feed.close()
  })

  it('finds rows that nobody told it of when the clock ticks, and rests while nobody follows', async () => {
    const { database, feed, clock, reads } = await openFeed()
    expect(clock.isRunning()).toBe(false)
    const one = listener()
    const leave = await feed.follow(one)
    await addRows(database, 2)
    expect(one.seqs).toEqual([])
    clock.tick()
    await eventually(() => one.seqs.length === 2, { what: 'the two rows' })
    leave()
    expect(clock.isRunning()).toBe(false)
    const before = reads()
    feed.wake()
    await addRows(database, 1)
    await feed.close()
    expect(reads()).toBe(before)
  })

  it('does not tell a newcomer what happened while nobody followed', async () => {
    const { database, feed } = await openFeed()
    const first = listener()
    const leave = await feed.follow(first)
    leave()
    await addRows(database, 20)
    const second = listener()
    await feed.follow(second)
    await addRows(database, 1)
    feed.wake()
    await eventually(() => second.seqs.length > 0, { what: 'the newest row' })
    expect(second.seqs).toEqual([21])
    expect(first.seqs).toEqual([])
    await feed.close()
  })

  it('says so when rows were deleted before they were read', async () => {
    const { database, feed, clock } = await openFeed(1_000)
    const one = listener()
    await feed.follow(one)
    await addRows(database, 4)
    await pruneChangeLog(database, { maxAgeMs: 1, keepAtLeast: 0, batch: 10 })
    await addRows(database, 1)
    clock.tick()
    await eventually(() => one.losses() === 1, { what: 'the word of the loss' })
    await addRows(database, 1)
    clock.tick()
    await eventually(() => one.seqs.at(-1) === 6, { what: 'the row after it' })
    await feed.close()
  })
})
