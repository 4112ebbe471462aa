// What is left of each installation's hourly points for GraphQL, as GitHub's answers said last. Decides only whether
// a sweep may still take some; waits for nothing.

/** Where an installation stands; times are milliseconds since 1970. */
export interface RateStanding {
  readonly limit: number
  readonly remaining: number
  readonly resetsAt: number
}

/** The points of all installations. */
export interface RateBudget {
  /** Remembers what an answer said. */
  note(installationId: number, standing: RateStanding): void
  /** Returns how long a sweep has to wait, in milliseconds; 0 when it may go on. */
  sweepWait(installationId: number): number
}

/** The last fifth of the hour's points is for what webhooks cause. */
const DEFAULT_RESERVE = 0.2

/** Makes a budget; `reserve` is the part that sweeps leave alone, `now` is milliseconds since 1970. */
export function createRateBudget(now: () => number, reserve = DEFAULT_RESERVE): RateBudget {
  const standings = new Map<number, RateStanding>()
  return {
    note(installationId, standing) {
      standings.set(installationId, standing)
    },
    sweepWait(installationId) {
      const standing = standings.get(installationId)
      if (standing === undefined || standing.remaining >= standing.limit * reserve) return 0
      return Math.max(0, standing.resetsAt - now())
    },
  }
}

/** Returns what the headers of an answer say about GraphQL points, or null when they speak of something else. */
export function standingOf(headers: Readonly<Record<string, unknown>>): RateStanding | null {
  if (headers['x-ratelimit-resource'] !== 'graphql') return null
  const limit = Number(headers['x-ratelimit-limit'])
  const remaining = Number(headers['x-ratelimit-remaining'])
  const resetsAt = Number(headers['x-ratelimit-reset']) * 1000
  const isWhole = [limit, remaining, resetsAt].every((each) => Number.isFinite(each))
  return isWhole ? { limit, remaining, resetsAt } : null
}
