// The triggers that write row changes into the change log: one table of name and SQL, installed at every start and
// then looked for, because a rebuild of a table drops its triggers without a word.

import { AppError } from '../../domain/errors/app-error.ts'
import type { Database } from './database.ts'
import { MIRROR_TRIGGERS } from './mirror-triggers.ts'
import { textIn } from './row-values.ts'
import { anyChanged, changedColumns, triggerSql, type TriggerParts } from './trigger-sql.ts'

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

const RECORD_TRIGGERS: readonly TriggerParts[] = [
  {
    name: 'session_created',
    on: 'AFTER INSERT ON sessions',
    ids: 'NEW.project_id, NEW.pr_number, NEW.id',
    payload: `json_object('v', 1, ${SESSION_IDS}, 'state', NEW.state, 'branch', NEW.branch, 'agent', NEW.agent, 'startedBy', NEW.started_by)`,
  },
  {
    name: 'session_updated',
    on: `AFTER UPDATE ON sessions WHEN ${anyChanged(SESSION_COLUMNS)}`,
    ids: 'NEW.project_id, NEW.pr_number, NEW.id',
    payload: `json_object('v', 1, ${SESSION_IDS}, 'changed', ${changedColumns(SESSION_COLUMNS)})`,
  },
  {
    name: 'pr_created',
    on: 'AFTER INSERT ON pull_requests',
    ids: 'NEW.project_id, NEW.number, NEW.session_id',
    payload: `json_object('v', 1, ${PULL_REQUEST_IDS}, 'state', NEW.state, 'headRef', NEW.head_ref, 'headSha', NEW.head_sha)`,
  },
  {
    name: 'pr_updated',
    on: `AFTER UPDATE ON pull_requests WHEN ${anyChanged(PULL_REQUEST_COLUMNS)}`,
    ids: 'NEW.project_id, NEW.number, NEW.session_id',
    payload: `json_object('v', 1, ${PULL_REQUEST_IDS}, 'changed', ${changedColumns(PULL_REQUEST_COLUMNS)})`,
  },
  {
    name: 'pr_session_changed',
    on: `AFTER UPDATE ON pull_requests WHEN ${anyChanged(['session_id'])}`,
    ids: 'NEW.project_id, NEW.number, NEW.session_id',
    payload: `json_object('v', 1, 'project', NEW.project_id, 'pr', NEW.number, 'old', OLD.session_id, 'new', NEW.session_id)`,
  },
]

/** The statement of every trigger, by its name. Payloads have schema 1. */
export const TRIGGERS: Readonly<Record<string, string>> = Object.fromEntries(
  [...RECORD_TRIGGERS, ...MIRROR_TRIGGERS].map((parts) => [parts.name, triggerSql(parts)]),
)

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
