// The schema of the change log's payloads: one number in every payload, by which a reader knows what it may expect.

import { AppError } from '../../domain/errors/app-error.ts'
import type { Database } from './database.ts'
import { textIn } from './row-values.ts'

/** The `v` of every payload this version writes. */
export const PAYLOAD_SCHEMA = 1

/** Everything of a trigger after one mention of the log and before the next. */
const WRITES = /\bINSERT\s+INTO\s+change_log\b(?:(?!\bINSERT\s+INTO\b)[\s\S])*/giu

/**
 * Throws `CHANGE_LOG_SCHEMA_UNKNOWN` when a trigger of the database writes payloads of another schema or of none.
 *
 * It looks at every trigger that is there: one that another version left behind goes on writing in silence.
 */
export async function assertPayloadSchema(database: Database): Promise<void> {
  const { rows } = await database.exclusive((client) =>
    client.execute(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name`),
  )
  const triggers = rows.flatMap((row) => (writesSchema(textIn(row, 'sql')) ? [] : [textIn(row, 'name')]))
  if (triggers.length > 0)
    throw new AppError('CHANGE_LOG_SCHEMA_UNKNOWN', { schema: PAYLOAD_SCHEMA, triggers })
}

function writesSchema(triggerSql: string): boolean {
  const writes = triggerSql.match(WRITES) ?? []
  return writes.every((write) => new RegExp(`'v'\\s*,\\s*${PAYLOAD_SCHEMA}\\b`, 'u').test(write))
}
