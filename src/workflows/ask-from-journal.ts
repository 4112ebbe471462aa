// A recovery whose reset had begun and that can not be finished still owes its question. The journal holds all it needs.

import { update, type Change } from '../domain/changes.ts'
import type { Pipeline } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { openDecision } from './open-decision.ts'
import type { SessionContext } from './queries.ts'
import { findBegunReset, interrupted, listOpen } from './close-interrupted.ts'

/** Returns the question of an interrupted recovery as doubly failed; null when no reset had begun. */
export async function askFromJournal(
  deps: Deps,
  context: SessionContext,
  pipeline: Pipeline,
): Promise<readonly Change[] | null> {
  const open = await listOpen(deps, context.session.id)
  const operation = await findBegunReset(deps, open)
  if (operation?.case !== 'divergence_recovered_via_reset') return null
  const failed = {
    case: 'divergence_rebase_and_reset_failed',
    state: 'failed',
    endedAt: deps.clock.now(),
  } as const
  const closing: readonly Change[] = open.map((one) =>
    one.id === operation.id
      ? update('syncOperations', { where: { id: one.id }, set: failed })
      : interrupted(deps, one),
  )
  const { facts } = operation
  const report = {
    case: failed.case,
    operation: { ...operation, ...failed },
    steps: [],
    facts,
    changes: closing,
  }
  return openDecision(deps, { context, pipeline, report, moment: 'recovery' })
}
