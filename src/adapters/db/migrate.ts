// Brings a database to the tables and triggers of this version. Works from source and from the built program alike.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate as runMigrations } from 'drizzle-orm/libsql/migrator'
import { readMigrationFiles } from 'drizzle-orm/migrator'

import { AppError } from '../../domain/errors/app-error.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'
import { assertTriggers, installTriggers } from './triggers.ts'

/** Applies what is missing, installs the triggers, and checks that all is there. Harmless to repeat. */
export async function migrate(database: Database): Promise<void> {
  await database.exclusive((client) =>
    runMigrations(drizzle(client), { migrationsFolder: migrationsFolder() }),
  )
  await installTriggers(database)
  await assertTriggers(database)
}

/** Tells whether the database has every migration of this version; one without any table of ours has not. */
export async function isMigrated(database: Database): Promise<boolean> {
  const newest = Math.max(
    ...readMigrationFiles({ migrationsFolder: migrationsFolder() }).map((file) => file.folderMillis),
  )
  const tables = await read(database, (reads) =>
    reads.all(sql`SELECT name FROM sqlite_master WHERE name = '__drizzle_migrations'`),
  )
  if (tables.length === 0) return false
  const [row] = await read(database, (reads) =>
    reads.all<{ readonly applied: number }>(sql`SELECT MAX(created_at) AS applied FROM __drizzle_migrations`),
  )
  return Number(row?.applied) >= newest
}

/** Finds `drizzle/` beside package.json, above `src` as well as above `dist`. */
function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'drizzle', 'meta', '_journal.json'))) {
    const parent = dirname(folder)
    if (parent === folder)
      throw new AppError('DATABASE_UNAVAILABLE', { reason: 'the program came without its migrations' })
    folder = parent
  }
  return join(folder, 'drizzle')
}
