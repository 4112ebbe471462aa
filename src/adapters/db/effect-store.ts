// Effects on libsql: taking them in order per target, and what is stored after a try. Knows no GitHub.

import type { Row } from '@libsql/client'
import { sql } from 'drizzle-orm'

import { assertNever } from '../../domain/assert-never.ts'
import type { Effect } from '../../domain/effects.ts'
import { redactSecrets } from '../../domain/redact-secrets.ts'
import type { EffectQueue, EffectResult, TakenEffect } from '../../ports/effect-queue.ts'
import { backoffMs, type Random } from './backoff.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'
import { toStatement } from './record-sql.ts'
import { numberIn, textIn } from './row-values.ts'

/** Longest error text that is kept, in characters. */
const LONGEST_REASON = 2_000

/** Makes the effect queue of an open database. */
export function createEffectQueue(database: Database, random: Random = Math.random): EffectQueue {
  return {
    take: (limit, now) => takeEffects(database, limit, now),
    settle: (taken, result) => settleEffect({ database, taken, result, random }),
    nextDueAt: () => nextDueAt(database),
    recoverInterrupted: () => recoverInterrupted(database),
  }
}

/** The effects that are due and that nothing older of the same target is in front of. */
const FIRST_IN_LINE = sql`state = 'pending' AND NOT EXISTS (
  SELECT 1 FROM effects earlier
  WHERE earlier.target = effects.target AND earlier.id < effects.id AND earlier.state IN ('pending', 'sending')
)`

/** Set when it is taken, not when it is sent: after a crash nobody knows whether GitHub completed the run. */
const IS_COMPLETION = sql`(kind = 'check_run' AND json_extract(payload, '$.state.status') = 'completed')`

async function takeEffects(database: Database, limit: number, now: number): Promise<readonly TakenEffect[]> {
  if (limit <= 0) return []
  const [answer] = await database.write([
    toStatement(sql`UPDATE effects SET state = 'sending', is_final = is_final OR ${IS_COMPLETION}, updated_at = ${now}
      WHERE id IN (SELECT id FROM effects WHERE ${FIRST_IN_LINE} AND run_at <= ${now} ORDER BY id LIMIT ${limit})
      RETURNING id, payload, version, remote_id, may_exist, is_final, attempts`),
  ])
  return (answer?.rows ?? []).map((row) => decodeTaken(row)).toSorted((one, other) => one.id - other.id)
}

function decodeTaken(row: Row): TakenEffect {
  const remoteId = row['remote_id']
  return {
    id: numberIn(row, 'id'),
    effect: JSON.parse(textIn(row, 'payload')) as Effect,
    version: numberIn(row, 'version'),
    remoteId: typeof remoteId === 'string' ? remoteId : null,
    mayExist: row['may_exist'] === 1,
    isFinal: row['is_final'] === 1,
    attempts: numberIn(row, 'attempts'),
  }
}

interface Settlement {
  readonly database: Database
  readonly taken: TakenEffect
  readonly result: EffectResult
  readonly random: Random
}

async function settleEffect(settlement: Settlement): Promise<'sent' | 'pending' | 'dead'> {
  const [answer] = await settlement.database.write([settleStatement(settlement)])
  const state = answer?.rows[0]?.['state']
  return state === 'sent' || state === 'dead' ? state : 'pending'
}

function settleStatement({ database, taken, result, random }: Settlement) {
  const now = database.now()
  const mine = sql`WHERE id = ${taken.id} AND state = 'sending' RETURNING state`
  const isNewest = sql`version = ${taken.version}`
  switch (result.kind) {
    case 'sent':
      return toStatement(sql`UPDATE effects SET state = CASE WHEN ${isNewest} THEN 'sent' ELSE 'pending' END,
        remote_id = COALESCE(${result.remoteId}, remote_id), attempts = 0, last_error = NULL, updated_at = ${now} ${mine}`)
    case 'dead':
      return toStatement(sql`UPDATE effects SET state = CASE WHEN ${isNewest} THEN 'dead' ELSE 'pending' END,
        last_error = ${kept(result.reason)}, updated_at = ${now} ${mine}`)
    case 'try_later': {
      const attempts = taken.attempts + 1
      const runAt = now + backoffMs(attempts, random, result.afterMs)
      return toStatement(sql`UPDATE effects SET state = 'pending', may_exist = 1, attempts = ${attempts},
        run_at = ${runAt}, last_error = ${kept(result.reason)}, updated_at = ${now} ${mine}`)
    }
    default:
      return assertNever(result)
  }
}

async function nextDueAt(database: Database): Promise<number | null> {
  const [row] = await read(database, (reads) =>
    reads.all<{ readonly due: number | null }>(
      sql`SELECT MIN(run_at) AS due FROM effects WHERE ${FIRST_IN_LINE}`,
    ),
  )
  return row?.due ?? null
}

async function recoverInterrupted(database: Database): Promise<number> {
  const [answer] = await database.write([
    toStatement(
      sql`UPDATE effects SET state = 'pending', may_exist = 1, run_at = ${database.now()} WHERE state = 'sending'`,
    ),
  ])
  return answer?.rowsAffected ?? 0
}

function kept(reason: string): string {
  return redactSecrets(reason).slice(0, LONGEST_REASON)
}
