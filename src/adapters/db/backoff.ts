// How long a failed try waits for the next: full jitter below a doubling limit. Pure; randomness comes in.

/** The longest wait, 15 minutes: an outage of hours costs little, and its end is noticed soon. */
export const LONGEST_WAIT_MS = 15 * 60_000

/** The limit of the first wait, in milliseconds. */
const FIRST_LIMIT_MS = 1_000

/** How often inbox deliveries and jobs are tried before a person has to look. */
export const MAX_ATTEMPTS = 8

/** Returns a random number from 0 up to but not including 1. */
export type Random = () => number

/** Returns the milliseconds to wait after the given number of failures, at least `floorMs`. */
export function backoffMs(failures: number, random: Random, floorMs = 0): number {
  const limit = Math.min(LONGEST_WAIT_MS, FIRST_LIMIT_MS * 2 ** Math.min(failures, 20))
  return Math.max(Math.ceil(random() * limit), floorMs)
}
