// What every check hands back, and what makes one fail. No check prints or exits by itself.

/** The result of one check: `saw` says how much it looked at, `faults` is empty when all is well. */
export interface CheckOutcome {
  readonly saw: string
  readonly faults: readonly string[]
}

/** Returns one fault per file that exists and was not looked at. */
export function unseenFaults(existing: readonly string[], seen: Iterable<string>): readonly string[] {
  const looked = new Set(seen)
  return existing
    .filter((file) => !looked.has(file))
    .map((file) => `${file}: exists, but the tool did not look at it`)
}
