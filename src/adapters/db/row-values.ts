// Reads values out of the driver's untyped rows. A value of another type is a mistake in the SQL beside it.

import type { Value } from '@libsql/client'

type Row = Readonly<Record<string, Value>>

/** Returns a text column. */
export function textIn(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string') return value
  throw new TypeError(`The column ${column} holds no text`)
}

/** Returns a number column. */
export function numberIn(row: Row, column: string): number {
  const value = row[column]
  if (typeof value === 'number') return value
  throw new TypeError(`The column ${column} holds no number`)
}
