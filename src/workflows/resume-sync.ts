// Finishes what a killed process left half done in a worktree. Before the reset began nothing was destroyed and a
// fresh sync is right; after it began, only finishing the recovery leads to the question that must be asked.

import { update } from '../domain/changes.ts'
import type { SyncOperation } from '../domain/records.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import { planResume } from '../domain/sync/plan.ts'
import type { SyncStep } from '../domain/sync/step.ts'
import { botIdentity } from './bot-identity.ts'
import type { Deps } from './deps.ts'
import { adoptPins, runJournalled } from './sync-journal.ts'
import { operationRow, settle, type SyncOrder, type SyncReport } from './sync-operation.ts'

/**
 * Closes interrupted operations of the session and finishes a recovery whose reset had begun.
 *
 * Returns null when a fresh sync should run.
 */
export async function finishInterrupted(deps: Deps, order: SyncOrder): Promise<SyncReport | null> {
  const { sessionId } = order.context.workspace
  const open = await deps.store.list('syncOperations', { sessionId, state: ['planned', 'running'] })
  const last = open.at(-1)
  if (last === undefined) return null
  await removeStaleLocks(deps, order)
  const endedAt = deps.clock.now()
  for (const operation of open) {
    const closing = update('syncOperations', {
      where: { id: operation.id },
      set: { state: 'interrupted', endedAt },
    })
    const adopted = await adoptPins(deps, order.context, operation)
    // The interrupted row is closed only together with its successor: a second crash must find the reset again.
    await deps.store.commit(operation.id === last.id ? adopted : [...adopted, closing], order.lane)
  }
  return (await wasResetBegun(deps, last))
    ? resumeRecovery(deps, order, last)
    : closeAndStartOver(deps, order, last)
}

async function closeAndStartOver(deps: Deps, order: SyncOrder, operation: SyncOperation): Promise<null> {
  const set = { state: 'interrupted', endedAt: deps.clock.now() } as const
  await deps.store.commit([update('syncOperations', { where: { id: operation.id }, set })], order.lane)
  return null
}

/** Tells whether a recovery may have begun to reset the worktree. */
export async function wasResetBegun(deps: Deps, operation: SyncOperation): Promise<boolean> {
  if (operation.case !== 'divergence_recovered_via_reset') return false
  if (operation.resumes !== null) return true
  const steps = await deps.store.list('syncSteps', { operationId: operation.id })
  return steps.some((row) => row.kind === 'reset_tree')
}

async function resumeRecovery(
  deps: Deps,
  order: SyncOrder,
  interrupted: SyncOperation,
): Promise<SyncReport | null> {
  const { context } = order
  const heads = recoveryHeads(interrupted.plan, interrupted)
  const now = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
  })
  const prefix = pinPrefix({
    sessionId: context.session.id,
    unixNs: deps.clock.nowNs(),
    random: deps.ids.random(4),
  })
  const plan = heads === null ? null : planResume({ facts: now, ...heads, prefix })
  if (plan === null) return closeAndStartOver(deps, order, interrupted)
  const operation: SyncOperation = {
    ...operationRow(deps, {
      order,
      facts: interrupted.facts,
      planned: 'divergence_recovered_via_reset',
      plan,
      startedAt: deps.clock.now(),
      resumes: interrupted.id,
    }),
    trigger: 'recovery',
  }
  const steps = await runJournalled(deps, {
    context,
    operation,
    identity: await botIdentity(deps),
    lane: order.lane,
  })
  const report = settle(deps, { order, operation, steps, facts: interrupted.facts })
  const closing = { state: 'interrupted', endedAt: deps.clock.now() } as const
  return {
    ...report,
    changes: [update('syncOperations', { where: { id: interrupted.id }, set: closing }), ...report.changes],
  }
}

function recoveryHeads(
  plan: readonly SyncStep[],
  operation: SyncOperation,
): Pick<Extract<SyncStep, { kind: 'reset_tree' }>, 'from' | 'target'> | null {
  const reset = plan.find((step) => step.kind === 'reset_tree')
  if (reset !== undefined) return { from: reset.from, target: reset.target }
  const verify = plan.find((step) => step.kind === 'verify_worktree')
  if (verify === undefined || operation.before === null) return null
  return { from: operation.before, target: verify.head }
}

/** Only the holder of the lane may do this, and only here: an interrupted operation of ours is open and no attempt runs. */
async function removeStaleLocks(deps: Deps, order: SyncOrder): Promise<void> {
  const results = deps.runner.execute({
    workspace: order.context.workspace,
    plan: [{ kind: 'remove_stale_locks' }],
    identity: await botIdentity(deps),
    fence: order.lane.fence,
  })
  for await (const { outcome } of results) {
    if (outcome.kind === 'failed')
      deps.log.warn({ session: order.context.session.id, outcome }, 'stale_locks_kept')
  }
}
