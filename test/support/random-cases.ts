// Checks a property of random cases with a seed and within a time. Knows how a failure is played again, and no case.

import fc from 'fast-check'

export interface CaseOrder {
  readonly seed: number
  /** Where a failed case was found; plays that one only. */
  readonly path?: string
  readonly runs: number
  /** How long it may look for a smaller case after a failure, in milliseconds. */
  readonly shrinkMs: number
  /** Returns whether it is time to stop. */
  readonly isOver?: () => boolean
  /** Called after every case. */
  readonly onCase?: () => void
}

/** A case that breaks a law, as small as was found in the time. */
export interface Counterexample<Case> {
  readonly seed: number
  readonly path: string
  readonly example: Case
  readonly message: string
}

/** Plays cases until one fails; returns it, or null when all held. */
export async function checkCases<Case>(
  cases: fc.Arbitrary<Case>,
  play: (one: Case) => Promise<void>,
  order: CaseOrder,
): Promise<Counterexample<Case> | null> {
  const { seed, path, runs } = order
  let failedAt: number | null = null
  const property = fc.asyncProperty(cases, async (one) => {
    const isTooLate = failedAt !== null && performance.now() - failedAt > order.shrinkMs
    if (isTooLate || (failedAt === null && order.isOver?.() === true)) return
    try {
      await play(one)
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
    example: result.counterexample[0],
    message: error instanceof Error ? error.message : String(error),
  }
}
