// How long it takes from a person's act on GitHub, told by a webhook, to its row in the change log. Measured in batches:
// each gives one percentile of ours and one of the baseline.

import type { PairedTimes } from '../pairs.ts'
import type { Benchmark, BenchOptions, Measured } from '../suite.ts'
import { LiveGitHub } from './live-github.ts'
import { startLiveMirror } from './live-mirror.ts'
import { NewsWatch } from './news-watch.ts'

/** Enough for a 99th percentile that is not the slowest of all. */
const ACTS_PER_BATCH = 100
const ACTS_WHEN_SMALL = 4
/** Between two acts while the quiet time runs: longer than a read takes, so that none waits for another. */
const PACE_MS = 50

interface LatencyBenchmark extends Benchmark {
  readonly percentile: 50 | 99
  readonly isQuietTimeKept: boolean
}

const READ_ALONE = 'one read of the same pull request through the observer, alone'
const QUIET_TIME = 'the quiet time, a setting of the program'

/** Goals are this suite's own. */
export const LATENCIES: readonly LatencyBenchmark[] = [
  { ...latency(50, false), goal: 3, against: READ_ALONE },
  { ...latency(99, false), goal: 4, against: READ_ALONE },
  { ...latency(50, true), goal: 1.1, against: QUIET_TIME },
  { ...latency(99, true), goal: 1.25, against: QUIET_TIME },
]

function latency(
  percentile: LatencyBenchmark['percentile'],
  isQuietTimeKept: boolean,
): Pick<LatencyBenchmark, 'name' | 'percentile' | 'isQuietTimeKept' | 'better'> {
  const name = `webhook-to-row-${isQuietTimeKept ? 'with' : 'without'}-quiet-time-p${percentile}`
  return { name, percentile, isQuietTimeKept, better: 'lower' }
}

/** What one batch gave, act by act, in milliseconds. */
interface Batch {
  readonly ours: readonly number[]
  readonly baseline: readonly number[]
}

/** Measures the wanted ones; both percentiles of a mode come from the same acts. */
export async function* measureLatency(
  benchmarks: readonly LatencyBenchmark[],
  options: BenchOptions,
): AsyncGenerator<Measured> {
  if (benchmarks.length === 0) return
  const github = await LiveGitHub.start(options.isSmall ? ACTS_WHEN_SMALL : ACTS_PER_BATCH)
  try {
    for (const isQuietTimeKept of [false, true]) {
      const wanted = benchmarks.filter((benchmark) => benchmark.isQuietTimeKept === isQuietTimeKept)
      if (wanted.length > 0) yield* measureMode(github, wanted, { ...options, isQuietTimeKept })
    }
  } finally {
    await github.close()
  }
}

async function* measureMode(
  github: LiveGitHub,
  benchmarks: readonly LatencyBenchmark[],
  options: BenchOptions & { readonly isQuietTimeKept: boolean },
): AsyncGenerator<Measured> {
  const mirror = await startLiveMirror(github)
  try {
    const watch = new NewsWatch(github, mirror)
    // The first act of each makes the first read, which stores everything.
    mirror.keepQuietTime(false)
    for (let index = 0; index < github.count; index += 1) await watch.act(index)
    mirror.keepQuietTime(options.isQuietTimeKept)
    const batches: Batch[] = []
    while (batches.length < options.pairs) {
      options.signal?.throwIfAborted()
      const batch = await (options.isQuietTimeKept ? pacedBatch(watch, mirror.quietMs) : readBatch(watch))
      batches.push(batch)
      tell(batch, batches.length, options)
    }
    for (const benchmark of benchmarks) yield toMeasured(benchmark, batches)
  } finally {
    await mirror.close()
  }
}

/** One act after the other, each beside a read of the same pull request; the one that goes first alternates. */
async function readBatch(watch: NewsWatch): Promise<Batch> {
  const ours: number[] = []
  const baseline: number[] = []
  for (let index = 0; index < watch.count; index += 1) {
    if (index % 2 === 0) ours.push(await watch.act(index))
    baseline.push(await watch.readAlone(index))
    if (index % 2 === 1) ours.push(await watch.act(index))
  }
  return { ours, baseline }
}

/** Acts on one pull request after the other without waiting for the rows. */
async function pacedBatch(watch: NewsWatch, quietMs: number): Promise<Batch> {
  const underWay = Array.from({ length: watch.count }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index * PACE_MS))
    return watch.act(index)
  })
  const ours = await Promise.all(underWay)
  return { ours, baseline: ours.map(() => quietMs) }
}

function toMeasured(
  { name, against, goal, better, percentile }: LatencyBenchmark,
  batches: readonly Batch[],
): Measured {
  const times = batches.map(({ ours, baseline }): PairedTimes => ({
    ours: percentileOf(ours, percentile),
    baseline: percentileOf(baseline, percentile),
  }))
  return { kind: 'measured', benchmark: { name, against, goal, better }, times, processes: [] }
}

/** Returns the smallest value that at least so many percent do not exceed. Throws for an empty sample. */
export function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const value = sorted[Math.max(0, Math.ceil((sorted.length * percentile) / 100) - 1)]
  if (value === undefined) throw new Error('An empty sample has no percentile')
  return value
}

function tell(
  { ours, baseline }: Batch,
  count: number,
  options: BenchOptions & { readonly isQuietTimeKept: boolean },
): void {
  const [p50, p99] = [percentileOf(ours, 50), percentileOf(ours, 99)]
  const mode = options.isQuietTimeKept ? 'with' : 'without'
  options.progress(
    `webhook-to-row ${mode} quiet time: batch ${count} of ${options.pairs}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms against p50 ${percentileOf(baseline, 50).toFixed(1)} ms`,
  )
}
