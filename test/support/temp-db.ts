// A real database file for one test, migrated, and removed afterwards.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

import { openDatabase, type Database } from '../../src/adapters/db/database.ts'
import { migrate } from '../../src/adapters/db/migrate.ts'

export interface TempDatabase {
  readonly database: Database
  readonly file: string
  readonly url: string
}

/** Makes an empty folder that goes away with the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'belay-db-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Opens and migrates a database in a folder of its own; closed with the test. */
export async function openTempDatabase(
  options: { readonly now?: () => number; readonly patienceMs?: number; readonly file?: string } = {},
): Promise<TempDatabase> {
  const file = options.file ?? join(tempFolder(), 'belay.db')
  const url = `file:${file}`
  const { patienceMs } = options
  const database = await openDatabase({
    url,
    now: options.now ?? Date.now,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  })
  let isClosed = false
  onTestFinished(async () => {
    if (!isClosed) await database.close()
  })
  await migrate(database)
  const close = async (): Promise<void> => {
    isClosed = true
    await database.close()
  }
  return { database: { ...database, close }, file, url }
}
