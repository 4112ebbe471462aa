// The property of all random cases, checked with a seed and within a time. Knows how a failure is played again.

import fc from 'fast-check'
import { playRandomCase } from './player.ts'
import { RANDOM_CASES } from './random-cases.ts'
import type { RandomCase } from './operations.ts'
import type { Tally } from './tally.ts'

export interface CheckOrder {
  readonly seed: number
  /** Where a failed case was found; plays that one only. */
  readonly path?: string
  readonly runs: number
  /** How long it may look for a smaller case after a failure. */
  readonly shrinkMs: number
  readonly tally: Tally
  /** Returns whether it is time to stop. */
  readonly isOver?: () => boolean
  /** Called after every case. */
  readonly onCase?: () => void
}

/** A case that breaks a law, as small as was found in the time. */
export interface Counterexample {
  readonly seed: number
  readonly path: string
  readonly randomCase: RandomCase
  readonly message: string
}

/** Plays cases until one fails; returns it, or null when all held. */
export async function checkRandomCases(order: CheckOrder): Promise<Counterexample | null> {
  const { seed, path, runs, tally } = order
  let failedAt: number | null = null
  const property = fc.asyncProperty(RANDOM_CASES, async (randomCase) => {
    const isTooLate = failedAt !== null && performance.now() - failedAt > order.shrinkMs
    if (isTooLate || (failedAt === null && order.isOver?.() === true)) return
    try {
      await playRandomCase(randomCase, tally)
    } catch (error) {
      failedAt ??= performance.now()
      throw error
    } finally {
      order.onCase?.()
    }
  })
  const result = await fc.check(property, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  })
  if (!result.failed || result.counterexample === null) return null
  const error = result.errorInstance
  return {
    seed,
    path: result.counterexamplePath ?? '',
    randomCase: result.counterexample[0],
    message: error instanceof Error ? error.message : String(error),
  }
}
