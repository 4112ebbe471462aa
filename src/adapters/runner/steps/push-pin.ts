// Step: put the pinned head on the remote under the pin's own name. A refusal is an outcome; the local pin still holds.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import type { StepOf, StepWorld } from '../step-world.ts'

/** Pushes the pin's head and reads it back. */
export async function pushPin(world: StepWorld, { prefix, head }: StepOf<'push_pin'>): Promise<StepOutcome> {
  const { repository } = world.workspace
  return { kind: 'push', ...(await world.pins.push({ paths: world.paths, prefix, head, repository })) }
}
