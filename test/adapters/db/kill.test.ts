// SIGKILL in the middle of writing: what was acknowledged is there, nothing is half there, and the next start of the
// same runner goes on at once.

import { createClient } from '@libsql/client'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { tempFolder, openTempDatabase } from '../../support/temp-db.ts'
import { startProgram } from './programs/start-program.ts'

async function readPast(program: ReturnType<typeof startProgram>, count: number): Promise<number> {
  let last = 0
  for (let read = 0; read < count; read += 1) last = Number(await program.nextLine())
  return last
}

/** One statement, so one state: everything a commit writes must agree in it. */
const AGREES = `SELECT next_session_no AS no,
  (SELECT title FROM pull_requests) = 'no ' || next_session_no
  AND (SELECT MAX(json_extract(payload, '$.no')) FROM change_log WHERE type = 'sync.completed') = next_session_no AS agrees
  FROM projects`

describe('a process killed while it commits', () => {
  it('loses no acknowledged commit and shows another process no half of one', async () => {
    const file = join(tempFolder(), 'belay.db')
    const url = `file:${file}`
    let acknowledged = 1
    for (let round = 1; round <= 3; round += 1) {
      const program = startProgram('commit-for-ever', url, `boot-${round}`)
      // The lease of the killed process has 30 s to go; the new start has the lane all the same.
      expect(await program.nextLine()).toMatch(
        new RegExp(`^claimed harbour#5 ${round === 1 ? 1 : 2 * round - 1}$`),
      )
      const watcher = createClient({ url, concurrency: 1 })
      acknowledged = await readPast(program, 5)
      for (let look = 0; look < 40; look += 1) {
        const { rows } = await watcher.execute(AGREES)
        expect(rows[0]?.['agrees']).toBe(1)
        acknowledged = await readPast(program, 1 + (look % 3))
      }
      watcher.close()
      program.child.kill('SIGKILL')
      for (let line = await program.nextLine(); line !== null; line = await program.nextLine())
        acknowledged = Number(line)
      await program.ended
      const { database, close } = await reopen(file)
      const [row] = await database.reads.all<{ no: number; agrees: number }>(sql.raw(AGREES))
      expect(row?.agrees).toBe(1)
      expect(row?.no).toBeGreaterThanOrEqual(acknowledged)
      expect(row?.no).toBeLessThanOrEqual(acknowledged + 1)
      const [log] = await database.reads.all<{ n: number }>(
        sql`SELECT COUNT(*) AS n FROM change_log WHERE type = 'sync.completed'`,
      )
      expect(log?.n).toBe((row?.no ?? 0) - 1)
      expect(await database.reads.all(sql`PRAGMA integrity_check`)).toEqual([{ integrity_check: 'ok' }])
      await close()
    }
    expect(acknowledged).toBeGreaterThan(100)
  })
})

async function reopen(file: string) {
  const { database } = await openTempDatabase({ file })
  return { database, close: () => database.close() }
}
