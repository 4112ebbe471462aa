// Records to SQL: the one place where a table's name, its drizzle table and its record type are joined, so the casts
// that TypeScript needs for it are here and nowhere else. Knows nothing of transactions.

import { and, eq, getTableColumns, inArray, isNull, or, sql, type SQL } from 'drizzle-orm'
import {
  getTableConfig,
  SQLiteSyncDialect,
  type SQLiteColumn,
  type SQLiteTable,
} from 'drizzle-orm/sqlite-core'
import type { InStatement, InValue } from '@libsql/client'

import type { TableName } from '../../domain/records.ts'
import { RECORD_TABLES } from './schema/records.ts'

type Values = Readonly<Record<string, unknown>>

const dialect = new SQLiteSyncDialect()

/** Returns the statement the driver takes, with every value as a bound parameter. */
export function toStatement(query: SQL): InStatement {
  const { sql: text, params } = dialect.sqlToQuery(query)
  return { sql: text, args: params as InValue[] }
}

/** Returns the drizzle table of a record. */
export function recordTable(name: TableName): SQLiteTable {
  return RECORD_TABLES[name]
}

/** Returns a column by the record's field name; an unknown field is a mistake in the program. */
function columnOf(name: TableName, field: string): SQLiteColumn {
  const column = getTableColumns(recordTable(name))[field]
  if (column === undefined) throw new TypeError(`The table ${name} has no field ${field}`)
  return column
}

function columnsOf(name: TableName): readonly (readonly [string, SQLiteColumn])[] {
  return Object.entries(getTableColumns(recordTable(name)))
}

/** Returns the fields of the primary key. */
export function keyFields(name: TableName): readonly string[] {
  const composite = getTableConfig(recordTable(name)).primaryKeys[0]?.columns
  const isKey = (column: SQLiteColumn) => composite?.includes(column) ?? column.primary
  return columnsOf(name).flatMap(([field, column]) => (isKey(column) ? [field] : []))
}

/** Returns the condition that every named field equals its value; null matches null. Fields that are undefined do not count. */
export function equals(name: TableName, values: Values): SQL {
  return all(
    Object.entries(values).flatMap(([field, value]) =>
      value === undefined ? [] : [isValue(name, field, value)],
    ),
  )
}

/** Like `equals`, but a list means any of its values, an empty one none. */
export function matches(name: TableName, where: Values): SQL {
  const parts = Object.entries(where).flatMap(([field, value]) => {
    if (value === undefined) return []
    return [Array.isArray(value) ? isAnyOf(name, field, value) : isValue(name, field, value)]
  })
  return all(parts)
}

function isValue(name: TableName, field: string, value: unknown): SQL {
  const column = columnOf(name, field)
  return value === null ? isNull(column) : eq(column, value)
}

function isAnyOf(name: TableName, field: string, values: readonly unknown[]): SQL {
  const present = values.filter((value) => value !== null)
  const inList = present.length === 0 ? sql`0` : inArray(columnOf(name, field), present)
  return values.length === present.length ? inList : (or(inList, isNull(columnOf(name, field))) ?? sql`0`)
}

function all(parts: readonly SQL[]): SQL {
  return and(...parts) ?? sql`1`
}

/** Returns the plain INSERT of a record. */
export function insertSql(name: TableName, row: Values): SQL {
  const fields = columnsOf(name)
  const names = sql.join(
    fields.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  )
  const values = sql.join(
    fields.map(([field, column]) => bound(column, row[field])),
    sql`, `,
  )
  return sql`INSERT INTO ${recordTable(name)} (${names}) VALUES (${values})`
}

/**
 * Returns the INSERT that replaces the row with the same primary key, and writes nothing when it is the same already.
 *
 * Invariant: of a pull request an older observation never overwrites a newer one.
 */
export function upsertSql(name: TableName, row: Values): SQL {
  const keys = keyFields(name)
  const rest = columnsOf(name).filter(([field]) => !keys.includes(field))
  const target = sql.join(
    keys.map((field) => sql.identifier(columnOf(name, field).name)),
    sql`, `,
  )
  const sets = rest.map(
    ([, column]) => sql`${sql.identifier(column.name)} = excluded.${sql.identifier(column.name)}`,
  )
  const changed = rest.map(([, column]) => sql`${column} IS NOT excluded.${sql.identifier(column.name)}`)
  const isNewer =
    name === 'pullRequests' ? sql` AND excluded.observed_at >= pull_requests.observed_at` : sql``
  return sql`${insertSql(name, row)} ON CONFLICT (${target}) DO UPDATE SET ${sql.join(sets, sql`, `)} WHERE (${sql.join(changed, sql` OR `)})${isNewer}`
}

/** Returns the UPDATE of the named fields, which touches no row that has these values already. */
export function updateSql(name: TableName, where: Values, set: Values): SQL {
  const changes = Object.entries(set).filter(([, value]) => value !== undefined)
  const sets = changes.map(([field, value]) => {
    const column = columnOf(name, field)
    return sql`${sql.identifier(column.name)} = ${bound(column, value)}`
  })
  const changed = changes.map(
    ([field, value]) => sql`${columnOf(name, field)} IS NOT ${bound(columnOf(name, field), value)}`,
  )
  return sql`UPDATE ${recordTable(name)} SET ${sql.join(sets, sql`, `)} WHERE ${equals(name, where)} AND (${sql.join(changed, sql` OR `)})`
}

function bound(column: SQLiteColumn, value: unknown): SQL {
  return value === null || value === undefined ? sql`NULL` : sql`${sql.param(value, column)}`
}
