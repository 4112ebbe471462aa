// How long a pushed copy of a pin stays on the remote. Pure; the local pin is never deleted.

import { pinsOf } from '../decision/subject.ts'
import type { Decision } from '../records.ts'
import type { RefName } from '../ids.ts'

/** A pushed copy goes this long after its question was closed, in milliseconds. */
export const KEEP_PUSHED_MS = 30 * 24 * 60 * 60 * 1000

export interface PushedPin {
  readonly prefix: RefName
  /** Every question of the pin's session. */
  readonly decisions: readonly Decision[]
  /** When the session ended; null while it lives. */
  readonly sessionEndedAt: number | null
  readonly now: number
}

/** Tells whether the pushed copy may go: every question that names the pin is closed, the last one long enough ago. */
export function isPushedPinDue({ prefix, decisions, sessionEndedAt, now }: PushedPin): boolean {
  const naming = decisions.filter((decision) => pinsOf(decision).some((pin) => pin.prefix === prefix))
  // A pin that no question names has no day from which the time could run, so it stays.
  if (naming.length === 0) return false
  return naming.every((decision) => {
    const closedAt = closingTime(decision, { decisions, sessionEndedAt })
    return closedAt !== null && now - closedAt >= KEEP_PUSHED_MS
  })
}

/** A withdrawn question keeps no time of its own: its successor's beginning, or the session's end, is never earlier. */
function closingTime(
  decision: Decision,
  { decisions, sessionEndedAt }: Pick<PushedPin, 'decisions' | 'sessionEndedAt'>,
): number | null {
  if (decision.status === 'pending') return null
  if (decision.answeredAt !== null) return decision.answeredAt
  const successor = decisions.find(({ id }) => id === decision.successorId)
  return successor?.createdAt ?? sessionEndedAt
}
