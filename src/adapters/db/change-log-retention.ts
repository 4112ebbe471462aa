// Takes old rows out of the change log, from its beginning, and remembers how far. Reads no payload.

import { sql } from 'drizzle-orm'

import type { Database } from './database.ts'
import { read } from './read.ts'
import { toStatement } from './record-sql.ts'

export interface ChangeLogRetention {
  /** Rows younger than this stay, in milliseconds. */
  readonly maxAgeMs: number
  /** So many of the newest rows stay whatever their age. */
  readonly keepAtLeast: number
  /** Rows of one transaction: other writers get their turn in between. */
  readonly batch: number
}

/** Thirty days, and never the newest ten thousand rows. */
const CHANGE_LOG_RETENTION: ChangeLogRetention = {
  maxAgeMs: 30 * 24 * 60 * 60 * 1000,
  keepAtLeast: 10_000,
  batch: 500,
}

/**
 * Deletes what is too old and returns the number of rows.
 *
 * Only a beginning of the log ever goes, so that everything above the floor is whole: a young row keeps all after it.
 */
export async function pruneChangeLog(
  database: Database,
  rules: ChangeLogRetention = CHANGE_LOG_RETENTION,
): Promise<number> {
  const before = database.now() - rules.maxAgeMs
  const upTo = await newestToSpare(database, rules.keepAtLeast)
  let deleted = 0
  for (;;) {
    const oldest = await listOldest(database, rules.batch)
    const firstToStay = oldest.findIndex(({ seq, createdAt }) => seq > upTo || createdAt >= before)
    const old = firstToStay === -1 ? oldest : oldest.slice(0, firstToStay)
    const last = old.at(-1)
    if (last === undefined) return deleted
    await deleteUpTo(database, last.seq)
    deleted += old.length
    if (old.length < rules.batch) return deleted
  }
}

/** Returns the highest sequence number below the rows that stay for their number; 0 when there are no more than those. */
async function newestToSpare(database: Database, keepAtLeast: number): Promise<number> {
  const [row] = await read(database, (reads) =>
    reads.all<{ readonly seq: number }>(
      sql`SELECT seq FROM change_log ORDER BY seq DESC LIMIT 1 OFFSET ${keepAtLeast}`,
    ),
  )
  return row?.seq ?? 0
}

function listOldest(
  database: Database,
  limit: number,
): Promise<readonly { readonly seq: number; readonly createdAt: number }[]> {
  return read(database, (reads) =>
    reads.all(sql`SELECT seq, created_at AS createdAt FROM change_log ORDER BY seq LIMIT ${limit}`),
  )
}

/** Floor and deletion are one transaction: a reader never sees rows gone without the floor that says so. */
async function deleteUpTo(database: Database, seq: number): Promise<void> {
  await database.write(
    [
      sql`INSERT INTO change_log_floor (id, floor) VALUES (1, ${seq})
        ON CONFLICT (id) DO UPDATE SET floor = MAX(floor, excluded.floor)`,
      sql`DELETE FROM change_log WHERE seq <= ${seq}`,
    ].map(toStatement),
  )
}
