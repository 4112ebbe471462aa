// The planned case and what the steps came back with give the case a sync really ended with. Pure.

import type { Sha } from '../ids.ts'
import type { SyncCase } from './case.ts'
import { mayContinueAfter, type StepOutcome, type SyncStep } from './step.ts'

export interface SettledStep {
  readonly step: SyncStep
  readonly outcome: StepOutcome
}

/**
 * Returns the final case of a sync.
 *
 * A step that did not succeed ends the plan, so only the last one can change the case. `raced` means: inspect again.
 */
export function settleCase(planned: SyncCase, steps: readonly SettledStep[]): SyncCase {
  const last = steps.at(-1)
  if (last === undefined || mayContinueAfter(last.step, last.outcome)) return planned
  const { step, outcome } = last
  if (step.kind === 'push_branch') return settlePush(outcome)
  if (outcome.kind === 'raced')
    return isRecoveryUnderWay(planned, steps) ? 'divergence_rebase_and_reset_failed' : 'raced'
  if (step.kind === 'pin' || step.kind === 'verify_pin') return 'snapshot_failed'
  if (outcome.kind === 'failed' && outcome.reason === 'not_pinned') return 'snapshot_failed'
  if (planned === 'divergence_recovered_via_reset') return 'divergence_rebase_and_reset_failed'
  return settleMove(outcome)
}

/** Somebody pushed in between: that is a race, not a refusal. */
function settlePush(outcome: StepOutcome): SyncCase {
  const isRace =
    outcome.kind === 'raced' || (outcome.kind === 'push' && outcome.result === 'non_fast_forward')
  return isRace ? 'raced' : 'local_ahead_push_failed'
}

function settleMove(outcome: StepOutcome): SyncCase {
  if (outcome.kind !== 'failed') return 'sync_failed'
  if (outcome.reason === 'collision') return 'blocked_dirty'
  return outcome.reason === 'locked' ? 'blocked_locked' : 'sync_failed'
}

/** After the tree was reset a lost race must not start over as if nothing had happened. */
function isRecoveryUnderWay(planned: SyncCase, steps: readonly SettledStep[]): boolean {
  return (
    planned === 'divergence_recovered_via_reset' &&
    steps.some(({ step, outcome }) => step.kind === 'reset_tree' && outcome.kind === 'done')
  )
}

/**
 * Returns the commit both sides agree on after the sync, or null when the sync did not establish one.
 *
 * What lies on top of it later is ours; it is what a rebase replays.
 */
export function agreedHead(settled: SyncCase, steps: readonly SettledStep[], remote: Sha | null): Sha | null {
  const pushed = steps.find(
    ({ step, outcome }) =>
      step.kind === 'push_branch' && outcome.kind === 'push' && outcome.result === 'pushed',
  )
  if (pushed?.step.kind === 'push_branch') return pushed.step.head
  switch (settled) {
    case 'already_in_sync':
    case 'fast_forwarded':
    case 'fast_forwarded_dirty':
    case 'divergence_rebased':
    case 'divergence_recovered_via_reset':
      return remote
    default:
      return null
  }
}
