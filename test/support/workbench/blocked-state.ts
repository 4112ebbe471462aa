// One state in which a sync must ask instead of touching anything, as data. Knows no state by name.

import type { SyncCase } from '../../../src/domain/sync/case.ts'
import type { Scene } from './scenes.ts'
import type { Workbench } from './workbench.ts'

/** Where a state is made. */
export interface Place {
  readonly bench: Workbench
  readonly scene: Scene
  readonly tree: string
  readonly branch: string
  /** Where branch and remote were before anything was done. */
  readonly start: string
}

/** A state, what brings it to light, and its cure. */
export interface BlockedState {
  readonly case: SyncCase
  /** Makes the state. */
  readonly make: (place: Place) => Promise<void>
  /** `command`: somebody asks for a sync; `push`: alice pushes `brings`, `remote`: the state itself moved the remote. */
  readonly trigger: 'command' | 'push' | 'remote'
  /** What alice pushes. */
  readonly brings?: Readonly<Record<string, string>>
  /** What the question says is in the way, line by line; it is shown as it stands. */
  readonly note: string | RegExp
  /** Ends the state as its cure says. */
  readonly cure: (place: Place) => Promise<void>
  /** The case of the sync after the cure. */
  readonly ends: SyncCase
}
