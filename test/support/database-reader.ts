// Reads the program's database from outside, as another program would: own connection, plain SQL, nothing written.
import { createClient } from '@libsql/client'
import type { Client, Row } from '@libsql/client'
import type { Records } from '../../src/domain/records.ts'

/** Rows of a table whose columns are named as the record's fields. */
export type TableOf<T extends keyof Records> = readonly Records[T][]

/** One row of the change log. */
export interface ChangeLogRow {
  readonly seq: number
  readonly type: string
  readonly prNumber: number | null
  readonly sessionId: string | null
  readonly payload: Readonly<Record<string, unknown>>
  readonly createdAt: number
}

/** A reader of one database file. */
export class DatabaseReader {
  readonly #url: string
  #client: Client | null = null

  constructor(url: string) {
    this.#url = url
  }

  /** Returns all rows of a table of records, in the order they were inserted. */
  async table<T extends keyof Records>(name: T): Promise<TableOf<T>> {
    return (await this.query(`SELECT * FROM ${snakeCase(name)} ORDER BY rowid`)) as unknown as TableOf<T>
  }

  /** Returns the change log in order. */
  async changeLog(): Promise<readonly ChangeLogRow[]> {
    return (await this.query('SELECT * FROM change_log ORDER BY seq')) as unknown as readonly ChangeLogRow[]
  }

  /** Returns rows with camelCase names; JSON columns are parsed. */
  async query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    this.#client ??= createClient({ url: this.#url })
    try {
      const { rows, columns } = await this.#client.execute(sql)
      return rows.map((row) => toRecord(row, columns))
    } catch (error) {
      // A connection that met a lock stays broken; the next question gets a new one.
      this.close()
      throw error
    }
  }

  close(): void {
    this.#client?.close()
    this.#client = null
  }
}

function toRecord(row: Row, columns: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(columns.map((column) => [camelCase(column), toValue(row[column])]))
}

function toValue(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    // A text that only looks like JSON.
    return value
  }
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
