// Reads many rows of a mirrored table as one text: the driver takes several times longer for thousands of rows than for
// one. Knows no column by name.

import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'

import type { MirroredRecords, MirroredTable } from '../../domain/mirror/records.ts'
import type { TableName } from '../../domain/records.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'
import { recordTable } from './record-sql.ts'

const PACKED: Readonly<Record<MirroredTable, true>> = {
  reviewThreads: true,
  reviewComments: true,
  reviews: true,
  checks: true,
}

/** Tells whether rows of a table can be read packed: their columns are texts, whole numbers and truth values. */
export function isPackable(table: TableName): table is MirroredTable {
  return table in PACKED
}

/** Returns all rows that match, in the order they were inserted. */
export async function listPacked<T extends MirroredTable>(
  database: Database,
  table: T,
  condition: SQL,
): Promise<readonly MirroredRecords[T][]> {
  const columns = Object.entries(getTableColumns(recordTable(table)))
  const names = columns.map(([, column]) => sql`${sql.identifier(column.name)}`)
  const matching = sql`SELECT * FROM ${recordTable(table)} WHERE ${condition} ORDER BY rowid`
  const packed = sql`SELECT json_group_array(json_array(${sql.join(names, sql`, `)})) AS packed FROM (${matching})`
  const [answer] = await read(database, (reads) => reads.all<{ readonly packed: string }>(packed))
  const rows = JSON.parse(answer?.packed ?? '[]') as readonly (readonly unknown[])[]
  const unpackedRows: unknown = rows.map((values) => unpacked(columns, values))
  return unpackedRows as readonly MirroredRecords[T][]
}

function unpacked(
  columns: readonly (readonly [string, SQLiteColumn])[],
  values: readonly unknown[],
): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {}
  for (const [position, [field, column]] of columns.entries()) {
    const value = values[position] ?? null
    row[field] = value === null ? null : column.mapFromDriverValue(value)
  }
  return row
}
