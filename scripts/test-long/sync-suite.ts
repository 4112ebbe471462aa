// The long test of the sync: random histories, dirty states and orders of things, until the time is up.

import { checkRandomCases, type Counterexample } from '../../test/support/random-sync/property.ts'
import { Tally } from '../../test/support/random-sync/tally.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

/** Each batch has a seed of its own, so that a failure ends a batch and not the run. */
const CASES_PER_BATCH = 20
const SHRINK_MS = 180_000
/** More would tell nothing new. */
const MOST_FAILURES = 5
/** Keeps seeds of neighbouring runs apart; any odd number does. */
const SEED_STRIDE = 7919

export const SYNC_SUITE: Suite = { name: 'sync', run: runSync }

async function runSync(order: SuiteOrder): Promise<SuiteResult> {
  const tally = new Tally()
  const failures: SuiteFailure[] = []
  const isOver = (): boolean => performance.now() >= order.until
  for (let batch = 0; failures.length < MOST_FAILURES && !isOver(); batch += 1) {
    const found = await checkRandomCases({
      seed: order.path === null ? seedOf(order.seed, batch) : order.seed,
      ...(order.path === null ? {} : { path: order.path }),
      runs: CASES_PER_BATCH,
      shrinkMs: SHRINK_MS,
      tally,
      isOver,
      onCase: () => order.progress(`${tally.cases} cases, ${failures.length} failed`),
    })
    if (found !== null) {
      const failure = failureOf(found)
      failures.push(failure)
      order.failed(failure)
    }
    if (order.path !== null) break
  }
  return resultOf(tally, failures)
}

function seedOf(seed: number, batch: number): number {
  return (seed + batch * SEED_STRIDE) % 2 ** 31
}

function failureOf({ seed, path, randomCase, message }: Counterexample): SuiteFailure {
  return {
    message,
    counterexample: randomCase,
    replay: `npm run test:long -- --suite sync --seed ${seed} --path ${path}`,
  }
}

function resultOf(tally: Tally, failures: readonly SuiteFailure[]): SuiteResult {
  const { cases, ...counts } = tally.counts
  const reached = Object.keys(counts.syncCases).length
  return {
    cases,
    failures,
    counts,
    summary: [
      `${cases} cases, ${counts.kills} kills, ${Object.values(counts.syncCases).reduce((a, b) => a + b, 0)} syncs`,
      `${reached} sync cases reached, not reached: ${counts.notReached.join(', ') || 'none'}`,
    ],
  }
}
