// The property of all random syncs.

import { checkCases, type CaseOrder, type Counterexample } from '../random-cases.ts'
import { playRandomCase } from './player.ts'
import { RANDOM_CASES } from './random-cases.ts'
import type { RandomCase } from './operations.ts'
import type { Tally } from './tally.ts'

/** Plays cases until one fails; returns it, or null when all held. */
export function checkRandomCases(
  order: CaseOrder & { readonly tally: Tally },
): Promise<Counterexample<RandomCase> | null> {
  return checkCases(RANDOM_CASES, (randomCase) => playRandomCase(randomCase, order.tally), order)
}
