// From times to a result with a verdict, and the table people read. Pure.

import { medianInterval, medianOf } from './interval.ts'
import type { PairedTimes } from './pairs.ts'
import type { Benchmark, Measured } from './suite.ts'

/** One line of the JSON file; `value` and `baseline` are medians in `unit`, `ratio` is the median of the pairs' ratios. */
export interface BenchResult {
  readonly suite: string
  readonly name: string
  readonly value: number
  readonly unit: 'ms'
  readonly baseline: number
  readonly ratio: number
  /** The bounds of the ratio's 95 % interval. */
  readonly low: number
  readonly high: number
  /** The ratio wanted. */
  readonly goal: number
  readonly better: Benchmark['better']
  /** Whether the whole interval is on the right side of the goal. */
  readonly ok: boolean
  readonly against: string
  readonly pairs: number
  /** Git processes of one operation of ours, by command in their order. */
  readonly processes: readonly string[]
}

/** Returns the result of measured pairs. */
export function toResult(suite: string, measured: Extract<Measured, { kind: 'measured' }>): BenchResult {
  const { benchmark, times, processes } = measured
  const { median, low, high } = medianInterval(times.map(ratioOf))
  const { goal, better } = benchmark
  return {
    suite,
    name: benchmark.name,
    value: rounded(medianOf(times.map(({ ours }) => ours)), 2),
    unit: 'ms',
    baseline: rounded(medianOf(times.map(({ baseline }) => baseline)), 2),
    ratio: rounded(median, 3),
    low: rounded(low, 3),
    high: rounded(high, 3),
    goal,
    better,
    ok: isReached({ low, high, goal, better }),
    against: benchmark.against,
    pairs: times.length,
    processes,
  }
}

function ratioOf({ ours, baseline }: PairedTimes): number {
  return ours / baseline
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

/** Tells whether the whole interval is on the goal's right side. */
export function isReached(interval: {
  readonly low: number
  readonly high: number
  readonly goal: number
  readonly better: Benchmark['better']
}): boolean {
  const { low, high, goal, better } = interval
  return better === 'lower' ? high <= goal : low >= goal
}

/** Returns the table for a terminal. */
export function resultTable(results: readonly BenchResult[]): string {
  const head = ['suite', 'name', 'ours', 'baseline', 'ratio', '95 % interval', 'goal', 'git', 'ok']
  const rows = [head, ...results.map(tableRow)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function tableRow(result: BenchResult): readonly string[] {
  const { suite, name, value, unit, baseline, ratio, low, high, goal, better, processes, ok } = result
  const sign = better === 'lower' ? '<=' : '>='
  return [
    suite,
    name,
    `${value.toFixed(1)} ${unit}`,
    `${baseline.toFixed(1)} ${unit}`,
    ratio.toFixed(2),
    `${low.toFixed(2)} to ${high.toFixed(2)}`,
    `${sign} ${goal}`,
    `${processes.length}`,
    ok ? 'yes' : 'no',
  ]
}
