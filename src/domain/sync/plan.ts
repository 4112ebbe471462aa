// Case to steps. A plan is fixed once made: when the world moved, the sync inspects again and makes a new one.

import { assertNever } from '../assert-never.ts'
import type { RefName, Sha } from '../ids.ts'
import type { SyncCase } from './case.ts'
import type { SyncPolicy } from './classify.ts'
import type { InspectedWorktree, WorktreeFacts } from './facts.ts'
import type { SyncStep } from './step.ts'

export interface PlanOptions {
  readonly policy: SyncPolicy
  /** Whether the pin's head is pushed to origin before a reset. */
  readonly pushPin: boolean
  /** The prefix of the pin this plan may make; fresh for each plan. */
  readonly prefix: RefName
}

interface Heads {
  readonly facts: InspectedWorktree
  readonly local: Sha
  readonly remote: Sha
}

/**
 * Returns the steps for a classified worktree.
 *
 * Invariant: no plan holds `reset_tree` without a `pin` and a `verify_pin` of the same prefix before it
 * (test/domain/sync/plan.test.ts).
 */
export function planSync(name: SyncCase, facts: WorktreeFacts, options: PlanOptions): readonly SyncStep[] {
  const heads = headsOf(facts)
  if (heads === null) return []
  switch (name) {
    case 'fast_forwarded':
    case 'fast_forwarded_dirty':
      return moveSteps(heads, heads.remote)
    case 'local_ahead_pushed':
      return [pushStep(heads, heads.local)]
    case 'divergence_rebased':
      return rebaseSteps(heads, options)
    case 'divergence_unreconciled':
      return pinSteps(heads, options)
    case 'divergence_recovered_via_reset':
      return recoverySteps(heads, options)
    default:
      return []
  }
}

/** Where an interrupted recovery was left, seen by a fresh inspection. */
export interface ResumeFacts {
  readonly facts: WorktreeFacts
  /** The heads of the interrupted plan. */
  readonly from: Sha
  readonly target: Sha
  readonly prefix: RefName
}

/**
 * Returns the steps that finish a recovery whose reset had begun, or null when the branch is somewhere else by now.
 *
 * A half-done reset is pinned again before it is repeated: pins only add up.
 */
export function planResume(resume: ResumeFacts): readonly SyncStep[] | null {
  const { facts, from, target, prefix } = resume
  if (facts.kind !== 'inspected' || facts.head.kind !== 'attached' || facts.head.branch !== facts.branch)
    return null
  if (facts.head.sha === target) return [{ kind: 'verify_worktree', head: target }]
  if (facts.head.sha !== from) return null
  return [
    { kind: 'pin', prefix, head: from, target, message: 'Belay: state of an interrupted reset' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from, target },
    { kind: 'move_branch', branch: facts.branch, from, to: target },
    { kind: 'verify_worktree', head: target },
  ]
}

function headsOf(facts: WorktreeFacts): Heads | null {
  if (facts.kind !== 'inspected' || facts.head.kind !== 'attached' || facts.remote.kind !== 'fetched')
    return null
  return { facts, local: facts.head.sha, remote: facts.remote.head }
}

function pinSteps(heads: Heads, options: PlanOptions): readonly SyncStep[] {
  const { prefix } = options
  const message = `Belay: worktree of ${heads.facts.branch} before a sync`
  return [
    { kind: 'pin', prefix, head: heads.local, target: heads.remote, message },
    { kind: 'verify_pin', prefix },
  ]
}

function moveSteps(heads: Heads, to: Sha): readonly SyncStep[] {
  return [
    { kind: 'move_tree', from: heads.local, target: to },
    { kind: 'move_branch', branch: heads.facts.branch, from: heads.local, to },
    { kind: 'verify_worktree', head: to },
  ]
}

function pushStep(heads: Heads, head: Sha): SyncStep {
  return { kind: 'push_branch', branch: heads.facts.branch, head, expected: heads.remote }
}

/** The old commits are pinned first: a replay is a rewrite, and the pin is the way back. */
function rebaseSteps(heads: Heads, options: PlanOptions): readonly SyncStep[] {
  const rebase = heads.facts.relation?.rebase
  if (rebase?.kind !== 'clean') return []
  const steps = [...pinSteps(heads, options), ...moveSteps(heads, rebase.newHead)]
  const hasOwnCommits = rebase.newHead !== heads.remote
  return options.policy.push && hasOwnCommits ? [...steps, pushStep(heads, rebase.newHead)] : steps
}

function recoverySteps(heads: Heads, options: PlanOptions): readonly SyncStep[] {
  const { prefix } = options
  const push: readonly SyncStep[] = options.pushPin ? [{ kind: 'push_pin', prefix, head: heads.local }] : []
  return [
    ...pinSteps(heads, options),
    ...push,
    { kind: 'reset_tree', prefix, from: heads.local, target: heads.remote },
    { kind: 'move_branch', branch: heads.facts.branch, from: heads.local, to: heads.remote },
    { kind: 'verify_worktree', head: heads.remote },
  ]
}

/** Returns one sentence about a step, for the journal and for people. */
export function describeStep(step: SyncStep): string {
  switch (step.kind) {
    case 'pin':
      return `pin commits, index and files under ${step.prefix}`
    case 'verify_pin':
      return `read the pin ${step.prefix} back`
    case 'push_pin':
      return `push the pin's head and read it back`
    case 'reset_tree':
      return `reset index and files to ${step.target}`
    case 'move_tree':
      return `move index and files to ${step.target}`
    case 'move_branch':
      return `move ${step.branch} from ${step.from} to ${step.to}`
    case 'verify_worktree':
      return `check that branch and files are at ${step.head}`
    case 'push_branch':
      return `push ${step.head} to ${step.branch}`
    case 'commit_leftovers':
      return `commit what was left in the worktree`
    case 'remove_stale_locks':
      return `remove locks of a killed process`
    case 'push_rescue':
      return `push the pinned commits to ${step.branch}`
    default:
      return assertNever(step)
  }
}
