// Runs suites one after the other and tells what came of it.

import { resultTable, toResult, type BenchResult } from './result.ts'
import type { BenchOptions, Measured, Suite } from './suite.ts'

export interface BenchReport {
  readonly results: readonly BenchResult[]
  /** What could not be measured, in words. */
  readonly failures: readonly string[]
}

/** Runs the suites; a suite that breaks is a failure and does not keep the next from running. */
export async function runSuites(
  suites: readonly Suite[],
  options: BenchOptions & { readonly print: (text: string) => void },
): Promise<BenchReport> {
  const results: BenchResult[] = []
  const failures: string[] = []
  for (const suite of suites) {
    try {
      for await (const measured of suite.run(options)) {
        if (measured.kind === 'measured') results.push(toResult(suite.name, measured))
        else failures.push(failureText(suite, measured))
      }
    } catch (error) {
      if (options.signal?.aborted === true) {
        failures.push(`${suite.name}: the run was stopped`)
        break
      }
      failures.push(
        `${suite.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
    }
  }
  if (results.length > 0) options.print(resultTable(results))
  for (const result of results.filter(({ ok }) => !ok)) options.print(missedText(result))
  for (const failure of failures) options.print(`Not measured: ${failure}`)
  if (options.isSmall) options.print('A small repository: these times say nothing about a real one.')
  return { results, failures }
}

function failureText(
  suite: Suite,
  { benchmark, reason }: Extract<Measured, { kind: 'not_measured' }>,
): string {
  return `${suite.name} ${benchmark.name}: ${reason}`
}

function missedText({ suite, name, low, high, goal }: BenchResult): string {
  return `ok: no   ${suite} ${name}: ${low.toFixed(2)} to ${high.toFixed(2)} is not wholly on the right side of ${goal}`
}
