// The tables are the records: the same fields with the same types, proven by the compiler, and the names of the
// public contract.

import { getTableColumns, getTableName } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'

import * as machinery from '../../../src/adapters/db/schema/machinery.ts'
import { RECORD_TABLES } from '../../../src/adapters/db/schema/records.ts'
import type { Records, TableName } from '../../../src/domain/records.ts'

type Tables = typeof RECORD_TABLES
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
type Mismatch = {
  [T in TableName]: Same<Tables[T]['$inferSelect'], Records[T]> extends true ? never : T
}[TableName]
type FieldMismatch = {
  [T in TableName]: Same<keyof Tables[T]['$inferSelect'], keyof Records[T]> extends true ? never : T
}[TableName]

/** Compiles only while no table differs from its record. */
const NO_MISMATCH: readonly [Mismatch, FieldMismatch][] = [] satisfies readonly [never, never][]
const PROOF: [Mismatch] extends [never]
  ? [FieldMismatch] extends [never]
    ? true
    : FieldMismatch
  : Mismatch = true

describe('RECORD_TABLES', () => {
  it('has the fields and types of every record', () => {
    expect(PROOF).toBe(true)
    expect(NO_MISMATCH).toEqual([])
  })

  it('names columns in snake_case after their fields', () => {
    const snake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const tables: readonly SQLiteTable[] = [
      ...Object.values(RECORD_TABLES),
      ...Object.values(machinery).filter((value) => typeof value === 'object'),
    ]
    expect(tables).toHaveLength(35)
    for (const table of tables) {
      for (const [field, column] of Object.entries(getTableColumns(table)))
        expect(column.name).toBe(snake(field))
    }
  })

  it('uses the table names other programs may read', () => {
    const names = [...Object.values(RECORD_TABLES), ...Object.values(machinery)].map((table) =>
      getTableName(table),
    )
    expect(names.toSorted()).toEqual([
      'alerts',
      'attempts',
      'audit_log',
      'backups',
      'change_log',
      'change_log_floor',
      'check_runs',
      'checks',
      'commands',
      'contract_tasks',
      'contracts',
      'decisions',
      'effects',
      'guards',
      'idempotency_keys',
      'inbox',
      'jobs',
      'lanes',
      'mirrors',
      'nudges',
      'overseers',
      'phase_runs',
      'pipelines',
      'projects',
      'proposals',
      'pull_requests',
      'review_comments',
      'review_threads',
      'reviews',
      'seen_comments',
      'sessions',
      'sync_operations',
      'sync_steps',
      'verdicts',
      'watermarks',
    ])
  })
})
