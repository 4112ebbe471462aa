import { describe, expect, it } from 'vitest'
import { caseSpec, SYNC_CASES, type SyncCase } from '../../../src/domain/sync/case.ts'
import { pinPrefix } from '../../../src/domain/sync/pin.ts'
import { agreedHead, settleCase } from '../../../src/domain/sync/settle.ts'
import type { SettledStep } from '../../../src/domain/sync/settle.ts'
import {
  mayContinueAfter,
  type PushResult,
  type StepOutcome,
  type SyncStep,
} from '../../../src/domain/sync/step.ts'
import { BRANCH, LOCAL, REBASED, REMOTE } from './worktree-facts.ts'

const prefix = pinPrefix({ sessionId: 'rocket-1', unixNs: 17n, random: 'abcd' })

/** One step of every kind; a kind that is missing here does not compile. */
const STEPS: { readonly [K in SyncStep['kind']]: Extract<SyncStep, { kind: K }> } = {
  pin: { kind: 'pin', prefix, head: LOCAL, target: REMOTE, message: '' },
  verify_pin: { kind: 'verify_pin', prefix },
  push_pin: { kind: 'push_pin', prefix, head: LOCAL },
  reset_tree: { kind: 'reset_tree', prefix, from: LOCAL, target: REMOTE },
  move_tree: { kind: 'move_tree', from: LOCAL, target: REMOTE },
  move_branch: { kind: 'move_branch', branch: BRANCH, from: LOCAL, to: REMOTE },
  end_operation: { kind: 'end_operation', prefix },
  attach_head: { kind: 'attach_head', prefix, branch: BRANCH },
  recreate_worktree: { kind: 'recreate_worktree' },
  return_worktree: { kind: 'return_worktree', from: 'away' },
  verify_worktree: { kind: 'verify_worktree', head: REMOTE },
  push_branch: { kind: 'push_branch', branch: BRANCH, head: REBASED, expected: REMOTE },
  commit_leftovers: { kind: 'commit_leftovers', branch: BRANCH, message: '' },
  remove_stale_locks: { kind: 'remove_stale_locks' },
  push_rescue: { kind: 'push_rescue', prefix, branch: BRANCH },
  delete_pushed_pin: { kind: 'delete_pushed_pin', prefix, head: LOCAL },
}

const PUSH_RESULTS: readonly PushResult[] = [
  ...(['pushed', 'non_fast_forward', 'protected', 'ruleset', 'signature_required', 'secret_found'] as const),
  ...(['workflow_permission', 'too_large', 'archived', 'auth', 'network', 'unknown'] as const),
]
const REASONS = ['snapshot_failed', 'not_pinned', 'git_failed', 'locked', 'disk_full', 'collision'] as const

const DONE: StepOutcome = { kind: 'done' }
const RACED: StepOutcome = { kind: 'raced', expected: LOCAL, actual: REMOTE }

function failed(reason: (typeof REASONS)[number]): StepOutcome {
  return { kind: 'failed', reason, detail: 'git said so' }
}
function pushed(result: PushResult): StepOutcome {
  return { kind: 'push', result, detail: '' }
}
function after(kind: SyncStep['kind'], outcome: StepOutcome): SettledStep {
  return { step: STEPS[kind], outcome }
}

const OUTCOMES: readonly StepOutcome[] = [
  DONE,
  RACED,
  { kind: 'pinned', head: LOCAL, index: LOCAL, worktree: LOCAL, paths: [] },
  { kind: 'committed', head: LOCAL, paths: [], leftOut: [] },
  { kind: 'nothing_to_commit', leftOut: [] },
  ...PUSH_RESULTS.map(pushed),
  ...REASONS.map(failed),
]

const RECOVERY = 'divergence_recovered_via_reset'
const RESET = 'reset_succeeded'

type Row = readonly [string, SyncCase, readonly SettledStep[], SyncCase]

const RECOVERIES: readonly Row[] = [
  ['the pin could not be written', RECOVERY, [after('pin', failed('disk_full'))], 'snapshot_failed'],
  [
    'the pin could not be read back',
    RECOVERY,
    [after('verify_pin', failed('git_failed'))],
    'snapshot_failed',
  ],
  [
    'the pin was gone right before the reset',
    RECOVERY,
    [after('reset_tree', failed('not_pinned'))],
    'snapshot_failed',
  ],
  [
    'the host takes no pins and the reset went on',
    RECOVERY,
    [after('push_pin', pushed('protected'))],
    RECOVERY,
  ],
  [
    'the host refused the pin for its content',
    RECOVERY,
    [after('push_pin', pushed('secret_found'))],
    'backup_failed',
  ],
  [
    'the reset failed',
    RECOVERY,
    [after('reset_tree', failed('git_failed'))],
    'divergence_rebase_and_reset_failed',
  ],
  [
    'the disk was full in the middle',
    RECOVERY,
    [after('reset_tree', failed('disk_full'))],
    'divergence_rebase_and_reset_failed',
  ],
  [
    'the branch could not be moved after the reset',
    RECOVERY,
    [after('reset_tree', DONE), after('move_branch', failed('git_failed'))],
    'divergence_rebase_and_reset_failed',
  ],
  [
    'the branch moved after the reset',
    RECOVERY,
    [after('reset_tree', DONE), after('move_branch', RACED)],
    'divergence_rebase_and_reset_failed',
  ],
  ['HEAD moved before anything was done', RECOVERY, [after('reset_tree', RACED)], 'raced'],
  [
    'git refused to write over something',
    RECOVERY,
    [after('move_tree', failed('collision'))],
    'move_refused',
  ],
  ['a chosen reset failed', RESET, [after('reset_tree', failed('git_failed'))], 'reset_failed'],
  [
    'a chosen reset lost the branch',
    'local_ahead_discarded',
    [after('reset_tree', DONE), after('move_branch', RACED)],
    'reset_failed',
  ],
]

const OTHERS: readonly Row[] = [
  ['nothing had to be done', 'already_in_sync', [], 'already_in_sync'],
  [
    'every step succeeded',
    'fast_forwarded',
    [after('move_tree', DONE), after('move_branch', DONE)],
    'fast_forwarded',
  ],
  [
    'somebody pushed in between',
    'local_ahead_pushed',
    [after('push_branch', pushed('non_fast_forward'))],
    'raced',
  ],
  [
    'the push was refused',
    'local_ahead_pushed',
    [after('push_branch', pushed('protected'))],
    'local_ahead_push_failed',
  ],
  [
    'the push was refused after a replay',
    'divergence_rebased',
    [after('move_tree', DONE), after('push_branch', pushed('protected'))],
    'local_ahead_push_failed',
  ],
  ['a file appeared in the way', 'fast_forwarded', [after('move_tree', failed('collision'))], 'move_refused'],
  ['a lock appeared', 'fast_forwarded', [after('move_tree', failed('locked'))], 'raced'],
  ['git failed', 'fast_forwarded', [after('move_tree', failed('git_failed'))], 'sync_failed'],
  [
    'a living git holds the lock',
    'locks_removed',
    [after('remove_stale_locks', failed('locked'))],
    'blocked_locked',
  ],
  [
    'a blocked worktree could not be pinned either',
    'blocked_dirty',
    [after('pin', failed('snapshot_failed'))],
    'blocked_dirty',
  ],
  [
    'a replay could not be pinned',
    'divergence_rebased',
    [after('pin', failed('snapshot_failed'))],
    'snapshot_failed',
  ],
  [
    'the index of a deleted folder could not be pinned',
    'worktree_recreated',
    [after('pin', failed('snapshot_failed'))],
    'snapshot_failed',
  ],
]

describe('settleCase', () => {
  it.each([...RECOVERIES, ...OTHERS])(
    'when %s, %s with its steps ends as named',
    (_why, planned, steps, expected) => {
      expect(settleCase(planned, steps)).toBe(expected)
    },
  )

  it('has a case for every planned case, step and outcome, and keeps the planned one while the plan goes on', () => {
    let combinations = 0
    for (const planned of Object.keys(SYNC_CASES) as SyncCase[]) {
      for (const step of Object.values(STEPS)) {
        for (const outcome of OUTCOMES) {
          const settled = settleCase(planned, [{ step, outcome }])
          expect(Object.keys(SYNC_CASES)).toContain(settled)
          if (mayContinueAfter(step, outcome)) expect(settled).toBe(planned)
          combinations += 1
        }
      }
    }
    console.log(`settleCase: ${combinations} combinations of case, step and outcome`)
    expect(combinations).toBe(Object.keys(SYNC_CASES).length * Object.keys(STEPS).length * OUTCOMES.length)
  })

  it('never says that one may go on after a step that did not come to its end', () => {
    for (const planned of Object.keys(SYNC_CASES) as SyncCase[]) {
      for (const step of Object.values(STEPS)) {
        for (const outcome of OUTCOMES) {
          if (mayContinueAfter(step, outcome)) continue
          // A case without a plan has no step that could fail.
          const settled = settleCase(planned, [{ step, outcome }])
          const isOnlyPin = step.kind === 'pin' || step.kind === 'verify_pin'
          if (!isOnlyPin || !caseSpec(planned).mayGoOn) expect(caseSpec(settled).mayGoOn).toBe(false)
        }
      }
    }
  })
})

describe('agreedHead', () => {
  it('is the pushed commit when a push was read back', () => {
    expect(agreedHead('divergence_rebased', [after('push_branch', pushed('pushed'))], REMOTE)).toBe(REBASED)
  })

  it('is the remote head when the worktree was brought there', () => {
    expect(agreedHead(RECOVERY, [after('reset_tree', DONE), after('move_branch', DONE)], REMOTE)).toBe(REMOTE)
    expect(agreedHead('local_ahead_discarded', [after('reset_tree', DONE)], REMOTE)).toBe(REMOTE)
  })

  it('stays what it was when commits are kept, or when anything was refused', () => {
    expect(agreedHead('local_ahead_kept', [], REMOTE)).toBeNull()
    expect(
      agreedHead('local_ahead_push_failed', [after('push_branch', pushed('protected'))], REMOTE),
    ).toBeNull()
    const failure = [after('reset_tree', failed('git_failed'))]
    expect(agreedHead('divergence_rebase_and_reset_failed', failure, REMOTE)).toBeNull()
    expect(agreedHead('reset_failed', failure, REMOTE)).toBeNull()
  })
})
