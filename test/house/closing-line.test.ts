import { describe, expect, it } from 'vitest'
import {
  closingLine,
  countRun,
  readSteps,
  type RunReports,
  type TestReport,
} from '../../scripts/closing-line.ts'

const ALL_WELL: RunReports = {
  steps: [
    { name: 'install', exitCode: 0 },
    { name: 'test', exitCode: 0 },
    { name: 'check', exitCode: 0 },
    { name: 'demo', exitCode: 0 },
  ],
  tests: report({ passed: 7, failed: 0 }),
  check: { stages: [{ passed: true }, { passed: true }] },
}

function report(count: { readonly passed: number; readonly failed: number }): TestReport {
  return {
    numPassedTests: count.passed,
    numFailedTests: count.failed,
    testResults: [
      {
        status: count.failed === 0 ? 'passed' : 'failed',
        assertionResults: Array.from({ length: count.failed }, () => ({ status: 'failed' })),
      },
    ],
  }
}

function withExit(name: string, exitCode: number): RunReports['steps'] {
  return ALL_WELL.steps.map((step) => (step.name === name ? { name, exitCode } : step))
}

describe('countRun', () => {
  it('adds up tests, stages and the demo, and nothing else', () => {
    expect(countRun(ALL_WELL)).toEqual({ passed: 10, failed: 0 })
  })

  const table: readonly (readonly [string, Partial<RunReports>, { passed: number; failed: number }])[] = [
    [
      'counts failed tests',
      { tests: report({ passed: 5, failed: 2 }), steps: withExit('test', 1) },
      { passed: 8, failed: 2 },
    ],
    ['fails when there was no test', { tests: report({ passed: 0, failed: 0 }) }, { passed: 3, failed: 1 }],
    ['fails when the tests left no report', { tests: null }, { passed: 3, failed: 1 }],
    [
      'fails when the test run failed with no failed test, as it does on an unhandled error',
      { steps: withExit('test', 1) },
      { passed: 10, failed: 1 },
    ],
    [
      'counts a test file that could not be loaded',
      {
        tests: {
          ...report({ passed: 7, failed: 0 }),
          testResults: [{ status: 'failed', assertionResults: [] }],
        },
        steps: withExit('test', 1),
      },
      { passed: 10, failed: 1 },
    ],
    [
      'counts failed stages',
      { check: { stages: [{ passed: true }, { passed: false }] }, steps: withExit('check', 1) },
      { passed: 9, failed: 1 },
    ],
    ['fails when the checks left no report', { check: null }, { passed: 8, failed: 1 }],
    ['fails when no stage ran', { check: { stages: [] } }, { passed: 8, failed: 1 }],
    [
      'fails when the checks ended badly with no failed stage',
      { steps: withExit('check', 2) },
      { passed: 10, failed: 1 },
    ],
    ['counts a failed demo', { steps: withExit('demo', 1) }, { passed: 9, failed: 1 }],
    [
      'does without a demo',
      { steps: ALL_WELL.steps.filter(({ name }) => name !== 'demo') },
      { passed: 9, failed: 0 },
    ],
    [
      'fails when the installation failed, even if old reports lie about',
      { steps: withExit('install', 1) },
      { passed: 10, failed: 1 },
    ],
    ['fails for every step that was not reached', { steps: [] }, { passed: 0, failed: 3 }],
  ]
  it.each(table)('%s', (_name, change, count) => {
    expect(countRun({ ...ALL_WELL, ...change })).toEqual(count)
  })
})

describe('closingLine', () => {
  it('is the one line that ends a run', () => {
    expect(closingLine({ passed: 12, failed: 3 })).toBe('12 passed, 3 failed')
  })
})

describe('readSteps', () => {
  it('reads one step per line', () => {
    expect(readSteps('install 0\ntest 1\n')).toEqual([
      { name: 'install', exitCode: 0 },
      { name: 'test', exitCode: 1 },
    ])
  })

  it('takes a line it can not read for a failure', () => {
    expect(readSteps('tes')).toEqual([{ name: 'tes', exitCode: 1 }])
  })
})
