// The steps a plan is made of, and what each can come back with. A step is small, named, and destructive ones carry
// the commit they expect. The runner executes them; this file knows only their shape.

import type { BranchName, RefName, Sha } from '../ids.ts'

export type SyncStep =
  /**
   * Saves commits, index and worktree (with untracked and colliding ignored files) byte for byte into the mirror.
   *
   * `head` is where HEAD must be, on whatever branch or none; null for a branch without a commit. With a `target` a reset
   * may follow, so what can not be saved fails the step; without one it is skipped and named.
   */
  | {
      readonly kind: 'pin'
      readonly prefix: RefName
      readonly head: Sha | null
      readonly target: Sha | null
      readonly message: string
      /** More commits to keep, as further parents of the index commit. */
      readonly also?: readonly Sha[]
    }
  /** Reads every ref and object of the pin back. */
  | { readonly kind: 'verify_pin'; readonly prefix: RefName }
  /** Pushes the pin's head create-only and reads it back; a refusal is an outcome, not a failure. */
  | {
      readonly kind: 'push_pin'
      readonly prefix: RefName
      readonly head: Sha
      /** Push index and files as well, as far as they are not too large. */
      readonly withFiles?: true
      /** Where the head goes instead when the host takes no refs outside branches and tags. */
      readonly fallback?: BranchName
    }
  /**
   * Destructive: makes index and files those of `target`. Refuses without the verified pin, when HEAD is not `from` (null:
   * a branch without a commit), and when something was written after the pin.
   */
  | {
      readonly kind: 'reset_tree'
      readonly prefix: RefName
      readonly from: Sha | null
      readonly target: Sha
      /**
       * Nothing tracked was changed: git moves the files, and refuses whatever it would write over. Of the pin only the
       * refs are read back then; its objects were read by the `verify_pin` just before.
       */
      readonly isGentle?: true
    }
  /** Moves index and files from one commit to another, keeping uncommitted changes; git refuses on any overlap. */
  | { readonly kind: 'move_tree'; readonly from: Sha; readonly target: Sha }
  /** Moves the session's branch by compare-and-swap; `from` null: it must not exist. */
  | { readonly kind: 'move_branch'; readonly branch: BranchName; readonly from: Sha | null; readonly to: Sha }
  /** Ends a half-done operation by forgetting it, as `git rebase --quit` does; files and index stay. Refuses without the verified pin. */
  | { readonly kind: 'end_operation'; readonly prefix: RefName }
  /** Puts HEAD back on the session's branch, touching no file. Refuses without the verified pin. */
  | { readonly kind: 'attach_head'; readonly prefix: RefName; readonly branch: BranchName }
  /** Makes the worktree's folder again from its index, after it was deleted. Never writes over anything. */
  | { readonly kind: 'recreate_worktree' }
  /** Moves the worktree's folder back to its place; `from` is a name in the session's folder. */
  | { readonly kind: 'return_worktree'; readonly from: string }
  /** Checks that branch and tree really are at `head`. */
  | { readonly kind: 'verify_worktree'; readonly head: Sha }
  /** Pushes the branch with a lease on `expected` (null: must not exist) and reads it back. */
  | {
      readonly kind: 'push_branch'
      readonly branch: BranchName
      readonly head: Sha
      readonly expected: Sha | null
    }
  /** Commits what an agent left after exit 0, by the rules for leftovers. */
  | {
      readonly kind: 'commit_leftovers'
      readonly branch: BranchName
      readonly message: string
      /** The pin that holds versions only the index has; without it the step refuses to write over them (`not_pinned`). */
      readonly prefix?: RefName
    }
  /**
   * Removes lock files that a killed process of ours left in the worktree's git directory.
   *
   * Planned only by the holder of the lane while an interrupted operation is open and no attempt runs; waits (bounded)
   * while a git process of ours on this worktree is still alive, then fails as `locked`.
   */
  | { readonly kind: 'remove_stale_locks' }
  /**
   * Puts a pinned head on a new branch of the remote, create-only.
   *
   * With the content `dirty` it is what lay uncommitted on top of that head, without what looks like a secret; then it
   * comes back as `committed`, or as `nothing_to_commit` when nothing is left.
   */
  | {
      readonly kind: 'push_rescue'
      readonly prefix: RefName
      readonly branch: BranchName
      readonly content?: 'commits' | 'dirty'
    }
  /** Deletes what was pushed of a pin from the remote, by lease on its commits. Refuses without the verified local pin. */
  | { readonly kind: 'delete_pushed_pin'; readonly prefix: RefName; readonly head: Sha }

export type PushResult =
  | 'pushed'
  | 'non_fast_forward'
  | 'protected'
  | 'ruleset'
  | 'signature_required'
  | 'secret_found'
  | 'workflow_permission'
  | 'too_large'
  | 'archived'
  | 'auth'
  | 'network'
  | 'unknown'

/** Why a leftover was not committed. */
export type LeftOutReason = 'too_large' | 'too_many' | 'secret_like' | 'nested_repository' | 'unreadable'
export interface LeftOut {
  readonly path: string
  readonly reason: LeftOutReason
}

export type StepOutcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'pinned'
      readonly head: Sha
      readonly index: Sha
      readonly worktree: Sha
      readonly paths: readonly string[]
      /** What nobody may read and the pin therefore lacks; only in a pin that no reset follows. */
      readonly skipped?: readonly string[]
    }
  | {
      readonly kind: 'push'
      readonly result: PushResult
      readonly detail: string
      /** How it went with the files of a pin. */
      readonly files?: PushResult
      /** The branch a pin's head was put on, because its own name was refused. */
      readonly fallback?: BranchName
    }
  | {
      readonly kind: 'committed'
      readonly head: Sha
      readonly paths: readonly string[]
      readonly leftOut: readonly LeftOut[]
    }
  | { readonly kind: 'nothing_to_commit'; readonly leftOut: readonly LeftOut[] }
  /** The world moved: a compare-and-swap or an expectation did not hold. Nothing was changed by this step. */
  | { readonly kind: 'raced'; readonly expected: Sha | null; readonly actual: string }
  /** The step was refused or failed; `detail` is git's word with secrets removed. */
  | {
      readonly kind: 'failed'
      readonly reason: 'snapshot_failed' | 'not_pinned' | 'git_failed' | 'locked' | 'disk_full' | 'collision'
      readonly detail: string
    }

/**
 * Tells whether the plan may go on after this outcome of this step.
 *
 * A host that takes no refs outside branches and tags, or nothing at all any more, leaves the verified local pin; every
 * other refusal of a pin is a person's to judge before anything is reset.
 */
export function mayContinueAfter(step: SyncStep, outcome: StepOutcome): boolean {
  if (outcome.kind === 'raced' || outcome.kind === 'failed') return false
  if (outcome.kind !== 'push' || outcome.result === 'pushed') return true
  return step.kind === 'push_pin' && takesNoPins(outcome.result)
}

/** Tells whether the refusal is about the pin's name and not about what is in it. */
export function takesNoPins(result: PushResult): boolean {
  return TAKES_NO_PINS.includes(result)
}

const TAKES_NO_PINS: readonly PushResult[] = ['protected', 'ruleset', 'archived']
