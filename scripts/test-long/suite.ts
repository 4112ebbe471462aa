// What every suite of long tests offers: it plays until the time is up and tells what it reached. Knows no suite.

/** How long, and from which chance. */
export interface SuiteOrder {
  readonly seed: number
  /** Milliseconds since the process began, as `performance.now()` tells. */
  readonly until: number
  /** Where a failure was found with this seed; plays that one case only. */
  readonly path: string | null
  /** Hears how far it is, at least with every case. */
  readonly progress: (line: string) => void
  /** Hears of every failure at once: a long run may be cut off. */
  readonly failed: (failure: SuiteFailure) => void
}

/** A case that broke what it must hold, as small as was found. */
export interface SuiteFailure {
  readonly message: string
  readonly counterexample: unknown
  /** The command that plays it again. */
  readonly replay: string
}

/** What a suite reached. */
export interface SuiteResult {
  readonly cases: number
  readonly failures: readonly SuiteFailure[]
  /** More counts, as the suite likes; part of the report. */
  readonly counts: Readonly<Record<string, unknown>>
  /** A few lines for people. */
  readonly summary: readonly string[]
}

export interface Suite {
  readonly name: string
  readonly run: (order: SuiteOrder) => Promise<SuiteResult>
}
