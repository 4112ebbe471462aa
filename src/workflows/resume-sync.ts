// Finishes what a killed process left half done in a worktree. Before the reset began nothing was destroyed and a
// fresh sync is right; after it began, only finishing the recovery leads to the question that must be asked.

import type { Sha } from '../domain/ids.ts'
import type { JournalledSync } from '../domain/records.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import { planResume } from '../domain/sync/plan.ts'
import { botIdentity } from './bot-identity.ts'
import { closeInterrupted, interrupted } from './close-interrupted.ts'
import type { Deps } from './deps.ts'
import { runBesideSync } from './run-beside-sync.ts'
import { runJournalled } from './sync-journal.ts'
import { operationRow, settle, type SyncOrder, type SyncReport } from './sync-operation.ts'

/**
 * Closes interrupted operations of the session and finishes a recovery whose reset had begun.
 *
 * Returns null when a fresh sync should run.
 */
export async function finishInterrupted(deps: Deps, order: SyncOrder): Promise<SyncReport | null> {
  // The interrupted recovery is closed only together with its successor: a second crash must find the reset again.
  const { wasAny, recovery } = await closeInterrupted(deps, order.context, order.lane)
  if (!wasAny) return null
  await removeStaleLocks(deps, order)
  return recovery === null ? null : resumeRecovery(deps, order, recovery)
}

async function resumeRecovery(
  deps: Deps,
  order: SyncOrder,
  begun: JournalledSync,
): Promise<SyncReport | null> {
  const { context } = order
  const heads = recoveryHeads(begun)
  const now = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
    knownHead: null,
    isThorough: true,
  })
  const prefix = pinPrefix({
    sessionId: context.session.id,
    unixNs: deps.clock.nowNs(),
    random: deps.ids.random(4),
  })
  const plan = heads === null ? null : planResume({ facts: now, ...heads, prefix })
  if (plan === null) {
    await deps.store.commit([interrupted(deps, begun)], order.lane)
    return null
  }
  const operation: JournalledSync = {
    ...operationRow(deps, {
      order,
      facts: begun.facts,
      planned: 'divergence_recovered_via_reset',
      plan,
      startedAt: deps.clock.now(),
      resumes: begun.id,
    }),
    trigger: 'recovery',
  }
  const steps = await runJournalled(deps, {
    context,
    operation,
    identity: await botIdentity(deps),
    lane: order.lane,
  })
  const report = settle(deps, { order, operation, steps, facts: begun.facts })
  return { ...report, changes: [interrupted(deps, begun), ...report.changes] }
}

function recoveryHeads({
  plan,
  before,
}: JournalledSync): { readonly from: Sha; readonly target: Sha } | null {
  const reset = plan.find((step) => step.kind === 'reset_tree')
  if (reset !== undefined && reset.from !== null) return { from: reset.from, target: reset.target }
  const verify = plan.find((step) => step.kind === 'verify_worktree')
  return verify === undefined || before === null ? null : { from: before, target: verify.head }
}

/** Only the holder of the lane may do this, and only here: an interrupted operation of ours is open and no attempt runs. */
async function removeStaleLocks(deps: Deps, { context, lane }: SyncOrder): Promise<void> {
  const plan = [{ kind: 'remove_stale_locks' }] as const
  const { isDone, steps } = await runBesideSync(deps, { context, lane, purpose: 'unlock', plan })
  if (!isDone)
    deps.log.warn({ session: context.session.id, outcome: steps.at(-1)?.outcome }, 'stale_locks_kept')
}
