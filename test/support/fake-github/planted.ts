// Faults waiting to happen: each is used up after so many times, and may happen only by chance.
// Knows nothing of what a fault does.

/** A source of numbers from 0 to below 1; a test hands in a seeded one. */
export type Random = () => number

/** How often a fault happens. */
export interface Frequency {
  readonly times: number
  /** Absent means every time. */
  readonly chance?: { readonly probability: number; readonly random: Random }
}

interface Planted<T> {
  readonly fault: T
  left: number
}

/** Faults of one kind, in the order in which they were planted. */
export class PlantedFaults<T extends Frequency> {
  readonly #planted: Planted<T>[] = []

  /** Lets the fault happen from now on. */
  plant(fault: T): void {
    this.#planted.push({ fault, left: fault.times })
  }

  /** Returns the first matching fault that happens now, and uses it up once. */
  take(matches: (fault: T) => boolean): T | undefined {
    const hit = this.#planted.find(({ fault, left }) => left > 0 && matches(fault) && happens(fault))
    if (hit !== undefined) hit.left -= 1
    return hit?.fault
  }

  /** Returns every matching fault that happens now, and uses each up once. */
  takeEach(matches: (fault: T) => boolean): readonly T[] {
    const hits = this.#planted.filter(({ fault, left }) => left > 0 && matches(fault) && happens(fault))
    for (const hit of hits) hit.left -= 1
    return hits.map(({ fault }) => fault)
  }

  /** Takes everything back. */
  clear(): void {
    this.#planted.length = 0
  }
}

/** Returns the items in another order, every order being as likely as the others. */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items]
  for (let end = shuffled.length - 1; end > 0; end -= 1) {
    const other = Math.floor(random() * (end + 1))
    const [moved] = shuffled.splice(other, 1)
    if (moved !== undefined) shuffled.splice(end, 0, moved)
  }
  return shuffled
}

function happens({ chance }: Frequency): boolean {
  return chance === undefined || chance.random() < chance.probability
}
