// Case to steps. A plan is fixed once made: when the world moved, the sync inspects again and makes a new one.

import type { BranchName, RefName, Sha } from '../ids.ts'
import { caseSpec, type SyncCase } from './case.ts'
import type { InspectedWorktree, WorktreeFacts } from './facts.ts'
import { mayPush, type SyncPolicy } from './policy.ts'
import type { SyncStep } from './step.ts'

export interface PlanOptions {
  readonly policy: SyncPolicy
  /** Whether the pin's head is pushed to origin before a reset. */
  readonly pushPin: boolean
  /** Whether its index and files are pushed too. */
  readonly pushFiles?: boolean
  /** The branch its head goes to when the host refuses the pin's own name. */
  readonly pinFallback?: BranchName | null
  /** The prefix of the pin this plan may make; fresh for each plan. */
  readonly prefix: RefName
}

interface Heads {
  readonly facts: InspectedWorktree
  /** Null for a branch without a commit. */
  readonly local: Sha | null
  readonly remote: Sha | null
}

/**
 * Returns the steps for a classified worktree.
 *
 * Invariant: no plan holds a step that can destroy or rewrite something without a `pin` and a `verify_pin` of the same
 * prefix before it (test/domain/sync/plan.test.ts).
 */
export function planSync(name: SyncCase, facts: WorktreeFacts, options: PlanOptions): readonly SyncStep[] {
  if (facts.kind === 'unavailable') return repairSteps(facts, options)
  const heads = headsOf(facts)
  const { local, remote } = heads
  switch (name) {
    case 'locks_removed':
      return [{ kind: 'remove_stale_locks' }]
    case 'fast_forwarded':
    case 'fast_forwarded_dirty':
      return local === null || remote === null ? [] : moveSteps(facts, { from: local, to: remote })
    case 'local_ahead_pushed':
      return local === null ? [] : [pushStep(heads, pushableHead(facts, local, options.policy))]
    case 'divergence_rebased':
    case 'already_upstream':
    case 'adopted_rewind':
      return replaySteps(heads, options)
    case 'divergence_recovered_via_reset':
      return recoverySteps(heads, options)
    case 'reset_succeeded':
    case 'local_ahead_discarded':
      return chosenResetSteps(heads, options)
    case 'blocked_ignored_collision':
      // Only a pin with the target in view looks at ignored files.
      return pinSteps(heads, options, remote)
    default:
      return caseSpec(name).mayGoOn || name === 'fetch_failed' ? [] : pinSteps(heads, options, null)
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
  const { sha: head } = facts.head
  const verify = { kind: 'verify_worktree', head: target } as const
  if (head === target && isUntouched(facts)) return [verify]
  if (head !== from && head !== target) return null
  return [
    { kind: 'pin', prefix, head, target, message: 'Belay: state of an interrupted reset' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from: head, target },
    ...(head === target ? [] : [{ kind: 'move_branch', branch: facts.branch, from, to: target } as const]),
    verify,
  ]
}

function headsOf(facts: InspectedWorktree): Heads {
  return {
    facts,
    local: facts.head.kind === 'unborn' ? null : facts.head.sha,
    remote: facts.remote.kind === 'fetched' ? facts.remote.head : null,
  }
}

/** A folder that is gone is pinned by what its index still holds; one that was moved is only put back. */
function repairSteps(
  { fault, branch }: Extract<WorktreeFacts, { kind: 'unavailable' }>,
  { prefix }: PlanOptions,
): readonly SyncStep[] {
  if (fault.kind === 'moved') return [{ kind: 'return_worktree', from: fault.to }]
  if (fault.kind !== 'missing') return []
  const message = `Belay: index of ${branch}, whose files were deleted`
  return [
    { kind: 'pin', prefix, head: fault.head, target: null, message },
    { kind: 'verify_pin', prefix },
    { kind: 'recreate_worktree' },
  ]
}

/** With a target a reset follows, and the pin must hold whatever lies in its way. */
function pinSteps({ facts, local }: Heads, { prefix }: PlanOptions, target: Sha | null): readonly SyncStep[] {
  const message = `Belay: worktree of ${facts.branch} before a sync`
  const others = [...facts.otherCommits, ...(facts.branchSha === null ? [] : [facts.branchSha])]
  const also = [...new Set(others)].filter((sha) => sha !== local)
  return [
    { kind: 'pin', prefix, head: local, target, message, ...(also.length === 0 ? {} : { also }) },
    { kind: 'verify_pin', prefix },
  ]
}

function moveSteps({ branch }: InspectedWorktree, { from, to }: { readonly from: Sha; readonly to: Sha }) {
  return [
    { kind: 'move_tree', from, target: to },
    { kind: 'move_branch', branch, from, to },
  ] as const satisfies readonly SyncStep[]
}

/** A branch that a person wants back comes back as it was; what may not be pushed yet stays on top of it here. */
function pushableHead({ lastSynced }: InspectedWorktree, local: Sha, policy: SyncPolicy): Sha {
  return mayPush(policy, local) ? local : (lastSynced ?? local)
}

function pushStep({ facts, remote }: Heads, head: Sha): SyncStep {
  return { kind: 'push_branch', branch: facts.branch, head, expected: remote }
}

/** The old commits are pinned first: a replay is a rewrite, and the pin is the way back. */
function replaySteps(heads: Heads, options: PlanOptions): readonly SyncStep[] {
  const { facts, local, remote } = heads
  const rebase = facts.relation?.rebase
  if (rebase?.kind !== 'clean' || local === null || remote === null) return []
  const to = rebase.newHead
  const hasOwnCommits = to !== remote
  return [
    ...pinSteps(heads, options, null),
    ...moveSteps(facts, { from: local, to }),
    { kind: 'verify_worktree', head: to },
    ...(mayPush(options.policy, to) && hasOwnCommits ? [pushStep(heads, to)] : []),
  ]
}

function recoverySteps(heads: Heads, options: PlanOptions): readonly SyncStep[] {
  const { facts, local, remote } = heads
  if (local === null || remote === null) return []
  const { branch } = facts
  return [
    ...pinSteps(heads, options, remote),
    ...pushPinSteps(options, local),
    {
      kind: 'reset_tree',
      prefix: options.prefix,
      from: local,
      target: remote,
      ...(isUntouched(facts) ? { isGentle: true } : {}),
    },
    { kind: 'move_branch', branch, from: local, to: remote },
    { kind: 'verify_worktree', head: remote },
  ]
}

function isUntouched({ tree }: InspectedWorktree): boolean {
  const { dirty, untracked, ignored } = tree.collisions
  const touched = [tree.dirty, tree.conflicted, tree.hiddenEdits, dirty, untracked, ignored]
  return touched.every((paths) => paths.length === 0)
}

function pushPinSteps(options: PlanOptions, head: Sha): readonly SyncStep[] {
  const { pushPin, pushFiles, pinFallback, prefix } = options
  if (!pushPin) return []
  const withFiles = pushFiles === true ? ({ withFiles: true } as const) : {}
  const fallback = pinFallback === undefined || pinFallback === null ? {} : { fallback: pinFallback }
  return [{ kind: 'push_pin', prefix, head, ...withFiles, ...fallback }]
}

/** Files first, then HEAD, then the branch: killed in between, the next sync still sees that something is not done. */
function chosenResetSteps(heads: Heads, options: PlanOptions): readonly SyncStep[] {
  const { facts, local, remote } = heads
  if (remote === null) return []
  const { branch, branchSha } = facts
  const { prefix } = options
  const isOnBranch = facts.head.kind !== 'detached' && facts.head.branch === branch
  return [
    ...pinSteps(heads, options, remote),
    ...(local === null ? [] : pushPinSteps(options, local)),
    ...(facts.inProgress === null ? [] : [{ kind: 'end_operation', prefix } as const]),
    { kind: 'reset_tree', prefix, from: local, target: remote },
    ...(isOnBranch ? [] : [{ kind: 'attach_head', prefix, branch } as const]),
    ...(branchSha === remote ? [] : [{ kind: 'move_branch', branch, from: branchSha, to: remote } as const]),
    { kind: 'verify_worktree', head: remote },
  ]
}
