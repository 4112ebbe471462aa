// Finishes what a killed process left half done in a worktree. Before the reset began nothing was destroyed and a
// fresh sync is right; after it began, only finishing the recovery leads to the question that must be asked.

import type { Change } from '../domain/changes.ts'
import type { Sha } from '../domain/ids.ts'
import type { JournalledSync } from '../domain/records.ts'
import { caseSpec, type SyncCase } from '../domain/sync/case.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import { planResume } from '../domain/sync/plan.ts'
import { botIdentity } from './bot-identity.ts'
import { closeInterrupted, interrupted } from './close-interrupted.ts'
import type { Deps } from './deps.ts'
import { runBesideSync } from './run-beside-sync.ts'
import { runJournalled } from './sync-journal.ts'
import { operationRow, settle, type SyncOrder, type SyncReport } from './sync-operation.ts'

export type Finished =
  | { readonly kind: 'finished'; readonly report: SyncReport }
  /** A fresh sync should run, with this order. */
  | {
      readonly kind: 'start'
      readonly order: SyncOrder
      /** A reset by choice that stopped half way; open until the sync has brought it to its end. */
      readonly halfDone: JournalledSync | null
    }

/**
 * Closes interrupted operations of the session and finishes a recovery whose reset had begun.
 *
 * Half of a reset by choice can only be followed by the whole of it, whoever asks for the sync: anything else would take
 * it for somebody's work.
 */
export async function finishInterrupted(deps: Deps, order: SyncOrder): Promise<Finished> {
  // The interrupted recovery is closed only together with its successor: a second crash must find the reset again.
  const { wasAny, begun } = await closeInterrupted(deps, order.context, order.lane)
  if (!wasAny) return { kind: 'start', order, halfDone: null }
  await removeStaleLocks(deps, order)
  if (begun === null) return { kind: 'start', order, halfDone: null }
  if (begun.case !== 'divergence_recovered_via_reset')
    return { kind: 'start', order: { ...order, choice: 'reset' }, halfDone: begun }
  const report = await resumeRecovery(deps, order, begun)
  return report === null ? { kind: 'start', order, halfDone: null } : { kind: 'finished', report }
}

/** Returns the change that closes a half-done reset, once a sync brought it to its end or a person is asked about it. */
export function halfDoneEnded(
  deps: Deps,
  halfDone: JournalledSync | null,
  name: SyncCase,
): readonly Change[] {
  const hasEnded = caseSpec(name).mayGoOn || name === 'reset_failed'
  return halfDone !== null && hasEnded ? [interrupted(deps, halfDone)] : []
}

/** Repeated when somebody moved the worktree meanwhile; the begun recovery stays open until one of the tries is settled. */
async function resumeRecovery(
  deps: Deps,
  order: SyncOrder,
  begun: JournalledSync,
): Promise<SyncReport | null> {
  for (let tries = 1; ; tries += 1) {
    const operation = await planFinish(deps, order, begun)
    if (operation === null) {
      await deps.store.commit([interrupted(deps, begun)], order.lane)
      return null
    }
    const { context, lane } = order
    const steps = await runJournalled(deps, { context, operation, identity: await botIdentity(deps), lane })
    if (steps.at(-1)?.outcome.kind !== 'raced' || tries === MOST_TRIES) {
      const report = settle(deps, { order, operation, steps, facts: begun.facts })
      return { ...report, changes: [interrupted(deps, begun), ...report.changes] }
    }
    await deps.store.commit([interrupted(deps, operation)], lane)
  }
}

const MOST_TRIES = 3

/** Returns the operation that finishes the recovery from where things are now; null when the branch is somewhere else. */
async function planFinish(
  deps: Deps,
  order: SyncOrder,
  begun: JournalledSync,
): Promise<JournalledSync | null> {
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
  if (plan === null) return null
  const { facts, id: resumes } = begun
  const planned = 'divergence_recovered_via_reset'
  const startedAt = deps.clock.now()
  return { ...operationRow(deps, { order, facts, planned, plan, startedAt, resumes }), trigger: 'recovery' }
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
