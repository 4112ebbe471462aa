// Reads with the errors of the driver translated. Runs no transaction.

import type { LibSQLDatabase } from 'drizzle-orm/libsql'

import { classifyDriverError, toUnavailable } from './database-error.ts'
import type { Database } from './database.ts'

/** Runs a query on the reading connection, or throws `DATABASE_UNAVAILABLE`. */
export async function read<T>(database: Database, query: (reads: LibSQLDatabase) => Promise<T>): Promise<T> {
  try {
    return await query(database.reads)
  } catch (error) {
    throw toUnavailable(classifyDriverError(error), error)
  }
}
