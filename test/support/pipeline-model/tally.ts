// Counts what cases reached, so that a row of a table that was never reached is noticed. Knows the tables' names only.

import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { DecisionKind } from '../../../src/domain/decision/kind.ts'
import type { Decision } from '../../../src/domain/records.ts'
import { allTransitions } from './transitions.ts'

/** What was counted; names with their counts, in alphabetical order. */
export interface Counts {
  readonly cases: number
  readonly deaths: number
  readonly acts: Readonly<Record<string, number>>
  readonly skipped: Readonly<Record<string, number>>
  /** Answers that took effect, by row of the table of decisions. */
  readonly answers: Readonly<Record<string, number>>
  readonly transitions: Readonly<Record<string, number>>
  readonly notReached: readonly string[]
}

/** Returns every row of the table of decisions: kind, the list it stands in, option. */
function allAnswers(): readonly string[] {
  const kinds = Object.keys(DECISIONS) as DecisionKind[]
  return kinds.flatMap((kind) => {
    const { options, optionsOnceEnded, statusWhileOpen } = DECISIONS[kind]
    const ended = optionsOnceEnded.map(({ id }) => answerName(kind, 'worktree', id))
    if (statusWhileOpen === null) return ended
    return [...options.map(({ id }) => answerName(kind, 'pipeline', id)), ...ended]
  })
}

function answerName(kind: DecisionKind, concerns: Decision['concerns'], option: string): string {
  return `${kind} of a ${concerns}: ${option}`
}

/** One tally for a whole run. */
export class Tally {
  cases = 0
  deaths = 0
  readonly #acts = new Map<string, number>()
  readonly #skipped = new Map<string, number>()
  readonly #answers = new Map<string, number>()
  readonly #transitions = new Map<string, number>()

  act(name: string, happened: boolean): void {
    add(happened ? this.#acts : this.#skipped, name)
  }

  answered({ kind, concerns }: Decision, option: string): void {
    add(this.#answers, answerName(kind, concerns, option))
  }

  transition(name: string): void {
    add(this.#transitions, name)
  }

  get counts(): Counts {
    const missing = (all: readonly string[], seen: ReadonlyMap<string, number>): readonly string[] =>
      all.filter((name) => !seen.has(name))
    return {
      cases: this.cases,
      deaths: this.deaths,
      acts: sorted(this.#acts),
      skipped: sorted(this.#skipped),
      answers: sorted(this.#answers),
      transitions: sorted(this.#transitions),
      notReached: [...missing(allAnswers(), this.#answers), ...missing(allTransitions(), this.#transitions)],
    }
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
