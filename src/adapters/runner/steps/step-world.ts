// What every step gets, and the questions several steps ask: is HEAD where the plan expects it, is a lock in the way.

import { ZERO_SHA, type BranchName, type RefName, type Sha } from '../../../domain/ids.ts'
import type { WorktreeFault } from '../../../domain/sync/facts.ts'
import type { StepOutcome, SyncStep } from '../../../domain/sync/step.ts'
import type { GitIdentity, WorkspaceRef } from '../../../ports/runner.ts'
import type { GitDoor } from '../git/git-door.ts'
import { inspectHead } from '../inspection/inspect-head.ts'
import { inspectLocks } from '../inspection/inspect-operations.ts'
import type { PinCheck, Pins } from '../pins/pins.ts'
import type { Remotes } from '../repositories/remote.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { inspectGitFiles } from '../repositories/worktree.ts'

export interface StepWorld {
  readonly door: GitDoor
  readonly remotes: Remotes
  readonly pins: Pins
  readonly now: () => number
  readonly paths: SessionPaths
  readonly workspace: WorkspaceRef
  readonly identity: GitIdentity
  /** The whole plan the step belongs to. */
  readonly plan: readonly SyncStep[]
}

export type Refusal = Extract<StepOutcome, { kind: 'raced' | 'failed' }>

/** Where the worktree's HEAD stands. */
export interface Standing {
  readonly kind: 'at'
  /** Null for a branch without a commit. */
  readonly sha: Sha | null
  /** Null when HEAD is detached. */
  readonly branch: string | null
}

/** A branch that is checked out and has a commit, or why the step must not go on. */
export type CheckedOut = { readonly kind: 'at'; readonly sha: Sha } | Refusal

/** Returns the refusal when the worktree is not there, or its git files are not ours. */
export async function refuseForeignFiles({ paths }: StepWorld): Promise<Refusal | null> {
  const fault = await inspectGitFiles(paths)
  return fault === null ? null : refuseFault(fault)
}

/** Puts a fault of the worktree into an outcome. */
export function refuseFault(fault: WorktreeFault): Refusal {
  const detail = fault.kind === 'tampered' ? `${fault.what} was changed` : `the worktree is ${fault.kind}`
  return { kind: 'failed', reason: 'git_failed', detail }
}

/** Returns where HEAD stands, on whatever branch or none; raced when it is nothing git writes. */
export async function readStanding({ door, paths, workspace }: StepWorld): Promise<Standing | Refusal> {
  const { head } = await inspectHead(door, paths, workspace.branch)
  if (head === null) return { kind: 'raced', expected: null, actual: describeHead(head) }
  return {
    kind: 'at',
    sha: head.kind === 'unborn' ? null : head.sha,
    branch: head.kind === 'detached' ? null : head.branch,
  }
}

/** Returns why the plan's expectation does not hold, or null when HEAD stands on the commit, whatever its branch. */
export async function refuseOtherCommit(world: StepWorld, expected: Sha | null): Promise<Refusal | null> {
  const fault = await refuseForeignFiles(world)
  if (fault !== null) return fault
  const standing = await readStanding(world)
  if (standing.kind !== 'at') return standing.kind === 'raced' ? { ...standing, expected } : standing
  if (standing.sha === expected) return null
  return { kind: 'raced', expected, actual: standing.sha ?? `${standing.branch ?? 'HEAD'} without a commit` }
}

/** Returns the commit of the session's branch when it is checked out in a worktree that is still ours. */
export async function readCheckedOut(world: StepWorld, expected: Sha | null): Promise<CheckedOut> {
  const { door, paths, workspace } = world
  const fault = await refuseForeignFiles(world)
  if (fault !== null) return fault
  const { head, branchSha } = await inspectHead(door, paths, workspace.branch)
  const isOurs = head?.kind === 'attached' && head.branch === workspace.branch
  if (!isOurs)
    return { kind: 'raced', expected: expected ?? branchSha ?? ZERO_SHA, actual: describeHead(head) }
  if (expected !== null && head.sha !== expected) return { kind: 'raced', expected, actual: head.sha }
  return { kind: 'at', sha: head.sha }
}

/** Returns why the plan's expectation does not hold, or null when the session's branch is checked out at the commit. */
export async function refuseOtherHead(world: StepWorld, expected: Sha): Promise<Refusal | null> {
  const found = await readCheckedOut(world, expected)
  return found.kind === 'at' ? null : found
}

/** A pin that was read back, or why the step must not go on. */
export type Pinned = Extract<PinCheck, { kind: 'verified' }> | Refusal

/** Reads the pin back from the mirror. */
export async function readPinBack({ pins, paths }: StepWorld, prefix: RefName): Promise<Pinned> {
  const check = await pins.verify({ paths, prefix })
  if (check.kind === 'verified') return check
  return { kind: 'failed', reason: 'not_pinned', detail: check.detail }
}

/** Returns the refusal when a lock lies in the worktree's git directory. */
export async function refuseLocks({ paths, workspace }: StepWorld): Promise<Refusal | null> {
  const locks = await inspectLocks(paths, workspace.branch)
  return locks.length === 0 ? null : { kind: 'failed', reason: 'locked', detail: locks.join(', ') }
}

function describeHead(head: Awaited<ReturnType<typeof inspectHead>>['head']): string {
  if (head === null) return 'unreadable HEAD'
  if (head.kind === 'detached') return `detached at ${head.sha}`
  return head.kind === 'unborn' ? `${head.branch} without a commit` : `${head.branch} at ${head.sha}`
}

/** Narrows a step to one kind. */
export type StepOf<K extends SyncStep['kind']> = Extract<SyncStep, { kind: K }>

/** The full reference of the session's branch. */
export function sessionRef(branch: BranchName): string {
  return `refs/heads/${branch}`
}
