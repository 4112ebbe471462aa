// The shape of one row of the state tables. A type only.

import type { SyncCase } from './case.ts'

/** One row: a state as it can be found, and the case a sync of it ends with. */
export interface SyncState {
  readonly state: string
  /** How it is recognised. */
  readonly seen: string
  /** What the sync does. */
  readonly does: string
  /** What is saved, where anything is at risk. */
  readonly keeps: string | null
  readonly case: SyncCase
}
