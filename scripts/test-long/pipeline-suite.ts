// The long test of pipelines and questions: stories and chance, pushes, faults and deaths, until the time is up.

import { checkModelCases } from '../../test/support/pipeline-model/property.ts'
import { Tally } from '../../test/support/pipeline-model/tally.ts'
import { runBatches } from './run-batches.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

const CASES_PER_BATCH = 50
const SHRINK_MS = 120_000

export const PIPELINE_SUITE: Suite = { name: 'pipeline', run: runPipelines }

async function runPipelines(order: SuiteOrder): Promise<SuiteResult> {
  const tally = new Tally()
  const failures = await runBatches(order, {
    suite: 'pipeline',
    casesPerBatch: CASES_PER_BATCH,
    shrinkMs: SHRINK_MS,
    check: (batch) => checkModelCases({ ...batch, tally }),
    played: () => tally.cases,
  })
  return resultOf(tally, failures)
}

function resultOf(tally: Tally, failures: readonly SuiteFailure[]): SuiteResult {
  const { cases, ...counts } = tally.counts
  const acts = Object.values(counts.acts).reduce((sum, count) => sum + count, 0)
  return {
    cases,
    failures,
    counts,
    summary: [
      `${cases} cases, ${acts} acts, ${counts.deaths} deaths, ${Object.keys(counts.answers).length} kinds of answers`,
      `not reached: ${counts.notReached.join(', ') || 'none'}`,
    ],
  }
}
