// The alerts of a session in the status comment: new ones in sight, older ones folded.

import type { Alert } from '../records.ts'
import { alertLine } from './alerts.ts'
import { folded } from './markdown.ts'
import { formatTime } from './moment.ts'

/** Alerts of a session, newest first, as of a time. */
export interface SessionAlerts {
  readonly newest: readonly Alert[]
  /** In milliseconds since 1970. */
  readonly now: number
}

const NEW_FOR_MS = 24 * 60 * 60_000

/** Returns the alerts of the last day, one line each; null when there is none. */
export function newAlerts({ newest, now }: SessionAlerts): string | null {
  const shown = newest.filter(({ raisedAt }) => now - raisedAt < NEW_FOR_MS)
  if (shown.length === 0) return null
  return shown
    .map((alert) => `- **Warning** of ${formatTime(alert.raisedAt)}: ${alertLine(alert)}`)
    .join('\n')
}

/** Returns the alerts that are older than a day, folded; null when there is none. */
export function olderAlerts({ newest, now }: SessionAlerts): string | null {
  const shown = newest.filter(({ raisedAt }) => now - raisedAt >= NEW_FOR_MS)
  if (shown.length === 0) return null
  const lines = shown.map((alert) => `- ${formatTime(alert.raisedAt)}: ${alertLine(alert)}`)
  return folded(`Earlier warnings (${shown.length})`, lines.join('\n'))
}
