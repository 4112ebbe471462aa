// Primary rate limits: points per hour of the fake's clock, counted per installation and resource.
// Knows nothing of what a call costs, of secondary limits, or of HTTP beyond the names of the headers.
import type { FakeClock } from '../clock.ts'

/** What is limited apart from each other. */
export type RateResource = 'core' | 'graphql'

/** Whose points are used: an installation by its id, the App with its JWT, or somebody without a credential. */
export type RateOwner = number | 'app' | 'none'

/** Where somebody stands in the present hour. */
export interface RateState {
  readonly limit: number
  /** Points left; never below 0. */
  readonly remaining: number
  readonly used: number
  /** End of the hour, in seconds since 1970 of the fake's clock. */
  readonly reset: number
  /** True when nothing was left before this call: it must be refused, and nothing was counted. */
  readonly isExceeded: boolean
}

interface Bucket {
  limit: number
  used: number
  endsAtMs: number
}

/** Points per hour of an installation in a small organization. */
const usualLimit = 5000

const limitOfNobody = 60
const hourMs = 3_600_000

/** The points of everybody in one fake GitHub. */
export class RateLimits {
  /** How REST refuses what is over the limit; GitHub uses both. */
  refusalStatus: 403 | 429 = 403
  readonly #clock: FakeClock
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  /** Counts a call of this cost (points) and returns the state after it; a call that starts with points left is answered. */
  take(owner: RateOwner, resource: RateResource, cost: number): RateState {
    const bucket = this.#bucket(owner, resource)
    const isExceeded = bucket.used >= bucket.limit
    if (!isExceeded) bucket.used += cost
    return toState(bucket, isExceeded)
  }

  /** Returns the state without counting anything. */
  look(owner: RateOwner, resource: RateResource): RateState {
    const bucket = this.#bucket(owner, resource)
    return toState(bucket, bucket.used >= bucket.limit)
  }

  /** Changes the points per hour of an owner, from now on. */
  setLimit(owner: RateOwner, resource: RateResource, limit: number): void {
    this.#bucket(owner, resource).limit = limit
  }

  /** Uses up everything but `remaining` points until the hour is over. */
  exhaust(owner: RateOwner, resource: RateResource, remaining = 0): void {
    const bucket = this.#bucket(owner, resource)
    bucket.used = bucket.limit - remaining
  }

  // The hour starts with the first call in it, as on GitHub.
  #bucket(owner: RateOwner, resource: RateResource): Bucket {
    const key = `${owner} ${resource}`
    const now = this.#clock.nowMs()
    const known = this.#buckets.get(key)
    if (known !== undefined && known.endsAtMs > now) return known
    const limit = known?.limit ?? (owner === 'none' ? limitOfNobody : usualLimit)
    const fresh = { limit, used: 0, endsAtMs: now + hourMs }
    this.#buckets.set(key, fresh)
    return fresh
  }
}

/** Returns the headers GitHub puts on every answer. */
export function toRateHeaders(state: RateState, resource: RateResource): Record<string, string> {
  return {
    'x-ratelimit-limit': String(state.limit),
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-reset': String(state.reset),
    'x-ratelimit-used': String(state.used),
    'x-ratelimit-resource': resource,
  }
}

function toState({ limit, used, endsAtMs }: Bucket, isExceeded: boolean): RateState {
  const remaining = Math.max(0, limit - used)
  return { limit, remaining, used, reset: Math.floor(endsAtMs / 1000), isExceeded }
}
