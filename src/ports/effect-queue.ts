// The stored effects as the outbox needs them. Knows no SQL and no GitHub.

import type { Effect } from '../domain/effects.ts'

/** An effect that was taken to be sent; its row says `sending` until it is settled. */
export interface TakenEffect {
  readonly id: number
  readonly effect: Effect
  readonly version: number
  readonly remoteId: string | null
  /** True when an earlier try may have reached GitHub. */
  readonly mayExist: boolean
  /** True when this or an earlier version may have completed the check run on GitHub: no other status may follow. */
  readonly isFinal: boolean
  /** Failed tries of this version so far. */
  readonly attempts: number
}

/** What became of a try. */
export type EffectResult =
  | { readonly kind: 'sent'; readonly remoteId: string | null }
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'try_later'; readonly afterMs: number; readonly reason: string }

export interface EffectQueue {
  /** Takes effects that are due and first in line for their target, oldest first, and marks them `sending`. */
  take(limit: number, now: number): Promise<readonly TakenEffect[]>
  /** Stores the result; an effect that got a newer version meanwhile is pending again. */
  settle(taken: TakenEffect, result: EffectResult): Promise<'sent' | 'pending' | 'dead'>
  /** Returns when the next effect is due, or null. */
  nextDueAt(): Promise<number | null>
  /** Makes pending what an earlier process left `sending`: it may have reached GitHub. Returns how many. */
  recoverInterrupted(): Promise<number>
}
