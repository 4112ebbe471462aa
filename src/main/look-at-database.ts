// Opens the database for looking, beside a running process or without one. Makes no file and takes no lock.

import { existsSync } from 'node:fs'
import { databaseFile } from '../adapters/db/database-url.ts'
import { openDatabase, type Database } from '../adapters/db/database.ts'
import { isMigrated } from '../adapters/db/migrate.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import { withoutCredentials } from '../domain/config/environment-values.ts'
import type { RecordsPlace } from '../domain/config/operator-config.ts'
import { AppError, isAppError } from '../domain/errors/app-error.ts'

/** Returns what `use` found; throws `DATABASE_UNREADABLE` when there is nothing that it could look at. */
export async function lookAtDatabase<T>(
  { url, authToken }: RecordsPlace['database'],
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const file = databaseFile(url)
  const shown = file ?? withoutCredentials(url)
  const unreadable = (reason: string, cause?: unknown): AppError<'DATABASE_UNREADABLE'> =>
    new AppError('DATABASE_UNREADABLE', { database: shown, reason }, { cause })
  if (file !== null && !existsSync(file)) throw unreadable('there is no such file')
  try {
    const token = authToken === null ? {} : { authToken }
    const database = await openDatabase({ url, ...token, access: 'read', now: systemClock.now })
    try {
      if (await isMigrated(database)) return await use(database)
      throw unreadable('it does not have the tables of this version, which `belay migrate` makes')
    } finally {
      await database.close()
    }
  } catch (error) {
    if (isAppError(error, 'DATABASE_UNAVAILABLE')) throw unreadable(error.details.reason, error)
    throw error
  }
}
