// What a suite of benchmarks is, and what it needs to run. A suite is one file in `suites/` that exports `suite`.

import type { PairedTimes } from './pairs.ts'

export interface BenchOptions {
  /** Measured pairs for each result, after the warm-up. */
  readonly pairs: number
  /** A repository of a few hundred files, for tests of the suite itself. */
  readonly isSmall: boolean
  /** Only benchmarks whose name holds this. */
  readonly filter: string
  /** Hears what is going on. */
  readonly progress: (line: string) => void
  /** Ends the run between two pairs. */
  readonly signal?: AbortSignal
}

/** What is compared with what, and which ratio is wanted. */
export interface Benchmark {
  readonly name: string
  /** The baseline in words: its commands. */
  readonly against: string
  /** The wanted ratio of our time to the baseline's. */
  readonly goal: number
  readonly better: 'lower' | 'higher'
}

/** What measuring gave. */
export type Measured =
  | {
      readonly kind: 'measured'
      readonly benchmark: Benchmark
      /** Milliseconds of our side and of the baseline, pair by pair. */
      readonly times: readonly PairedTimes[]
      /** Git processes our side started for one operation, by command. */
      readonly processes: readonly string[]
    }
  | { readonly kind: 'not_measured'; readonly benchmark: Benchmark; readonly reason: string }

export interface Suite {
  readonly name: string
  /** One line for the list of suites. */
  readonly about: string
  /** Measures one benchmark after the other. */
  run(options: BenchOptions): AsyncIterable<Measured>
}
