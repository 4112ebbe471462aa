// Step: save commits, index and files into the mirror.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import { refuseLocks, refuseOtherHead, type StepOf, type StepWorld } from '../step-world.ts'

/** Writes the pin; the worktree must be where the plan saw it, or the pin would describe something else. */
export async function pin(world: StepWorld, step: StepOf<'pin'>): Promise<StepOutcome> {
  const refusal = (await refuseOtherHead(world, step.head)) ?? (await refuseLocks(world))
  if (refusal !== null) return refusal
  const { prefix, head, target, message } = step
  return world.pins.write({ paths: world.paths, prefix, head, target, message, identity: world.identity })
}
