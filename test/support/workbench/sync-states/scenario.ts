// One row of the state table as a story: how the state comes about, what the sync is asked for, what must be there
// afterwards. Data and small functions; what is true of every row is in expect-row.ts.

import type { SyncCase } from '../../../../src/domain/sync/case.ts'
import type { SyncStep } from '../../../../src/domain/sync/step.ts'
import type { Belongings } from './belongings.ts'
import type { Ending, Stage, SyncWish } from './stage.ts'

export type StepKind = SyncStep['kind']

/** A stage after its sync. */
export interface Played {
  readonly stage: Stage
  readonly before: Belongings
  readonly ending: Ending
}

export interface SyncScenario {
  /** Makes the state, as a person, an agent or GitHub would. */
  readonly arrange: (stage: Stage) => Promise<void>
  readonly wish?: SyncWish
  /** Acts once while the sync works; the stage's watch calls it around every step. */
  readonly meanwhile?: (stage: Stage, moment: 'before' | 'after', step: string) => Promise<void>
  /** The cases of the rounds before the last; they all start over. */
  readonly earlier?: readonly SyncCase[]
  /** The case it ends with, when the row's own case is one of the earlier ones. */
  readonly ends?: SyncCase
  /** The steps of the last round. */
  readonly steps: readonly StepKind[]
  /** The last of these steps does not succeed. */
  readonly isCutShort?: true
  /** The options of the question; without it nothing may be asked. */
  readonly asks?: readonly string[]
  /** Ignored files that the pin must hold all the same. */
  readonly pinsIgnored?: readonly string[]
  /** The pin is not compared with the worktree as a whole: `check` says what it holds. */
  readonly pinIsSpecial?: true
  /** What else must be true. */
  readonly check?: (played: Played) => Promise<void>
  /** Undoes what would be in the way of others: processes, mounts, hooks. */
  readonly clear?: (stage: Stage) => Promise<void>
}

/** A row that this machine can not play, or that another file proves. */
export type Elsewhere = { readonly provenIn: string }
export type Row = SyncScenario | Elsewhere

export const PINNED = ['pin', 'verify_pin'] as const
export const MOVED = ['move_tree', 'move_branch'] as const
export const REPLAYED = [...PINNED, ...MOVED, 'verify_worktree'] as const
export const RECOVERED = [...PINNED, 'push_pin', 'reset_tree', 'move_branch', 'verify_worktree'] as const
export const TRY = ['continue', 'abort'] as const
export const TRY_OR_RESET = ['continue', 'reset', 'abort'] as const
