// Waits for a condition that another part of this process brings about.

import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 50
const LONGEST_MS = 8_000

/** Returns true as soon as the condition holds, false when it did not within eight seconds. */
export async function waitUntil(condition: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + LONGEST_MS
  while (performance.now() < end) {
    if (await condition()) return true
    await delay(PAUSE_MS)
  }
  return condition()
}
