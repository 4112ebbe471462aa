// How much a plan may hold. The page that explains the format, the faults and the reading share these numbers.

/** Most that a plan may hold; lengths are in characters. */
export const PLAN_LIMITS = {
  /** Larger texts are not looked at. */
  text: 1_048_576,
  tasks: 500,
  id: 60,
  title: 300,
  criteria: 50,
  criterion: 1000,
  /** Faults that are listed; one more says that there are others. */
  faults: 100,
} as const

/** Tells whether a text may be the id of a task. */
export function isTaskId(text: string): boolean {
  return text.length <= PLAN_LIMITS.id && /^[a-z0-9][a-z0-9._-]*$/.test(text)
}

/** Tells whether a text is longer than so many characters, counting what a reader would count. */
export function isLonger(text: string, limit: number): boolean {
  return text.length > limit && Array.from(text).length > limit
}
