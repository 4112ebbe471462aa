// The long test of the sync: random histories, dirty states and orders of things, until the time is up.

import { checkRandomCases } from '../../test/support/random-sync/property.ts'
import { Tally } from '../../test/support/random-sync/tally.ts'
import { runBatches } from './run-batches.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

const CASES_PER_BATCH = 20
const SHRINK_MS = 180_000

export const SYNC_SUITE: Suite = { name: 'sync', run: runSync }

async function runSync(order: SuiteOrder): Promise<SuiteResult> {
  const tally = new Tally()
  const failures = await runBatches(order, {
    suite: 'sync',
    casesPerBatch: CASES_PER_BATCH,
    shrinkMs: SHRINK_MS,
    check: (batch) => checkRandomCases({ ...batch, tally }),
    played: () => tally.cases,
  })
  return resultOf(tally, failures)
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
