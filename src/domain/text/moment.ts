// How times and durations are written. Knows no clock.

/** Returns a time as `2025-01-31 09:05 UTC`; takes milliseconds since 1970. */
export function formatTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Returns a duration in its two largest units (`2 h 5 min`, `45 s`); takes milliseconds. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return pair(`${minutes} min`, seconds % 60, 's')
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return pair(`${hours} h`, minutes % 60, 'min')
  return pair(`${Math.floor(hours / 24)} d`, hours % 24, 'h')
}

function pair(major: string, rest: number, unit: string): string {
  return rest === 0 ? major : `${major} ${rest} ${unit}`
}
