// Counts what random cases reached, so that a run that looked at nothing is noticed. Knows names only.

import { SYNC_CASES, type SyncCase } from '../../../src/domain/sync/case.ts'

/** What was counted; names with their counts, in alphabetical order. */
export interface Counts {
  readonly cases: number
  /** Operations that happened; what git or the moment refused is under `skipped`. */
  readonly operations: Readonly<Record<string, number>>
  readonly skipped: Readonly<Record<string, number>>
  readonly syncCases: Readonly<Record<string, number>>
  readonly questions: Readonly<Record<string, number>>
  readonly kills: number
  readonly notReached: readonly SyncCase[]
}

/** One tally for a whole run. */
export class Tally {
  cases = 0
  kills = 0
  readonly #operations = new Map<string, number>()
  readonly #skipped = new Map<string, number>()
  readonly #syncCases = new Map<string, number>()
  readonly #questions = new Map<string, number>()

  operation(name: string, happened: boolean): void {
    add(happened ? this.#operations : this.#skipped, name)
  }

  syncCase(name: SyncCase): void {
    add(this.#syncCases, name)
  }

  question(kind: string): void {
    add(this.#questions, kind)
  }

  get counts(): Counts {
    return {
      cases: this.cases,
      operations: sorted(this.#operations),
      skipped: sorted(this.#skipped),
      syncCases: sorted(this.#syncCases),
      questions: sorted(this.#questions),
      kills: this.kills,
      notReached: (Object.keys(SYNC_CASES) as SyncCase[]).filter((name) => !this.#syncCases.has(name)),
    }
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
