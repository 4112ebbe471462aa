// Runs planned statements as one transaction and says what came of it. The only caller of `write` for changes.

import { AppError } from '../../domain/errors/app-error.ts'
import type { Change } from '../../domain/changes.ts'
import type { LaneHold } from '../../ports/store.ts'
import { planChange, type PlannedStatement, type Refusal } from './change-sql.ts'
import { RuleBroken } from './database-error.ts'
import type { Database } from './database.ts'
import { toStatement } from './record-sql.ts'

export type TransactionOutcome =
  { readonly kind: 'committed' } | { readonly kind: 'refused'; readonly because: Refusal }

/** Writes all statements in one transaction, or none, and wakes whoever has work now. */
export async function runTransaction(
  database: Database,
  statements: readonly PlannedStatement[],
): Promise<TransactionOutcome> {
  if (statements.length === 0) return { kind: 'committed' }
  try {
    await database.write(statements.map((statement) => toStatement(statement.query)))
    return { kind: 'committed' }
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    const because = refusalOf(error, statements)
    if (because === null) throw new AppError('DATABASE_RULE_BROKEN', { rule: error.rule }, { cause: error })
    return { kind: 'refused', because }
  }
}

/** Returns the statements of all changes, in the order of the changes. */
export function planChanges(changes: readonly Change[], now: number): readonly PlannedStatement[] {
  return changes.flatMap((change) => planChange(change, now))
}

/** Wakes the workers that the committed changes gave work to. */
export function wakeFor(database: Database, changes: readonly Change[]): void {
  if (changes.some(({ kind }) => kind === 'enqueue' || kind === 'enqueue_quiet')) database.wake.jobs()
  if (changes.some((change) => change.kind === 'put_effect')) database.wake.effects()
}

/** Returns the error for a lane that somebody else holds now. */
export function laneLost(lane: LaneHold): AppError<'LANE_LOST'> {
  return new AppError('LANE_LOST', { lane: lane.key, fence: lane.fence })
}

function refusalOf(error: RuleBroken, statements: readonly PlannedStatement[]): Refusal | null {
  const planned = error.statement === null ? undefined : statements[error.statement]
  if (planned === undefined) return null
  if (error.rule === 'check') return planned.onCheck
  return error.rule === 'unique' ? planned.onUnique : null
}
