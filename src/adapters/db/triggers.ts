// The triggers that write row changes into the change log: one table of name and SQL, installed at every start and
// then looked for, because a rebuild of a table drops its triggers without a word.

import { AppError } from '../../domain/errors/app-error.ts'
import type { Database } from './database.ts'
import { textIn } from './row-values.ts'

const NOW_MS = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`

/** The columns whose changes are news, per table. Times of observation and update are not. */
const SESSION_COLUMNS = [
  'state',
  'pr_number',
  'branch',
  'base_ref',
  'agent',
  'runner_id',
  'last_synced_sha',
  'last_pushed_sha',
  'remote_moved',
] as const
const PULL_REQUEST_COLUMNS = [
  'title',
  'url',
  'author',
  'state',
  'is_draft',
  'head_ref',
  'head_sha',
  'head_repository_id',
  'base_ref',
  'base_sha',
] as const

const SESSION_IDS = `'session', NEW.id, 'project', NEW.project_id, 'pr', NEW.pr_number`
const PULL_REQUEST_IDS = `'project', NEW.project_id, 'pr', NEW.number, 'session', NEW.session_id`

/** Every trigger by its name, which is also the type of the change-log rows it writes. Payloads have schema 1. */
export const TRIGGERS = {
  session_created: trigger({
    name: 'session_created',
    on: 'AFTER INSERT ON sessions',
    ids: 'NEW.project_id, NEW.pr_number, NEW.id',
    payload: `json_object('v', 1, ${SESSION_IDS}, 'state', NEW.state, 'branch', NEW.branch, 'agent', NEW.agent, 'startedBy', NEW.started_by)`,
  }),
  session_updated: trigger({
    name: 'session_updated',
    on: `AFTER UPDATE ON sessions WHEN ${anyChanged(SESSION_COLUMNS)}`,
    ids: 'NEW.project_id, NEW.pr_number, NEW.id',
    payload: `json_object('v', 1, ${SESSION_IDS}, 'changed', ${changedColumns(SESSION_COLUMNS)})`,
  }),
  pr_created: trigger({
    name: 'pr_created',
    on: 'AFTER INSERT ON pull_requests',
    ids: 'NEW.project_id, NEW.number, NEW.session_id',
    payload: `json_object('v', 1, ${PULL_REQUEST_IDS}, 'state', NEW.state, 'headRef', NEW.head_ref, 'headSha', NEW.head_sha)`,
  }),
  pr_updated: trigger({
    name: 'pr_updated',
    on: `AFTER UPDATE ON pull_requests WHEN ${anyChanged(PULL_REQUEST_COLUMNS)}`,
    ids: 'NEW.project_id, NEW.number, NEW.session_id',
    payload: `json_object('v', 1, ${PULL_REQUEST_IDS}, 'changed', ${changedColumns(PULL_REQUEST_COLUMNS)})`,
  }),
  pr_session_changed: trigger({
    name: 'pr_session_changed',
    on: `AFTER UPDATE ON pull_requests WHEN ${anyChanged(['session_id'])}`,
    ids: 'NEW.project_id, NEW.number, NEW.session_id',
    payload: `json_object('v', 1, 'project', NEW.project_id, 'pr', NEW.number, 'old', OLD.session_id, 'new', NEW.session_id)`,
  }),
} as const

interface TriggerParts {
  readonly name: string
  readonly on: string
  readonly ids: string
  readonly payload: string
}

function trigger({ name, on, ids, payload }: TriggerParts): string {
  return `CREATE TRIGGER ${name} ${on} BEGIN
  INSERT INTO change_log (project_id, pr_number, session_id, type, payload, created_at)
  VALUES (${ids}, '${name}', ${payload}, ${NOW_MS});
END`
}

function anyChanged(columns: readonly string[]): string {
  return columns.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ')
}

/** Builds `{"<column>": {"old": …, "new": …}}` of the changed columns only. */
function changedColumns(columns: readonly string[]): string {
  const rows = columns.map(
    (column) =>
      `SELECT '${column}' AS name, OLD.${column} AS was, NEW.${column} AS became WHERE OLD.${column} IS NOT NEW.${column}`,
  )
  return `(SELECT json_group_object(name, json_object('old', was, 'new', became)) FROM (${rows.join(' UNION ALL ')}))`
}

/** Installs triggers that are missing or have another text; writes nothing when all are as they should be. */
export async function installTriggers(database: Database): Promise<void> {
  const found = await readTriggers(database)
  const statements = Object.entries(TRIGGERS).flatMap(([name, sql]) => {
    const present = found.get(name)
    if (present === sql) return []
    return present === undefined ? [sql] : [`DROP TRIGGER ${name}`, sql]
  })
  if (statements.length > 0) await database.write(statements)
}

/** Throws `DATABASE_TRIGGERS_MISSING` unless every trigger is there with its text. */
export async function assertTriggers(database: Database): Promise<void> {
  const found = await readTriggers(database)
  const missing = Object.entries(TRIGGERS).flatMap(([name, sql]) => (found.get(name) === sql ? [] : [name]))
  if (missing.length > 0) throw new AppError('DATABASE_TRIGGERS_MISSING', { missing })
}

async function readTriggers(database: Database): Promise<ReadonlyMap<string, string>> {
  const answer = await database.exclusive((client) =>
    client.execute(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`),
  )
  return new Map(answer.rows.map((row) => [textIn(row, 'name'), textIn(row, 'sql')]))
}
