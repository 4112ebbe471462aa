// Step: put pinned commits, or pinned uncommitted work, on a new branch of the remote.

import { branchRef, type Sha } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { makeDirtyRescue } from '../pins/dirty-rescue.ts'
import { pushRef, type PushAnswer } from '../repositories/push-ref.ts'
import type { StepOf, StepWorld } from './step-world.ts'

/** Pushes to a branch that must not exist yet; the pin is read back first. */
export async function pushRescue(world: StepWorld, step: StepOf<'push_rescue'>): Promise<StepOutcome> {
  const { prefix, content = 'commits' } = step
  const check = await world.pins.verify({ paths: world.paths, prefix })
  if (check.kind === 'unverified') return { kind: 'failed', reason: 'not_pinned', detail: check.detail }
  const { head, index, worktree } = check.commits
  if (head === null)
    return { kind: 'failed', reason: 'not_pinned', detail: 'the branch had no commit when it was pinned' }
  if (content === 'commits') return { kind: 'push', ...(await push(world, step, head)) }
  const place = { door: world.door, mirror: world.paths.mirror }
  const made = await makeDirtyRescue(place, { head, index, worktree })
  if (made.kind === 'nothing') return { kind: 'nothing_to_commit', leftOut: made.leftOut }
  const answer = await push(world, step, made.head)
  if (answer.result !== 'pushed') return { kind: 'push', ...answer }
  return { kind: 'committed', head: made.head, paths: made.paths, leftOut: made.leftOut }
}

function push(world: StepWorld, { branch }: StepOf<'push_rescue'>, sha: Sha): Promise<PushAnswer> {
  const { repository } = world.workspace
  const { mirror } = world.paths
  return pushRef(world, { mirror, repository, sha, ref: branchRef(branch), expected: null })
}
