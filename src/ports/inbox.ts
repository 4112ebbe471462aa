// The inbox: every webhook delivery exactly as it was signed, from the moment we answered 202 until its work is written.
// Knows no SQL and no payload shapes.

import type { Change } from '../domain/changes.ts'

/** A delivery as it came over the wire. Only what was verified is ever put here. */
export interface Delivery {
  /** `X-GitHub-Delivery`; not covered by the signature, so nothing may rest on it alone. */
  readonly deliveryId: string
  /** `X-GitHub-Event`. */
  readonly event: string
  readonly action: string | null
  readonly installationId: number | null
  readonly repositoryId: number | null
  /** The raw body as text. */
  readonly body: string
  /** Hex SHA-256 of the raw bytes. */
  readonly bodySha256: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
}

/** `dropped` is a person's doing, `dead` is ours after too many attempts. */
export type DeliveryStatus = 'pending' | 'done' | 'ignored' | 'dead' | 'dropped'

/** A stored delivery with what has happened to it. */
export interface InboxEntry extends Delivery {
  /** Order of arrival. */
  readonly id: number
  readonly status: DeliveryStatus
  readonly attempts: number
  /** Why it was ignored, or what the last attempt failed with; null when neither. */
  readonly reason: string | null
  /** Not taken before this time; milliseconds since 1970. */
  readonly notBefore: number
}

/** An entry without its body, for lists. */
export type InboxSummary = Omit<InboxEntry, 'body'>

/** Who repairs, and through what; kept in the record of what was done. */
export interface Repairer {
  readonly actor: string
  readonly via: 'cli' | 'rest'
}

export interface Inbox {
  /**
   * Stores a delivery; `duplicate` when its id, or its event with the same body, is already there, whatever became of it.
   *
   * The press of a button has the same body each time it is pressed: there only a repeat within a minute is one.
   */
  insert(delivery: Delivery): Promise<'stored' | 'duplicate'>
  /** Returns the oldest pending deliveries that are due at `now`, in order of arrival. */
  nextDeliveries(limit: number, now: number): Promise<readonly InboxEntry[]>
  /** Returns when the earliest pending delivery that is not due yet will be, or null; lets the worker sleep instead of polling. */
  nextDueAt(): Promise<number | null>
  /** Marks the delivery done and writes its changes in one transaction, or throws and writes nothing. Finishing twice writes once. */
  finish(id: number, changes: readonly Change[]): Promise<void>
  /** Marks the delivery as one that means nothing to us. */
  ignore(id: number, reason: string): Promise<void>
  /** Counts a failed attempt: back later with growing delay, or dead after the eighth. */
  fail(id: number, reason: string, now: number): Promise<'retry' | 'dead'>
  /** Returns entries, newest first; `statuses` null means all. */
  list(query: {
    readonly statuses: readonly DeliveryStatus[] | null
    readonly limit: number
  }): Promise<readonly InboxSummary[]>
  /** Returns one entry by delivery id, or null. */
  find(deliveryId: string): Promise<InboxEntry | null>
  /** Makes a dead, ignored, done or dropped entry pending again with no attempts used, and records who did it. */
  replay(deliveryId: string, by: Repairer): Promise<'replayed' | 'not_found' | 'already_pending'>
  /** Takes a pending or dead entry out for good, and records who did it; it stays visible. */
  drop(deliveryId: string, by: Repairer): Promise<'dropped' | 'not_found' | 'already_finished'>
}
