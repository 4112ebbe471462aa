// Wakes the one who waits, whatever the reason; whoever is woken looks for the reason himself.

export interface Bell {
  /** Wakes the waiter, or the next one at once. */
  ring(): void
  /** Resolves with false when the time is up first. One waiter at a time. */
  wait(ms: number): Promise<boolean>
}

/** Makes a bell that nobody has rung. */
export function createBell(): Bell {
  let hasRung = false
  let wake: (() => void) | null = null
  return {
    ring: () => {
      hasRung = true
      wake?.()
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          wake = null
          const isRung = hasRung
          hasRung = false
          resolve(isRung)
        }
        const timer = setTimeout(end, ms)
        timer.unref()
        wake = end
        if (hasRung) end()
      }),
  }
}
