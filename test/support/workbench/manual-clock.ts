// A clock that stands still until a test moves it, so that waits, leases and due times are arranged and never slept for.

import type { Clock } from '../../../src/ports/surroundings.ts'

/** A clock moved by hand. */
export interface ManualClock extends Clock {
  /** Moves forward. */
  advance(ms: number): void
}

/** Makes a clock that starts at the present time, because tokens and signatures are judged by the machine's. */
export function createManualClock(): ManualClock {
  let nowMs = Date.now()
  let ticks = 0n
  return {
    now: () => nowMs,
    nowNs() {
      ticks += 1n
      return BigInt(nowMs) * 1_000_000n + ticks
    },
    advance(ms) {
      nowMs += ms
    },
  }
}
