// Closes what a killed process left open in the journal. A reset that may have begun to move files is not closed here: only
// what finishes it, and asks its question if it has one, may do that.

import { update, type Change } from '../domain/changes.ts'
import type { JournalledSync, SyncOperation } from '../domain/records.ts'
import { isReset } from '../domain/sync/settle.ts'
import type { LaneHold } from '../ports/store.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'
import { adoptPins } from './sync-journal.ts'
import { isSync } from './sync-operation.ts'

export interface Interrupted {
  /** Whether anything was open. */
  readonly wasAny: boolean
  /** The newest reset, of a recovery or by a person's choice, that may have begun to move files; still open. */
  readonly begun: JournalledSync | null
}

/** Closes every open operation of a session but a begun reset, and lists the pins of all of them. */
export async function closeInterrupted(
  deps: Deps,
  context: SessionContext,
  lane: LaneHold,
): Promise<Interrupted> {
  const open = await listOpen(deps, context.session.id)
  const begun = await findBegunReset(deps, open)
  for (const operation of open) {
    const adopted = await adoptPins(deps, context, operation)
    const closing = operation === begun ? [] : [interrupted(deps, operation)]
    await deps.store.commit([...adopted, ...closing], lane)
  }
  return { wasAny: open.length > 0, begun }
}

/** Returns the operations of a session that have no end yet, oldest first. */
export function listOpen(deps: Deps, sessionId: string): Promise<readonly SyncOperation[]> {
  return deps.store.list('syncOperations', { sessionId, state: ['planned', 'running'] })
}

/** Returns the change that closes an operation nobody finished. */
export function interrupted(deps: Deps, { id }: SyncOperation): Change {
  return update('syncOperations', {
    where: { id },
    set: { state: 'interrupted', endedAt: deps.clock.now() },
  })
}

/** Returns the newest unfinished reset of these that may have begun to move files, or null. */
export async function findBegunReset(
  deps: Deps,
  open: readonly SyncOperation[],
): Promise<JournalledSync | null> {
  for (const operation of open.toReversed()) {
    if (isSync(operation) && (await wasResetBegun(deps, operation))) return operation
  }
  return null
}

async function wasResetBegun(deps: Deps, operation: JournalledSync): Promise<boolean> {
  if (!isReset(operation.case)) return false
  if (operation.resumes !== null) return true
  const steps = await deps.store.list('syncSteps', { operationId: operation.id })
  return steps.some((row) => row.kind === 'reset_tree')
}
