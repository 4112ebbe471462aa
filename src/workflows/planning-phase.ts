// Which phase of a pipeline makes the contract that a later one needs.

import type { PhaseRun, Pipeline } from '../domain/records.ts'

/** Returns the last phase up to the given one that makes a contract. */
export function findPlanningPhase(
  { config }: Pick<Pipeline, 'config'>,
  phases: readonly PhaseRun[],
  upTo: Pick<PhaseRun, 'position'>,
): PhaseRun | null {
  const makes = new Set(
    config.phases.filter(({ produces }) => produces === 'contract').map(({ name }) => name),
  )
  return phases.findLast(({ name, position }) => position <= upTo.position && makes.has(name)) ?? null
}
