// Plays random cases in batches until the time is up. Each batch has a seed of its own, so that a failure ends a batch
// and not the run.

import type { CaseOrder, Counterexample } from '../../test/support/random-cases.ts'
import type { SuiteFailure, SuiteOrder } from './suite.ts'

/** More would tell nothing new. */
const MOST_FAILURES = 5
/** Keeps seeds of neighbouring runs apart; any odd number does. */
const SEED_STRIDE = 7919

export interface Batches<Case> {
  readonly suite: string
  readonly casesPerBatch: number
  readonly shrinkMs: number
  readonly check: (order: CaseOrder) => Promise<Counterexample<Case> | null>
  /** How many cases were played so far. */
  readonly played: () => number
}

/** Returns what failed; with a path only the case it leads to is played. */
export async function runBatches<Case>(
  order: SuiteOrder,
  { suite, casesPerBatch, shrinkMs, check, played }: Batches<Case>,
): Promise<readonly SuiteFailure[]> {
  const failures: SuiteFailure[] = []
  const isOver = (): boolean => performance.now() >= order.until
  for (let batch = 0; failures.length < MOST_FAILURES && !isOver(); batch += 1) {
    const found = await check({
      seed: order.path === null ? seedOf(order.seed, batch) : order.seed,
      ...(order.path === null ? {} : { path: order.path }),
      runs: casesPerBatch,
      shrinkMs,
      isOver,
      onCase: () => order.progress(`${played()} cases, ${failures.length} failed`),
    })
    if (found !== null) {
      const failure = failureOf(suite, found)
      failures.push(failure)
      order.failed(failure)
    }
    if (order.path !== null) break
  }
  return failures
}

function seedOf(seed: number, batch: number): number {
  return (seed + batch * SEED_STRIDE) % 2 ** 31
}

function failureOf(suite: string, { seed, path, example, message }: Counterexample<unknown>): SuiteFailure {
  const replay = `npm run test:long -- --suite ${suite} --seed ${seed} --path ${path}`
  return { message, counterexample: example, replay }
}
