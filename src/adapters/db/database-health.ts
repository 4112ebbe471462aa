// What an operator wants to know of the database: can it be written, and what is stuck. Changes nothing.

import { sql } from 'drizzle-orm'

import { isAppError } from '../../domain/errors/app-error.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'

/** Rows that wait or that a person has to look at. */
export interface StuckCounts {
  readonly pendingDeliveries: number
  readonly deadDeliveries: number
  readonly pendingJobs: number
  readonly deadJobs: number
  readonly pendingEffects: number
  readonly deadEffects: number
}

/** Returns how much waits and how much is dead. */
export async function countStuck(database: Database): Promise<StuckCounts> {
  const [counts] = await read(database, (reads) =>
    reads.all<StuckCounts>(sql`SELECT
      (SELECT COUNT(*) FROM inbox WHERE status = 'pending') AS pendingDeliveries,
      (SELECT COUNT(*) FROM inbox WHERE status = 'dead') AS deadDeliveries,
      (SELECT COUNT(*) FROM jobs WHERE state = 'pending') AS pendingJobs,
      (SELECT COUNT(*) FROM jobs WHERE state = 'dead') AS deadJobs,
      (SELECT COUNT(*) FROM effects WHERE state IN ('pending', 'sending')) AS pendingEffects,
      (SELECT COUNT(*) FROM effects WHERE state = 'dead') AS deadEffects`),
  )
  if (counts === undefined) throw new TypeError('A count without a row')
  return counts
}

/** Tells whether a write would be taken now; an empty transaction that still needs the write lock. */
export async function isWritable(database: Database): Promise<boolean> {
  try {
    await database.write(['DELETE FROM guards'])
    return true
  } catch (error) {
    if (isAppError(error, 'DATABASE_UNAVAILABLE')) return false
    throw error
  }
}
