// The conditions a transaction can demand, as SQL. Each refuses the whole transaction when it does not hold.

import { sql, type SQL } from 'drizzle-orm'

import { assertNever } from '../../domain/assert-never.ts'
import type { Guard } from '../../domain/guard.ts'
import type { LaneHold } from '../../ports/store.ts'

/** Returns a statement that does nothing while the condition holds and breaks the table's rule otherwise. */
export function refuseUnless(condition: SQL): SQL {
  return sql`INSERT INTO guards (ok) SELECT 0 WHERE NOT (${condition})`
}

/** Returns the condition of a guard. */
export function guardCondition(guard: Guard): SQL {
  switch (guard.kind) {
    case 'no_open_decision':
      return sql`NOT EXISTS (SELECT 1 FROM decisions WHERE session_id = ${guard.sessionId} AND (status = 'pending' OR (status = 'resolved' AND acted_at IS NULL)))`
    case 'no_running_attempt':
      return sql`NOT EXISTS (SELECT 1 FROM attempts WHERE session_id = ${guard.sessionId} AND status IN ('starting', 'running'))`
    case 'no_live_session':
      return sql`NOT EXISTS (SELECT 1 FROM sessions WHERE project_id = ${guard.projectId} AND pr_number = ${guard.prNumber} AND state IN ('spawning', 'live'))`
    default:
      return assertNever(guard)
  }
}

/** Returns the condition that the lane still has this fence. */
export function fenceCondition(lane: LaneHold): SQL {
  return sql`EXISTS (SELECT 1 FROM lanes WHERE key = ${lane.key} AND fence = ${lane.fence})`
}
