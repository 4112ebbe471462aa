import { describe, expect, it } from 'vitest'

import type { Database } from '../../../src/adapters/db/database.ts'
import { pruneJobs } from '../../../src/adapters/db/job-retention.ts'
import { openTempDatabase } from '../../support/temp-db.ts'

async function addJob(
  database: Database,
  idem: string,
  state: string,
  endedAt: number | null,
): Promise<void> {
  await database.write([
    {
      sql: `INSERT INTO lanes (key, fence, lease_until) VALUES ('7#1', 0, 0) ON CONFLICT DO NOTHING`,
      args: [],
    },
    {
      sql: `INSERT INTO jobs (idem, lane, kind, payload, state, run_at, attempts, created_at, ended_at)
        VALUES (?, '7#1', 'refresh_status', '{}', ?, 0, 0, 0, ?)`,
      args: [idem, state, endedAt],
    },
  ])
}

describe('pruneJobs', () => {
  it('deletes jobs that were done long ago, and none that wait, failed for good, or ended lately', async () => {
    const { database } = await openTempDatabase({ now: () => 1_000 })
    for (const no of [1, 2, 3]) await addJob(database, `old ${no}`, 'done', 100 + no)
    await addJob(database, 'young', 'done', 950)
    await addJob(database, 'waiting', 'pending', null)
    await addJob(database, 'dead', 'dead', 1)
    expect(await pruneJobs(database, { maxAgeMs: 100, batch: 2 })).toBe(3)
    expect(await pruneJobs(database, { maxAgeMs: 100, batch: 2 })).toBe(0)
    const { rows } = await database.exclusive((client) => client.execute('SELECT idem FROM jobs ORDER BY id'))
    expect(rows.map((row) => row['idem'])).toEqual(['young', 'waiting', 'dead'])
  })
})
