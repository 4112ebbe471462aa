// Where a test build may put something of its own in the place of a real part. The program itself passes none.

import type { Pins } from '../adapters/runner/pins/pins.ts'
import type { JobContext } from '../ports/lanes.ts'
import type { Runner } from '../ports/runner.ts'
import type { Store } from '../ports/store.ts'

export interface Seams {
  readonly store?: (real: Store) => Store
  readonly runner?: (real: Runner) => Runner
  readonly job?: (real: JobContext) => JobContext
  readonly pins?: (real: Pins) => Pins
  /** False only in tests and demo: GitHub's own pace of one write a second. */
  readonly throttle?: boolean
  readonly restartDelayMs?: number
}
