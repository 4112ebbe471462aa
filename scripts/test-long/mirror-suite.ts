// The long test of the mirror: random stories, lost and late webhooks, faulty reads, until the time is up.

import { checkMirrorCases } from '../../test/support/mirror-bench/property.ts'
import { Tally } from '../../test/support/mirror-bench/tally.ts'
import { runBatches } from './run-batches.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

const CASES_PER_BATCH = 100
const SHRINK_MS = 120_000

export const MIRROR_SUITE: Suite = { name: 'mirror', run: runMirror }

async function runMirror(order: SuiteOrder): Promise<SuiteResult> {
  const tally = new Tally()
  const failures = await runBatches(order, {
    suite: 'mirror',
    casesPerBatch: CASES_PER_BATCH,
    shrinkMs: SHRINK_MS,
    check: (batch) => checkMirrorCases({ ...batch, tally }),
    played: () => tally.cases,
  })
  return resultOf(tally, failures)
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
