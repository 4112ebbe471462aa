import { describe, expect, it } from 'vitest'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import { pinPrefix } from '../../../src/domain/sync/pin.ts'
import { agreedHead, settleCase } from '../../../src/domain/sync/settle.ts'
import type { SettledStep } from '../../../src/domain/sync/settle.ts'
import type { StepOutcome } from '../../../src/domain/sync/step.ts'
import { BRANCH, LOCAL, REBASED, REMOTE } from './worktree-facts.ts'

const prefix = pinPrefix({ sessionId: 'rocket-1', unixNs: 17n, random: 'abcd' })
const DONE: StepOutcome = { kind: 'done' }
const RACED: StepOutcome = { kind: 'raced', expected: LOCAL, actual: REMOTE }

function failed(reason: Extract<StepOutcome, { kind: 'failed' }>['reason']): StepOutcome {
  return { kind: 'failed', reason, detail: 'git said so' }
}
function pushed(result: 'pushed' | 'non_fast_forward' | 'protected'): StepOutcome {
  return { kind: 'push', result, detail: '' }
}

const pin = (outcome: StepOutcome): SettledStep => ({
  step: { kind: 'pin', prefix, head: LOCAL, target: REMOTE, message: '' },
  outcome,
})
const verify = (outcome: StepOutcome): SettledStep => ({ step: { kind: 'verify_pin', prefix }, outcome })
const pushPin = (outcome: StepOutcome): SettledStep => ({
  step: { kind: 'push_pin', prefix, head: LOCAL },
  outcome,
})
const reset = (outcome: StepOutcome): SettledStep => ({
  step: { kind: 'reset_tree', prefix, from: LOCAL, target: REMOTE },
  outcome,
})
const branch = (outcome: StepOutcome): SettledStep => ({
  step: { kind: 'move_branch', branch: BRANCH, from: LOCAL, to: REMOTE },
  outcome,
})
const move = (outcome: StepOutcome): SettledStep => ({
  step: { kind: 'move_tree', from: LOCAL, target: REMOTE },
  outcome,
})
const push = (outcome: StepOutcome): SettledStep => ({
  step: { kind: 'push_branch', branch: BRANCH, head: REBASED, expected: REMOTE },
  outcome,
})

const RECOVERY = 'divergence_recovered_via_reset'

const ROWS: readonly (readonly [string, SyncCase, readonly SettledStep[], SyncCase])[] = [
  ['nothing had to be done', 'already_in_sync', [], 'already_in_sync'],
  ['every step succeeded', 'fast_forwarded', [move(DONE), branch(DONE)], 'fast_forwarded'],
  ['the pin could not be written', RECOVERY, [pin(failed('disk_full'))], 'snapshot_failed'],
  ['the pin could not be read back', RECOVERY, [verify(failed('git_failed'))], 'snapshot_failed'],
  ['the pin was gone right before the reset', RECOVERY, [reset(failed('not_pinned'))], 'snapshot_failed'],
  [
    'the host refused the pushed pin and the reset went on',
    RECOVERY,
    [pushPin(pushed('protected'))],
    RECOVERY,
  ],
  ['the reset failed', RECOVERY, [reset(failed('git_failed'))], 'divergence_rebase_and_reset_failed'],
  [
    'the branch could not be moved after the reset',
    RECOVERY,
    [reset(DONE), branch(failed('git_failed'))],
    'divergence_rebase_and_reset_failed',
  ],
  [
    'the branch moved after the reset',
    RECOVERY,
    [reset(DONE), branch(RACED)],
    'divergence_rebase_and_reset_failed',
  ],
  ['HEAD moved before anything was done', RECOVERY, [reset(RACED)], 'raced'],
  ['somebody pushed in between', 'local_ahead_pushed', [push(pushed('non_fast_forward'))], 'raced'],
  ['the push was refused', 'local_ahead_pushed', [push(pushed('protected'))], 'local_ahead_push_failed'],
  [
    'the push was refused after a replay',
    'divergence_rebased',
    [move(DONE), push(pushed('protected'))],
    'local_ahead_push_failed',
  ],
  ['a file appeared in the way', 'fast_forwarded', [move(failed('collision'))], 'blocked_dirty'],
  ['a lock appeared', 'fast_forwarded', [move(failed('locked'))], 'blocked_locked'],
  ['git failed', 'fast_forwarded', [move(failed('git_failed'))], 'sync_failed'],
]

describe('settleCase', () => {
  it.each(ROWS)('when %s, %s with its steps ends as named', (_why, planned, steps, expected) => {
    expect(settleCase(planned, steps)).toBe(expected)
  })
})

describe('agreedHead', () => {
  it('is the pushed commit when a push was read back', () => {
    expect(agreedHead('divergence_rebased', [push(pushed('pushed'))], REMOTE)).toBe(REBASED)
  })

  it('is the remote head when the worktree was brought there', () => {
    expect(agreedHead(RECOVERY, [reset(DONE), branch(DONE)], REMOTE)).toBe(REMOTE)
  })

  it('stays what it was when commits are kept, or when anything was refused', () => {
    expect(agreedHead('local_ahead_kept', [], REMOTE)).toBeNull()
    expect(agreedHead('local_ahead_push_failed', [push(pushed('protected'))], REMOTE)).toBeNull()
    expect(agreedHead('divergence_rebase_and_reset_failed', [reset(failed('git_failed'))], REMOTE)).toBeNull()
  })
})
