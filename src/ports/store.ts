// The door to the database as workflows need it: read rows, commit changes. Knows no SQL.

import type { Change } from '../domain/changes.ts'
import type { Guard } from '../domain/guard.ts'
import type { Records, TableName } from '../domain/records.ts'

/** A held lane; every commit made under it is refused when somebody else holds a higher fence. */
export interface LaneHold {
  readonly key: string
  readonly fence: number
}

export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** Nothing was written: a guard, an expectation or an insert met another world. */
  | {
      readonly kind: 'refused'
      readonly because:
        | { readonly kind: 'guard'; readonly guard: Guard }
        | { readonly kind: 'expectation' | 'already_exists'; readonly table: TableName }
    }

/** Equality on columns; a list means any of its values. */
export type Where<T extends TableName> = {
  readonly [K in keyof Records[T]]?: Records[T][K] | readonly Records[T][K][]
}

export interface Store {
  /** Returns the one row that matches, or null. */
  find<T extends TableName>(table: T, where: Where<T>): Promise<Records[T] | null>
  /** Returns all rows that match, in the order they were inserted. */
  list<T extends TableName>(table: T, where: Where<T>): Promise<readonly Records[T][]>
  /**
   * Writes all changes in one transaction, or none.
   *
   * Throws `LANE_LOST` when the lane's fence is not the given one any more.
   */
  commit(changes: readonly Change[], lane: LaneHold | null): Promise<CommitOutcome>
}
