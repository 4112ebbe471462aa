// Counts what random cases reached, so that a run that looked at nothing is noticed. Knows names only.

/** What was counted; names with their counts, in alphabetical order. */
export interface MirrorCounts {
  readonly cases: number
  readonly acts: Readonly<Record<string, number>>
  /** Acts for which nothing was there. */
  readonly skipped: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  readonly webhooks: Readonly<Record<string, number>>
  /** Reads by what came of them; `older`, `partial` and `failed` are of those that were observed. */
  readonly reads: Readonly<Record<string, number>>
  readonly events: Readonly<Record<string, number>>
  readonly sweeps: Readonly<Record<string, number>>
}

/** One tally for a whole run. */
export class Tally {
  cases = 0
  readonly #counts = {
    acts: new Map<string, number>(),
    skipped: new Map<string, number>(),
    faults: new Map<string, number>(),
    webhooks: new Map<string, number>(),
    reads: new Map<string, number>(),
    events: new Map<string, number>(),
    sweeps: new Map<string, number>(),
  }

  act(name: string, happened: boolean): void {
    add(happened ? this.#counts.acts : this.#counts.skipped, name)
  }

  fault(name: string): void {
    add(this.#counts.faults, name)
  }

  webhook(fate: string): void {
    add(this.#counts.webhooks, fate)
  }

  read(outcome: string): void {
    add(this.#counts.reads, outcome)
  }

  event(type: string): void {
    add(this.#counts.events, type)
  }

  sweep(finding: string): void {
    add(this.#counts.sweeps, finding)
  }

  get counts(): MirrorCounts {
    const { acts, skipped, faults, webhooks, reads, events, sweeps } = this.#counts
    return {
      cases: this.cases,
      acts: sorted(acts),
      skipped: sorted(skipped),
      faults: sorted(faults),
      webhooks: sorted(webhooks),
      reads: sorted(reads),
      events: sorted(events),
      sweeps: sorted(sweeps),
    }
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
