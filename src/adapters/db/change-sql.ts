// Changes to statements: what each change of a transaction becomes, and what it means when one of its statements
// breaks a rule. Runs nothing.

import { sql, type SQL } from 'drizzle-orm'

import { assertNever } from '../../domain/assert-never.ts'
import type { Change } from '../../domain/changes.ts'
import { effectKey, type Effect } from '../../domain/effects.ts'
import type { CommitOutcome, LaneHold } from '../../ports/store.ts'
import { enqueueQuietSql, enqueueSql } from './enqueue-sql.ts'
import { fenceCondition, guardCondition, refuseUnless } from './guard-sql.ts'
import { equals, insertSql, keyFields, recordTable, updateSql, upsertSql } from './record-sql.ts'
import { storeSetSql } from './store-set-sql.ts'

/** Why a transaction was refused. */
export type Refusal =
  | Extract<CommitOutcome, { readonly kind: 'refused' }>['because']
  | { readonly kind: 'lane_lost' }
  | { readonly kind: 'not_ours' }

/** One statement, and what a broken rule in it means; null when a broken rule is a mistake in the program. */
export interface PlannedStatement {
  readonly query: SQL
  readonly onCheck: Refusal | null
  readonly onUnique: Refusal | null
}

/** Returns a statement that is a condition of the transaction. */
export function condition(query: SQL, refusal: Refusal): PlannedStatement {
  return { query: refuseUnless(query), onCheck: refusal, onUnique: null }
}

/** Returns a statement that no rule can refuse. */
export function plain(query: SQL): PlannedStatement {
  return { query, onCheck: null, onUnique: null }
}

/** Returns the fence of a lane as the first condition of a transaction. */
export function fenceOf(lane: LaneHold): PlannedStatement {
  return condition(fenceCondition(lane), { kind: 'lane_lost' })
}

/** Returns the statements of a change, in order. */
export function planChange(change: Change, now: number): readonly PlannedStatement[] {
  switch (change.kind) {
    case 'insert':
      return [
        writing(insertSql(change.table, { ...change.row }), { kind: 'already_exists', table: change.table }),
      ]
    case 'upsert':
      return [
        writing(upsertSql(change.table, { ...change.row }), { kind: 'already_exists', table: change.table }),
      ]
    case 'update':
      return planUpdate(change)
    case 'require':
      return [condition(guardCondition(change.guard), { kind: 'guard', guard: change.guard })]
    case 'enqueue':
      return enqueueSql(change, now).map(plain)
    case 'enqueue_quiet':
      return enqueueQuietSql(change, now).map(plain)
    case 'store_set':
      return storeSetSql(change).map(plain)
    case 'put_effect':
      return [plain(putEffect(change.effect, now))]
    case 'log':
      return [plain(appendLog(change, now))]
    default:
      return assertNever(change)
  }
}

function writing(query: SQL, refusal: Refusal): PlannedStatement {
  return { query, onCheck: null, onUnique: refusal }
}

function planUpdate(change: Extract<Change, { readonly kind: 'update' }>): readonly PlannedStatement[] {
  const { table, where, set, expect = {} } = change
  const unnamed = keyFields(table).filter((field) => !(field in where))
  if (unnamed.length > 0) throw new TypeError(`An update of ${table} must name ${unnamed.join(' and ')}`)
  const row = sql`SELECT 1 FROM ${recordTable(table)} WHERE ${equals(table, { ...where })} AND ${equals(table, { ...expect })}`
  const holds = condition(sql`EXISTS (${row})`, { kind: 'expectation', table })
  if (Object.keys(set).length === 0) return [holds]
  return [holds, writing(updateSql(table, { ...where }, { ...set }), { kind: 'already_exists', table })]
}

/**
 * Mutable effects store desired state: a new payload is a new version, and an equal one changes nothing.
 *
 * A dead effect is tried again whenever it is stored again, reactions too: what GitHub refused once, for lack of a
 * permission say, has no other way out. While the older version is on its way the row stays `sending`; whoever sent it
 * sees the grown version afterwards.
 */
function putEffect(effect: Effect, now: number): SQL {
  const insertion = sql`INSERT INTO effects
    (key, target, kind, payload, version, state, may_exist, is_final, attempts, run_at, created_at, updated_at)
    VALUES (${effectKey(effect)}, ${effect.target}, ${effect.kind}, ${JSON.stringify(effect)}, 1, 'pending', 0, 0, 0, ${now}, ${now}, ${now})`
  const isWanted =
    effect.kind === 'reaction' ? sql`state = 'dead'` : sql`state = 'dead' OR payload IS NOT excluded.payload`
  return sql`${insertion} ON CONFLICT (key) DO UPDATE SET
    payload = excluded.payload,
    version = version + (payload IS NOT excluded.payload),
    run_at = CASE state WHEN 'pending' THEN run_at ELSE excluded.run_at END,
    attempts = CASE state WHEN 'pending' THEN attempts ELSE 0 END,
    last_error = CASE state WHEN 'pending' THEN last_error END,
    state = CASE state WHEN 'sending' THEN 'sending' ELSE 'pending' END,
    updated_at = excluded.updated_at
    WHERE ${isWanted}`
}

function appendLog(change: Extract<Change, { readonly kind: 'log' }>, now: number): SQL {
  const { type, projectId, prNumber, sessionId, payload, once } = change
  return sql`INSERT INTO change_log (project_id, pr_number, session_id, type, payload, created_at, once_key)
    VALUES (${projectId}, ${prNumber}, ${sessionId}, ${type}, ${JSON.stringify(payload)}, ${now}, ${once})
    ON CONFLICT (once_key) DO NOTHING`
}
