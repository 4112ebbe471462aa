// Waiting without guessing: a condition is asked again until it holds or a deadline passes. Knows nothing else.

/** What is waited for, in words for the failure, and how long at most. */
export interface Patience {
  readonly what: string
  readonly deadlineMs?: number
  /** Called once when the wait failed: what a person needs to see then. */
  readonly explain?: () => string | Promise<string>
}

const DEFAULT_DEADLINE_MS = 20_000
const PAUSE_MS = 25

type Held<T> = Exclude<T, undefined | null | false>

/**
 * Returns the first answer of the condition that is not undefined, null or false.
 *
 * Throws at the deadline, with what was waited for, the last error of the condition, and the explanation.
 */
export async function eventually<T>(condition: () => T | Promise<T>, patience: Patience): Promise<Held<T>> {
  const { what, deadlineMs = DEFAULT_DEADLINE_MS, explain } = patience
  const deadline = performance.now() + deadlineMs
  let lastError: unknown
  for (;;) {
    try {
      const answer = await condition()
      if (holds(answer)) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() >= deadline) break
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  const explanation = explain === undefined ? '' : `\n${await explain()}`
  throw new Error(`Waited ${deadlineMs} ms in vain: ${what}.${explanation}`, { cause: lastError })
}

function holds<T>(answer: T): answer is Held<T> {
  return answer !== undefined && answer !== null && answer !== false
}
