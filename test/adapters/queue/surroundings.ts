// A clock that stands until it is moved and a log that can be read, for workers that tests pump by hand.

import type { Clock, Log } from '../../../src/ports/surroundings.ts'

export interface ManualClock extends Clock {
  advance(ms: number): void
}

export function manualClock(start = 1_000): ManualClock {
  let now = start
  return {
    now: () => now,
    nowNs: () => BigInt(now) * 1_000_000n,
    advance: (ms) => {
      now += ms
    },
  }
}

export function recordingLog(): Log & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const keep = (level: string) => (_fields: unknown, message: string) =>
    void lines.push(`${level}: ${message}`)
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') }
}

/** A promise to be settled from outside. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}
