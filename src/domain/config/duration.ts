// Durations as people write them in a configuration: `45s`, `30m`, `2h`, `1h30m`. Pure text and numbers.

/** Longest duration that can be written: a day. */
export const MAX_DURATION_MS = 24 * 60 * 60 * 1000

/** Matches the shape of a duration: hours, minutes, seconds, each at most once, at least one of them. */
export const DURATION = /^(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/

/** Returns the milliseconds of a duration, or null when the text is none. Knows no bounds. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text)
  if (match === null) return null
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0))
  return (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000
}
