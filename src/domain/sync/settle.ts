// The planned case and what the steps came back with give the case a sync really ended with. Pure.

import type { Sha } from '../ids.ts'
import { caseSpec, type SyncCase } from './case.ts'
import { mayContinueAfter, type StepOutcome, type SyncStep } from './step.ts'

export interface SettledStep {
  readonly step: SyncStep
  readonly outcome: StepOutcome
}

/**
 * Returns the final case of a sync.
 *
 * A step that did not succeed ends the plan, so only the last one can change the case. A case that starts over means:
 * inspect again.
 */
export function settleCase(
  planned: SyncCase,
  steps: readonly SettledStep[],
  { isResumed }: { readonly isResumed: boolean } = { isResumed: false },
): SyncCase {
  const last = steps.at(-1)
  if (last === undefined || mayContinueAfter(last.step, last.outcome)) return planned
  const { step, outcome } = last
  if (step.kind === 'push_branch') return settlePush(outcome)
  if (step.kind === 'push_pin') return 'backup_failed'
  if (step.kind === 'remove_stale_locks') return 'blocked_locked'
  // The state that stopped the sync is what a person must hear of; that it could not be pinned either is in the note.
  if (isPinning(step) && !isActing(planned)) return planned
  if (isReset(planned) && (isResumed || isUnderWay(steps))) return failedReset(planned)
  if (outcome.kind === 'raced') return 'raced'
  if (isPinning(step) || (outcome.kind === 'failed' && outcome.reason === 'not_pinned'))
    return 'snapshot_failed'
  if (outcome.kind === 'failed' && outcome.reason === 'collision') return 'move_refused'
  if (isReset(planned)) return failedReset(planned)
  return outcome.kind === 'failed' && outcome.reason === 'locked' ? 'raced' : 'sync_failed'
}

/** Somebody pushed in between: that is a race, not a refusal. */
function settlePush(outcome: StepOutcome): SyncCase {
  const isRace =
    outcome.kind === 'raced' || (outcome.kind === 'push' && outcome.result === 'non_fast_forward')
  return isRace ? 'raced' : 'local_ahead_push_failed'
}

function isPinning(step: SyncStep): boolean {
  return step.kind === 'pin' || step.kind === 'verify_pin'
}

const RESETS: readonly SyncCase[] = [
  'divergence_recovered_via_reset',
  'reset_succeeded',
  'local_ahead_discarded',
]
const REWRITES: readonly SyncCase[] = ['divergence_rebased', 'already_upstream', 'adopted_rewind']

/** Tells whether the case takes commits or uncommitted work out of the worktree. */
export function isReset(name: SyncCase): boolean {
  return RESETS.includes(name)
}

/** Whether the pin is only the beginning: without it nothing of what the case names was done. */
function isActing(name: SyncCase): boolean {
  return isReset(name) || REWRITES.includes(name) || caseSpec(name).startsOver === true
}

function failedReset(planned: SyncCase): SyncCase {
  return planned === 'divergence_recovered_via_reset' ? 'divergence_rebase_and_reset_failed' : 'reset_failed'
}

/** After files were moved a lost race must not start over as if nothing had happened. */
function isUnderWay(steps: readonly SettledStep[]): boolean {
  return steps.some(({ step, outcome }) => step.kind === 'reset_tree' && outcome.kind === 'done')
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
    case 'already_upstream':
    case 'adopted_rewind':
    case 'divergence_recovered_via_reset':
    case 'reset_succeeded':
    case 'local_ahead_discarded':
      return remote
    default:
      return null
  }
}
