// Says whether the checks of a head have come to rest, so that an agent hears of them once and not check by check.
// Knows no clock and no GitHub; checks of our own App are not in the list.

import type { Check } from '../mirror/records.ts'

const MINUTE_MS = 60_000
/** A head without checks may only be one whose checks are not there yet. */
const NO_CHECKS_MS = 90_000
const QUIET_MS = 20_000
const LONGEST_WAIT_MS = 60 * MINUTE_MS

/** What the rest of the checks is judged by. Times are milliseconds since 1970. */
export interface SettlingFacts {
  /** Of the head only, without those of our own App. */
  readonly checks: readonly Pick<Check, 'status' | 'startedAt'>[]
  readonly headSeenAt: number
  /** Null when the push was not seen; then the head counts from when it was seen. */
  readonly pushedAt: number | null
  /** When a check last changed, appeared or went away; null while there was none. */
  readonly checksChangedAt: number | null
  readonly now: number
}

/** `partial`: some have not ended and were waited for long enough. `lookAgainAt`: never later than news by time alone. */
export type Settling =
  | { readonly kind: 'settled'; readonly partial: boolean }
  | { readonly kind: 'pending'; readonly lookAgainAt: number }

/** Says whether the checks are settled now, and if not, when to look again though nothing arrives. */
export function settleChecks(facts: SettlingFacts): Settling {
  const since = facts.pushedAt ?? facts.headSeenAt
  const open = facts.checks.filter(({ status }) => status !== 'completed')
  if (open.length > 0) return waitFor(deadlineOf(open, since), { facts, partial: true })
  const quietAt = facts.checksChangedAt === null ? since : facts.checksChangedAt + QUIET_MS
  const firstAt = facts.checks.length > 0 ? since : since + NO_CHECKS_MS
  return waitFor(Math.max(quietAt, firstAt), { facts, partial: false })
}

/** A check that was run again is waited for from then on, not from the push. */
function deadlineOf(open: SettlingFacts['checks'], since: number): number {
  const started = open.map(({ startedAt }) => startedAt ?? since)
  return Math.max(since, Math.min(...started)) + LONGEST_WAIT_MS
}

function waitFor(at: number, { facts, partial }: { facts: SettlingFacts; partial: boolean }): Settling {
  return facts.now >= at ? { kind: 'settled', partial } : { kind: 'pending', lookAgainAt: at }
}
