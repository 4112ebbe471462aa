// Runs one step of a plan. Says what happened as one of the step's outcomes; only our own mistakes are thrown.

import { statfs } from 'node:fs/promises'
import { assertNever } from '../../../domain/assert-never.ts'
import { isAppError } from '../../../domain/errors/app-error.ts'
import { redactSecrets } from '../../../domain/redact-secrets.ts'
import type { StepOutcome, SyncStep } from '../../../domain/sync/step.ts'
import { isPinOf } from '../repositories/session-paths.ts'
import type { StepWorld } from './step-world.ts'
import { attachHead } from './attach-head.ts'
import { commitLeftovers } from './commit-leftovers.ts'
import { deletePushedPin } from './delete-pushed-pin.ts'
import { endOperation } from './end-operation.ts'
import { moveBranch } from './move-branch.ts'
import { moveTree } from './move-tree.ts'
import { pin } from './pin.ts'
import { pushBranch } from './push-branch.ts'
import { pushPin } from './push-pin.ts'
import { pushRescue } from './push-rescue.ts'
import { recreateWorktree } from './recreate-worktree.ts'
import { removeStaleLocks } from './remove-stale-locks.ts'
import { resetTree } from './reset-tree.ts'
import { returnWorktree } from './return-worktree.ts'
import { verifyPin } from './verify-pin.ts'
import { verifyWorktree } from './verify-worktree.ts'
import { UnexpectedFile } from '../repositories/unexpected-file.ts'
import { findTampering } from '../repositories/tampering.ts'

/** Runs the step. */
export async function runStep(world: StepWorld, step: SyncStep): Promise<StepOutcome> {
  try {
    return (await refuseTampered(world, step)) ?? (await dispatch(world, step))
  } catch (error) {
    const outcome = toOutcome(step, error)
    if (outcome === null) throw error
    return nameFullDisk(world, outcome)
  }
}

/** So little room is none: git gives back its lock file when it fails. */
const NO_ROOM_BYTES = 1024 * 1024

/** Git says that it could not write a file, and not why. */
async function nameFullDisk({ paths }: StepWorld, outcome: StepOutcome): Promise<StepOutcome> {
  if (outcome.kind !== 'failed' || !/unable to (?:write|create) .*file|write error/i.test(outcome.detail))
    return outcome
  const { bavail, bsize } = await statfs(paths.folder)
  return bavail * bsize < NO_ROOM_BYTES ? { ...outcome, reason: 'disk_full' } : outcome
}

/** What works in the mirror alone: a session that was tampered with can still be rescued. */
const MIRROR_ONLY: readonly SyncStep['kind'][] = [
  'verify_pin',
  'push_pin',
  'push_rescue',
  'delete_pushed_pin',
]

async function refuseTampered({ paths }: StepWorld, step: SyncStep): Promise<StepOutcome | null> {
  if ('prefix' in step && !isPinOf(paths, step.prefix)) {
    return {
      kind: 'failed',
      reason: 'not_pinned',
      detail: `${step.prefix} names no pin of ${paths.sessionId}`,
    }
  }
  if (MIRROR_ONLY.includes(step.kind)) return null
  const what = await findTampering(paths)
  return what === null ? null : { kind: 'failed', reason: 'git_failed', detail: `${what} was changed` }
}

function dispatch(world: StepWorld, step: SyncStep): Promise<StepOutcome> {
  switch (step.kind) {
    case 'pin':
      return pin(world, step)
    case 'verify_pin':
      return verifyPin(world, step)
    case 'push_pin':
      return pushPin(world, step)
    case 'reset_tree':
      return resetTree(world, step)
    case 'move_tree':
      return moveTree(world, step)
    case 'move_branch':
      return moveBranch(world, step)
    case 'verify_worktree':
      return verifyWorktree(world, step)
    case 'push_branch':
      return pushBranch(world, step)
    case 'commit_leftovers':
      return commitLeftovers(world, step)
    case 'remove_stale_locks':
      return removeStaleLocks(world)
    case 'push_rescue':
      return pushRescue(world, step)
    case 'end_operation':
      return endOperation(world, step)
    case 'attach_head':
      return attachHead(world, step)
    case 'recreate_worktree':
      return recreateWorktree(world)
    case 'return_worktree':
      return returnWorktree(world, step)
    case 'delete_pushed_pin':
      return deletePushedPin(world, step)
    default:
      return assertNever(step)
  }
}

/** Git's and the file system's troubles as outcomes; null for anything that can only be a mistake of ours. */
function toOutcome(step: SyncStep, error: unknown): StepOutcome | null {
  const words = wordsOf(error)
  if (words === null) return null
  const detail = redactSecrets(words).slice(0, 1000)
  if (/ENOSPC|No space left on device|Out of diskspace|EDQUOT|Disk quota exceeded/i.test(words)) {
    return { kind: 'failed', reason: 'disk_full', detail }
  }
  if (/\.lock': File exists|Unable to create '.*\.lock'|EEXIST.*\.lock/i.test(words))
    return { kind: 'failed', reason: 'locked', detail }
  const isPin = step.kind === 'pin' || step.kind === 'verify_pin'
  return { kind: 'failed', reason: isPin ? 'snapshot_failed' : 'git_failed', detail }
}

function wordsOf(error: unknown): string | null {
  if (isAppError(error, 'GIT_FAILED')) return `git ${error.details.command}: ${error.details.detail}`
  if (error instanceof Error && ('syscall' in error || error instanceof UnexpectedFile)) return error.message
  return null
}
