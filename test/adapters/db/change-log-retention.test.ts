// What leaves the change log and when; that its floor tells the truth, and that no number is ever given twice.

import { describe, expect, it } from 'vitest'

import { readChangePage } from '../../../src/adapters/db/change-log.ts'
import { pruneChangeLog, type ChangeLogRetention } from '../../../src/adapters/db/change-log-retention.ts'
import type { Database } from '../../../src/adapters/db/database.ts'
import { openTempDatabase } from '../../support/temp-db.ts'

const FILTER = { projectId: null, prNumber: null, sessionId: null }
const RULES: ChangeLogRetention = { maxAgeMs: 100, keepAtLeast: 0, batch: 2 }

/** Adds a row for each moment. */
async function addRows(database: Database, moments: readonly number[]): Promise<void> {
  await database.write(
    moments.map((at) => ({
      sql: `INSERT INTO change_log (project_id, type, payload, created_at) VALUES ('harbour', 'phase.started', '{"v":1}', ?)`,
      args: [at],
    })),
  )
}

async function page(database: Database, after: number | null = 0, limit = 100) {
  const { gap, events, position, isEnd } = await readChangePage(database, {
    after,
    filter: FILTER,
    limit,
    window: 1_000,
  })
  return { gap, seqs: events.map(({ seq }) => seq), position, isEnd }
}

describe('pruneChangeLog', () => {
  it('deletes what is too old, from the beginning, and remembers the highest number that went', async () => {
    const { database } = await openTempDatabase({ now: () => 1_000 })
    await addRows(database, [1, 2, 3, 898, 899, 900, 901])
    expect(await pruneChangeLog(database, RULES)).toBe(5)
    expect(await page(database)).toEqual({
      gap: { after: 0, floor: 5, oldest: 6 },
      seqs: [6, 7],
      position: 7,
      isEnd: true,
    })
    expect(await page(database, 5)).toMatchObject({ gap: null, seqs: [6, 7] })
  })

  it('keeps an old row behind a young one: what is above the floor is whole', async () => {
    const { database } = await openTempDatabase({ now: () => 1_000 })
    await addRows(database, [1, 950, 2, 3])
    expect(await pruneChangeLog(database, RULES)).toBe(1)
    expect(await page(database)).toMatchObject({ gap: { floor: 1 }, seqs: [2, 3, 4] })
  })

  it('keeps the newest rows whatever their age', async () => {
    const { database } = await openTempDatabase({ now: () => 1_000 })
    await addRows(database, [1, 2, 3, 4, 5])
    expect(await pruneChangeLog(database, { ...RULES, keepAtLeast: 3 })).toBe(2)
    expect(await pruneChangeLog(database, { ...RULES, keepAtLeast: 3 })).toBe(0)
    expect(await pruneChangeLog(database, { ...RULES, keepAtLeast: 9 })).toBe(0)
    expect(await page(database)).toMatchObject({ gap: { floor: 2, oldest: 3 }, seqs: [3, 4, 5] })
  })

  it('writes nothing when nothing is old', async () => {
    const { database } = await openTempDatabase({ now: () => 1_000 })
    await addRows(database, [950])
    let writes = 0
    const counted: Database = {
      ...database,
      write: (statements) => {
        writes += 1
        return database.write(statements)
      },
    }
    expect(await pruneChangeLog(counted, RULES)).toBe(0)
    expect(writes).toBe(0)
    expect(await page(database)).toMatchObject({ gap: null, seqs: [1] })
  })

  it('gives no number twice after everything was deleted, also to a process that starts later', async () => {
    const { database, file } = await openTempDatabase({ now: () => 1_000 })
    expect(await page(database)).toEqual({ gap: null, seqs: [], position: 0, isEnd: true })
    await addRows(database, [1, 2, 3])
    await pruneChangeLog(database, RULES)
    expect(await page(database)).toMatchObject({ gap: { after: 0, floor: 3, oldest: null }, position: 3 })
    expect(await page(database, 3)).toMatchObject({ gap: null, seqs: [], position: 3 })
    await database.close()

    const { database: later } = await openTempDatabase({ file, now: () => 1_000 })
    await addRows(later, [999])
    expect(await page(later, 3)).toMatchObject({ gap: null, seqs: [4] })
    expect(await page(later, 2)).toMatchObject({ gap: { after: 2, floor: 3, oldest: 4 }, seqs: [4] })
  })
})

describe('readChangePage', () => {
  it('tells in the middle of its pages that rows went meanwhile', async () => {
    const { database } = await openTempDatabase({ now: () => 1_000 })
    await addRows(database, [1, 2, 3, 4, 5, 990])
    expect(await page(database, 0, 2)).toEqual({ gap: null, seqs: [1, 2], position: 2, isEnd: false })
    await pruneChangeLog(database, RULES)
    expect(await page(database, 2, 2)).toMatchObject({ gap: { after: 2, floor: 5, oldest: 6 }, seqs: [6] })
  })

  it('looks at a bounded number of rows for a filter that matches little', async () => {
    const { database } = await openTempDatabase()
    await addRows(
      database,
      Array.from({ length: 25 }, () => 1),
    )
    const filter = { ...FILTER, projectId: 'nowhere' }
    const positions: number[] = []
    for (let after = 0, isEnd = false; !isEnd;) {
      const found = await readChangePage(database, { after, filter, limit: 5, window: 10 })
      expect(found.events).toEqual([])
      after = found.position
      isEnd = found.isEnd
      positions.push(after)
    }
    expect(positions).toEqual([10, 20, 25])
  })

  it('hands on a payload that is no JSON as the text it is', async () => {
    const { database } = await openTempDatabase()
    await database.write([
      `INSERT INTO change_log (project_id, type, payload, created_at) VALUES ('harbour', 'odd', 'not {json', 1)`,
    ])
    const found = await readChangePage(database, { after: 0, filter: FILTER, limit: 5, window: 10 })
    expect(found.events.map(({ payload }) => payload)).toEqual(['not {json'])
  })
})
