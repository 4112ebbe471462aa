// Takes jobs that were done long ago out of the table. Dead ones stay until somebody has looked at them.

import { sql } from 'drizzle-orm'

import type { Database } from './database.ts'
import { toStatement } from './record-sql.ts'

export interface JobRetention {
  /** Jobs that ended later than this ago stay, in milliseconds. */
  readonly maxAgeMs: number
  /** Rows of one transaction: other writers get their turn in between. */
  readonly batch: number
}

/** A month: longer than GitHub can still send anything that would make the same job again. */
const JOB_RETENTION: JobRetention = { maxAgeMs: 30 * 24 * 60 * 60 * 1000, batch: 500 }

/** Deletes what is too old and returns the number of rows. */
export async function pruneJobs(database: Database, rules: JobRetention = JOB_RETENTION): Promise<number> {
  const before = database.now() - rules.maxAgeMs
  const old = sql`SELECT id FROM jobs WHERE state = 'done' AND ended_at < ${before} ORDER BY id LIMIT ${rules.batch}`
  let deleted = 0
  for (;;) {
    const [answer] = await database.write([toStatement(sql`DELETE FROM jobs WHERE id IN (${old})`)])
    const count = answer?.rowsAffected ?? 0
    deleted += count
    if (count < rules.batch) return deleted
  }
}
