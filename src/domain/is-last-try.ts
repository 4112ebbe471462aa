// When a failed job is tried again and when it is given up. Knows no clock: ages come in.

/** How often deliveries and jobs are tried before a person has to look. */
export const MAX_TRIES = 8

/**
 * How far failures that are not the job's own fault may use it up.
 *
 * Below `MAX_TRIES` by three, so that a job that waited out an outage has tries left for faults of its own.
 */
export const TRANSIENT_CEILING = 5

/** How long a job waits out an outage, in milliseconds from its creation: a day, so that a night costs nothing. */
export const OUTAGE_PATIENCE_MS = 24 * 60 * 60_000

/** A try that failed. */
export interface FailedTry {
  /** Failed tries before this one. */
  readonly attempts: number
  /** True when GitHub or the database was away. */
  readonly isTransient: boolean
  /** Time since the job was created, in milliseconds. */
  readonly ageMs: number
}

/** Returns the failed tries that are counted after this one. */
export function attemptsAfter({ attempts, isTransient, ageMs }: FailedTry): number {
  const isExcused = isTransient && ageMs < OUTAGE_PATIENCE_MS
  return isExcused ? Math.max(attempts, Math.min(attempts + 1, TRANSIENT_CEILING)) : attempts + 1
}

/** Tells whether a job that failed like this is not tried again. */
export function isLastTry(failed: FailedTry): boolean {
  return attemptsAfter(failed) >= MAX_TRIES
}
