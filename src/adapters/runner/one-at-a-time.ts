// Lets only one piece of work at a time run for each key, in the order of asking. Knows nothing of git.

export interface OneAtATime {
  /** Runs the work when all earlier work of the same key has ended, well or badly. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

/** Makes an empty set of queues. */
export function createOneAtATime(): OneAtATime {
  const tails = new Map<string, Promise<void>>()
  return {
    run(key, work) {
      const result = (tails.get(key) ?? Promise.resolve()).then(work)
      const tail = result.then(
        () => undefined,
        () => undefined,
      )
      tails.set(key, tail)
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key)
      })
      return result
    },
  }
}
