// The change log for whoever follows it: pages of what is stored, and word of every row that is added.

/** One row of the change log. */
export interface ChangeEvent {
  /** Grows with every row and is never given twice, also after rows were deleted. */
  readonly seq: number
  readonly projectId: string
  readonly prNumber: number | null
  readonly sessionId: string | null
  readonly type: string
  /** What the trigger or the workflow wrote; its `v` names the schema. */
  readonly payload: unknown
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Which rows are wanted: all that match every field. */
export interface ChangeFilter {
  readonly projectId: string | null
  readonly prNumber: number | null
  readonly sessionId: string | null
}

/** Rows after `after` are not there any more, or the log has never come as far as `after`: state must be read anew. */
export interface ChangeGap {
  readonly after: number
  /** The highest sequence number that was ever deleted; 0 when none was. */
  readonly floor: number
  /** The lowest one that is there; null when the log is empty. */
  readonly oldest: number | null
}

export interface ChangePage {
  /** What lies before the events of this page and can not be told; null when nothing is missing. */
  readonly gap: ChangeGap | null
  readonly events: readonly ChangeEvent[]
  /** Every matching row up to this one was in this page or before it. */
  readonly position: number
  /** False when there is more after `position`. */
  readonly isEnd: boolean
}

/** Somebody who wants to hear of new rows. Neither function may throw. */
export interface ChangeFollower {
  /** Gets new rows of all projects, in order. */
  take(events: readonly ChangeEvent[]): void
  /** Rows were deleted before they could be told: whoever needs every row has to start over. */
  lose(): void
}

export interface ChangeFeed {
  /** Returns the page after a sequence number; null is the end of the log. Throws `DATABASE_UNAVAILABLE`. */
  read(query: { readonly after: number | null; readonly filter: ChangeFilter }): Promise<ChangePage>
  /**
   * Resolves once every row that is committed from now on will be handed over; call the result to stop it.
   *
   * Rows from shortly before may come as well. Throws `DATABASE_UNAVAILABLE`.
   */
  follow(follower: ChangeFollower): Promise<() => void>
}
