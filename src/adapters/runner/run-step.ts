// Runs one step of a plan. Says what happened as one of the step's outcomes; only our own mistakes are thrown.

import { assertNever } from '../../domain/assert-never.ts'
import { isAppError } from '../../domain/errors/app-error.ts'
import { redactSecrets } from '../../domain/redact-secrets.ts'
import type { StepOutcome, SyncStep } from '../../domain/sync/step.ts'
import type { StepWorld } from './step-world.ts'
import { commitLeftovers } from './steps/commit-leftovers.ts'
import { moveBranch } from './steps/move-branch.ts'
import { moveTree } from './steps/move-tree.ts'
import { pin } from './steps/pin.ts'
import { pushBranch } from './steps/push-branch.ts'
import { pushPin } from './steps/push-pin.ts'
import { pushRescue } from './steps/push-rescue.ts'
import { removeStaleLocks } from './steps/remove-stale-locks.ts'
import { resetTree } from './steps/reset-tree.ts'
import { verifyPin } from './steps/verify-pin.ts'
import { verifyWorktree } from './steps/verify-worktree.ts'

/** Runs the step. */
export async function runStep(world: StepWorld, step: SyncStep): Promise<StepOutcome> {
  try {
    return await dispatch(world, step)
  } catch (error) {
    const outcome = toOutcome(step, error)
    if (outcome === null) throw error
    return outcome
  }
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
    default:
      return assertNever(step)
  }
}

/** Git's and the file system's troubles as outcomes; null for anything that can only be a mistake of ours. */
function toOutcome(step: SyncStep, error: unknown): StepOutcome | null {
  const words = wordsOf(error)
  if (words === null) return null
  const detail = redactSecrets(words).slice(0, 1000)
  if (/ENOSPC|No space left on device|EDQUOT|Disk quota exceeded/i.test(words)) {
    return { kind: 'failed', reason: 'disk_full', detail }
  }
  if (/\.lock': File exists|Unable to create '.*\.lock'/i.test(words))
    return { kind: 'failed', reason: 'locked', detail }
  const isPin = step.kind === 'pin' || step.kind === 'verify_pin'
  return { kind: 'failed', reason: isPin ? 'snapshot_failed' : 'git_failed', detail }
}

function wordsOf(error: unknown): string | null {
  if (isAppError(error, 'GIT_FAILED')) return `git ${error.details.command}: ${error.details.detail}`
  if (error instanceof Error && 'syscall' in error) return error.message
  return null
}
