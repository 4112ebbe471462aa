// An alarm clock for workers: calls back at a moment, or never. Holds no process open.

/** The longest a timer sleeps before it looks again, in milliseconds; longer ones overflow in Node. */
const LONGEST_SLEEP_MS = 60 * 60_000

export interface WakeTimer {
  /** Replaces the alarm; null switches it off. Milliseconds from now. */
  set(inMs: number | null): void
}

/** Makes a timer that calls `ring`. */
export function createWakeTimer(ring: () => void): WakeTimer {
  let timer: NodeJS.Timeout | undefined
  return {
    set: (inMs) => {
      clearTimeout(timer)
      if (inMs === null) return
      timer = setTimeout(ring, Math.min(Math.max(inMs, 1), LONGEST_SLEEP_MS))
      timer.unref()
    },
  }
}
