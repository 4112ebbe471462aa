// The long test of the mirror: random stories, lost and late webhooks, faulty reads, until the time is up.

import { checkMirrorCases, type MirrorCounterexample } from '../../test/support/mirror-bench/property.ts'
import { Tally } from '../../test/support/mirror-bench/tally.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

/** Each batch has a seed and a world of its own, so that a failure ends a batch and not the run. */
const CASES_PER_BATCH = 100
const SHRINK_MS = 120_000
/** More would tell nothing new. */
const MOST_FAILURES = 5
/** Keeps seeds of neighbouring runs apart; any odd number does. */
const SEED_STRIDE = 7919

export const MIRROR_SUITE: Suite = { name: 'mirror', run: runMirror }

async function runMirror(order: SuiteOrder): Promise<SuiteResult> {
  const tally = new Tally()
  const failures: SuiteFailure[] = []
  const isOver = (): boolean => performance.now() >= order.until
  for (let batch = 0; failures.length < MOST_FAILURES && !isOver(); batch += 1) {
    const found = await checkMirrorCases({
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

function failureOf({ seed, path, mirrorCase, message }: MirrorCounterexample): SuiteFailure {
  return {
    message,
    counterexample: mirrorCase,
    replay: `npm run test:long -- --suite mirror --seed ${seed} --path ${path}`,
  }
}

function resultOf(tally: Tally, failures: readonly SuiteFailure[]): SuiteResult {
  const { cases, ...counts } = tally.counts
  const sum = (some: Readonly<Record<string, number>>): number =>
    Object.values(some).reduce((total, count) => total + count, 0)
  return {
    cases,
    failures,
    counts,
    summary: [
      `${cases} cases, ${sum(counts.acts)} acts, ${sum(counts.faults)} faults, ${counts.reads['observed'] ?? 0} reads`,
      `${counts.webhooks['sent'] ?? 0} webhooks, ${counts.webhooks['lost'] ?? 0} lost; ${sum(counts.events)} events`,
    ],
  }
}
