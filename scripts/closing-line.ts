// Counts what passed and what failed in a CI run, from the reports its steps left in one folder, and prints the last
// line of `.ci/run`. Anything that is missing counts as failed.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What vitest's JSON reporter says, as far as it is counted. */
export interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  /** One per file; a file that could not be loaded has failed without a single test. */
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** What `npm run check -- --report` wrote. */
export interface CheckReport {
  readonly stages: readonly { readonly passed: boolean }[]
}

/** One line of `steps`: a command of `.ci/run` and the exit code it ended with. */
export interface Step {
  readonly name: string
  readonly exitCode: number
}

/** All that is known at the end of a run; null for a report that was never written or could not be read. */
export interface RunReports {
  readonly steps: readonly Step[]
  readonly tests: TestReport | null
  readonly check: CheckReport | null
}

/** How many passed and failed. */
export interface Count {
  readonly passed: number
  readonly failed: number
}

/** The steps that must have been taken, whatever else there was. */
const REQUIRED_STEPS = ['install', 'test', 'check'] as const

/** Counts a run; `failed` is 0 only when every required step was taken and ended well and at least one test passed. */
export function countRun({ steps, tests, check }: RunReports): Count {
  const exitOf = (name: string): number | null => steps.find((step) => step.name === name)?.exitCode ?? null
  const parts = [
    countTests(tests, exitOf('test')),
    countStages(check, exitOf('check')),
    ...REQUIRED_STEPS.filter((name) => exitOf(name) === null).map(() => ({ passed: 0, failed: 1 })),
    // Installing is not a proof of anything: it only counts when it failed.
    { passed: 0, failed: (exitOf('install') ?? 0) === 0 ? 0 : 1 },
    ...steps
      .filter((step) => !REQUIRED_STEPS.some((name) => name === step.name))
      .map((step) => (step.exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })),
  ]
  return {
    passed: parts.reduce((sum, part) => sum + part.passed, 0),
    failed: parts.reduce((sum, part) => sum + part.failed, 0),
  }
}

function countTests(report: TestReport | null, exitCode: number | null): Count {
  if (exitCode === null) return { passed: 0, failed: 0 }
  if (report === null) return { passed: 0, failed: 1 }
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length
  const failed = report.numFailedTests + brokenFiles
  const nothingRan = report.numPassedTests + failed === 0
  // An unhandled error fails the run without failing a test.
  const unexplained = exitCode !== 0 && failed === 0
  return { passed: report.numPassedTests, failed: failed + (nothingRan || unexplained ? 1 : 0) }
}

function countStages(report: CheckReport | null, exitCode: number | null): Count {
  if (exitCode === null) return { passed: 0, failed: 0 }
  if (report === null || report.stages.length === 0) return { passed: 0, failed: 1 }
  const passed = report.stages.filter((stage) => stage.passed).length
  const failed = report.stages.length - passed
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed }
}

/** Returns the last line of a run. */
export function closingLine({ passed, failed }: Count): string {
  return `${passed} passed, ${failed} failed`
}

/** Returns the steps from lines of `name exit-code`; a line that is anything else counts as a failed step. */
export function readSteps(text: string): readonly Step[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const match = /^(\S+) (\d+)$/u.exec(line.trim())
      return match === null
        ? { name: line, exitCode: 1 }
        : { name: match[1] ?? line, exitCode: Number(match[2]) }
    })
}

/** Returns a report, or null when it is missing, broken or not a report. */
async function readReport<T extends object>(path: string, key: keyof T & string): Promise<T | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null && key in value ? (value as T) : null
  } catch {
    return null
  }
}

/** Reads the reports of a run from its folder. */
export async function readRun(folder: string): Promise<RunReports> {
  return {
    steps: readSteps(await readFile(join(folder, 'steps'), 'utf8').catch(() => '')),
    tests: await readReport<TestReport>(join(folder, 'tests.json'), 'testResults'),
    check: await readReport<CheckReport>(join(folder, 'check.json'), 'stages'),
  }
}

async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined) {
    console.error('closing-line.ts FOLDER')
    return 2
  }
  const count = countRun(await readRun(folder))
  console.log(closingLine(count))
  return count.failed === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = await main(process.argv[2])
