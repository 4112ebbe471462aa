// Step: put pinned commits on a new branch of the remote.

import { branchRef } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { pushRef } from '../push-ref.ts'
import type { StepOf, StepWorld } from '../step-world.ts'

/** Pushes the pin's head to a branch that must not exist yet. */
export async function pushRescue(
  world: StepWorld,
  { prefix, branch }: StepOf<'push_rescue'>,
): Promise<StepOutcome> {
  const check = await world.pins.verify({ paths: world.paths, prefix })
  if (check.kind === 'unverified') return { kind: 'failed', reason: 'not_pinned', detail: check.detail }
  const { repository } = world.workspace
  const order = { repository, sha: check.commits.head, ref: branchRef(branch), expected: null }
  return { kind: 'push', ...(await pushRef(world, { ...order, mirror: world.paths.mirror })) }
}
