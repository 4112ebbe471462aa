// How long a failed try waits for the next: full jitter below a growing limit. Pure; randomness comes in.

/**
 * The longest wait, 15 minutes. Only effects get that far: they are never given up, and an outage of hours costs them
 * few tries. The eight tries of a delivery or a job are over within four and a half minutes.
 */
export const LONGEST_WAIT_MS = 15 * 60_000

/** The longest wait of a job while GitHub or the database is away, 5 minutes: people wait for jobs. */
export const LONGEST_OUTAGE_WAIT_MS = 5 * 60_000

/** The limit of the first wait, in milliseconds. */
const FIRST_LIMIT_MS = 1_000

/** Returns a random number from 0 up to but not including 1. */
export type Random = () => number

/** Returns the milliseconds to wait after the given number of failures, at least `floorMs`. */
export function backoffMs(failures: number, random: Random, floorMs = 0): number {
  const limit = Math.min(LONGEST_WAIT_MS, FIRST_LIMIT_MS * 2 ** Math.min(failures, 20))
  return Math.max(Math.ceil(random() * limit), floorMs)
}

/**
 * Returns the milliseconds that a job waits while GitHub or the database is away.
 *
 * Its failures stop counting early, so its age is what makes the waits grow: a limit of half the age.
 */
export function outageWaitMs(
  job: { readonly attempts: number; readonly ageMs: number },
  random: Random,
): number {
  const limit = Math.max(FIRST_LIMIT_MS * 2 ** Math.min(job.attempts, 20), job.ageMs / 2)
  return Math.ceil(random() * Math.min(LONGEST_OUTAGE_WAIT_MS, limit))
}
