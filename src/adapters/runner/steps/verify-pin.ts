// Step: read a pin back from the mirror alone.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import type { StepOf, StepWorld } from './step-world.ts'

/** Reads every ref and every object of the pin. */
export async function verifyPin(
  { pins, paths }: StepWorld,
  { prefix }: StepOf<'verify_pin'>,
): Promise<StepOutcome> {
  const check = await pins.verify({ paths, prefix })
  if (check.kind === 'verified') return { kind: 'done' }
  return { kind: 'failed', reason: 'snapshot_failed', detail: check.detail }
}
