// Runs `npm test` and shows what it says while it runs.

import type { CheckOutcome } from './check-outcome.ts'
import { runProgram } from './run-program.ts'

/** Runs all tests; vitest itself fails when it finds none. */
export async function checkTests(root: string): Promise<CheckOutcome> {
  const { exitCode } = await runProgram('npm', ['test'], { cwd: root, output: 'inherit' })
  return { saw: 'all tests', faults: exitCode === 0 ? [] : [`npm test ended with ${exitCode}`] }
}
