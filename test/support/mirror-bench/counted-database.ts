// A database that counts: statements at its door, and rows written to the tables of the mirror, changed or not. Knows no
// workflow.

import type { Database } from '../../../src/adapters/db/database.ts'
import type { DatabaseReader } from '../database-reader.ts'

export interface StatementCounts {
  reads: number
  writes: number
}

/** Returns the database with a counter of the statements that go through it. */
export function countStatements(database: Database): {
  readonly database: Database
  readonly counts: StatementCounts
} {
  const counts: StatementCounts = { reads: 0, writes: 0 }
  const reads = new Proxy(database.reads, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      // Every question to drizzle begins with one call here.
      return (...args: unknown[]): unknown => {
        counts.reads += 1
        return (value as (...all: unknown[]) => unknown).apply(target, args)
      }
    },
  })
  const counted: Database = {
    ...database,
    reads,
    write: (statements) => {
      counts.writes += statements.length
      return database.write(statements)
    },
  }
  return { database: counted, counts }
}

const TABLES = ['pull_requests', 'mirrors', 'review_threads', 'review_comments', 'reviews', 'checks'] as const

/** Has the database note every row of the mirror that is written from now on, also when nothing in it changes. */
export async function noteRowWrites(database: Database): Promise<void> {
  const triggers = TABLES.flatMap((table) =>
    ['INSERT', 'UPDATE', 'DELETE'].map(
      (verb) => `CREATE TRIGGER note_${verb}_${table} AFTER ${verb} ON ${table}
        BEGIN INSERT INTO row_writes VALUES ('${table}'); END`,
    ),
  )
  await database.write(['CREATE TABLE row_writes (written TEXT NOT NULL)', ...triggers])
}

/** Returns how many rows of the mirror were written since noting began. */
export async function countRowWrites(reader: DatabaseReader): Promise<number> {
  const [row] = await reader.query('SELECT COUNT(*) AS count FROM row_writes')
  return Number(row?.['count'])
}
