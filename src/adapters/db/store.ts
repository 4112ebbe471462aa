// The store of workflows on libsql: reads see committed rows, a commit is one transaction. Knows no workflow.

import { sql } from 'drizzle-orm'

import { AppError } from '../../domain/errors/app-error.ts'
import type { Change } from '../../domain/changes.ts'
import type { Records, TableName } from '../../domain/records.ts'
import type { CommitOutcome, LaneHold, Store, Where } from '../../ports/store.ts'
import { fenceOf } from './change-sql.ts'
import { laneLost, planChanges, runTransaction, wakeFor } from './commit-changes.ts'
import type { Database } from './database.ts'
import { isPackable, listPacked } from './list-packed.ts'
import { read } from './read.ts'
import { matches, recordTable } from './record-sql.ts'

/** Makes the store of an open database. */
export function createStore(database: Database): Store {
  return {
    find: async (table, where) => (await listRows({ database, table, where, limit: 1 }))[0] ?? null,
    list: (table, where) => listAll(database, table, where),
    commit: (changes, lane) => commitChanges(database, changes, lane),
  }
}

interface Query<T extends TableName> {
  readonly database: Database
  readonly table: T
  readonly where: Where<T>
  /** -1 is no limit. */
  readonly limit: number
}

function listAll<T extends TableName>(
  database: Database,
  table: T,
  where: Where<T>,
): Promise<readonly Records[T][]> {
  if (!isPackable(table)) return listRows({ database, table, where, limit: -1 })
  return listPacked(database, table, matches(table, where)) as Promise<readonly Records[T][]>
}

/** Drizzle decodes the columns; that the rows are the table's records is what the schema's type test proves. */
async function listRows<T extends TableName>({
  database,
  table,
  where,
  limit,
}: Query<T>): Promise<readonly Records[T][]> {
  const rows = await read(database, (reads) =>
    reads
      .select()
      .from(recordTable(table))
      .where(matches(table, where))
      .orderBy(sql`rowid`)
      .limit(limit),
  )
  return rows as unknown as readonly Records[T][]
}

async function commitChanges(
  database: Database,
  changes: readonly Change[],
  lane: LaneHold | null,
): Promise<CommitOutcome> {
  const fence = lane === null ? [] : [fenceOf(lane)]
  const outcome = await runTransaction(database, [...fence, ...planChanges(changes, database.now())])
  if (outcome.kind === 'committed') {
    wakeFor(database, changes)
    return outcome
  }
  return toCommitOutcome(outcome, lane)
}

/** Narrows a transaction's refusal to what a caller with this lane can meet. */
export function toCommitOutcome(
  outcome: Awaited<ReturnType<typeof runTransaction>>,
  lane: LaneHold | null,
): CommitOutcome {
  if (outcome.kind === 'committed') return outcome
  const { because } = outcome
  if (because.kind === 'lane_lost' || because.kind === 'not_ours') {
    throw lane === null ? new AppError('INTERNAL_ERROR', {}) : laneLost(lane)
  }
  return { kind: 'refused', because }
}
