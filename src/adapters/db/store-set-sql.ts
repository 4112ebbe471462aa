// What a read of a list on GitHub does to its copy, as SQL: one upsert of all new and changed rows, one delete of those
// that are gone. Knows the columns of the tables and nothing of what they mean.

import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'

import type { Change } from '../../domain/changes.ts'
import { storableText } from '../../domain/mirror/storable-text.ts'
import { keyFields, recordTable } from './record-sql.ts'

export type StoreSet = Extract<Change, { readonly kind: 'store_set' }>

/** Times that only grow: a row with an earlier one is not newer, whatever order reads are stored in. */
const NEVER_BACK: readonly string[] = ['observedAt', 'updatedAt']

/** Returns no statement, one or two: an upsert, then a delete. */
export function storeSetSql(change: StoreSet): readonly SQL[] {
  return [
    ...(change.upserts.length === 0 ? [] : [upsertAll(change)]),
    ...(change.deletes.length === 0 ? [] : [deleteAll(change)]),
  ]
}

/**
 * The rows travel as one JSON parameter, so their number changes no statement.
 *
 * Invariant: never a delete and an insert for a row that stays, or its triggers would tell of a new one.
 */
function upsertAll({ table, upserts }: StoreSet): SQL {
  const columns = Object.entries(getTableColumns(recordTable(table)))
  const keys = keyFields(table)
  const rest = columns.filter(([field]) => !keys.includes(field))
  const rows = upserts.map((row) =>
    columns.map(([field, column]) => encoded(column, row[field as keyof typeof row])),
  )
  const values = columns.map((_, position) => sql.raw(`value ->> ${position}`))
  const differs = rest.filter(([field]) => field !== 'observedAt').map(([, column]) => differing(column))
  const isNoOlder = rest.filter(([field]) => NEVER_BACK.includes(field)).map(([, column]) => noOlder(column))
  return sql`INSERT INTO ${recordTable(table)} (${list(columns.map(([, column]) => name(column)))})
    SELECT ${list(values)} FROM json_each(${JSON.stringify(rows)}) WHERE true
    ON CONFLICT (${list(columns.filter(([field]) => keys.includes(field)).map(([, column]) => name(column)))})
    DO UPDATE SET ${list(rest.map(([, column]) => sql`${name(column)} = excluded.${name(column)}`))}
    WHERE (${sql.join(differs, sql` OR `)}) AND ${sql.join(isNoOlder, sql` AND `)}`
}

function deleteAll({ table, projectId, prNumber, deletes }: StoreSet): SQL {
  return sql`DELETE FROM ${recordTable(table)} WHERE project_id = ${projectId} AND pr_number = ${prNumber}
    AND id IN (SELECT value FROM json_each(${JSON.stringify(deletes)}))`
}

function name(column: SQLiteColumn): SQL {
  return sql`${sql.identifier(column.name)}`
}

function differing(column: SQLiteColumn): SQL {
  return sql`${column} IS NOT excluded.${name(column)}`
}

function noOlder(column: SQLiteColumn): SQL {
  return sql`excluded.${name(column)} >= ${column}`
}

function list(parts: readonly SQL[]): SQL {
  return sql.join([...parts], sql`, `)
}

/** Returns the value as the driver would bind it, or its driver could not read it back. */
function encoded(column: SQLiteColumn, value: unknown): unknown {
  if (value === null || value === undefined) return null
  const bound = column.mapToDriverValue(value)
  return typeof bound === 'string' ? storableText(bound) : bound
}
