// Durations as people write them in a configuration: `45s`, `30m`, `2h`, `1h30m`, `2d`. Pure text and numbers.

/** Longest duration of an agent's work: a day. */
export const MAX_DURATION_MS = 24 * 60 * 60 * 1000

/** Longest time to wait for a person: 90 days. */
export const LONGEST_WAIT_MS = 90 * MAX_DURATION_MS

/** Matches the shape of a duration: days, hours, minutes, seconds, each at most once, at least one of them. */
export const DURATION = /^(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/

/** Matches a duration, or the word for none. */
export const DURATION_OR_NEVER = new RegExp(`${DURATION.source}|^never$`)

/** Returns the milliseconds of a duration, or null when the text is none. Knows no bounds. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text)
  if (match === null) return null
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
