// What happens between two steps of the program: somebody is faster than it, or its process dies. Decides only when.

import { Died } from '../workbench/incarnation.ts'
import type { Workbench } from '../workbench/workbench.ts'
import type { Operation } from './operations.ts'
import type { Witness } from './witness.ts'

type Kill = Extract<Operation, { do: 'kill' }>
type Race = Extract<Operation, { do: 'race' }>
type Racer = (witness: Witness) => Promise<void>

/** Armed by operations, fired by orders to the runner. */
export class Interference {
  readonly #bench: Workbench
  #kill: Kill | null = null
  #race: { readonly order: Race; readonly run: Racer; left: number; seen: number } | null = null
  #seen = { before: 0, after: 0 }
  #witness: Witness | null = null
  /** Whether somebody was faster since the last beginning. */
  hasRaced = false

  constructor(bench: Workbench) {
    this.#bench = bench
  }

  killAt(kill: Kill): void {
    this.#kill = kill
    this.#seen = { before: 0, after: 0 }
  }

  race(order: Race, run: Racer): void {
    this.#race = { order, run, left: order.times, seen: 0 }
  }

  /** From here on orders are counted. */
  begin(witness: Witness): void {
    this.#witness = witness
    this.hasRaced = false
    this.#bench.watch.hook = (moment) => this.#pass(moment)
  }

  end(): void {
    this.#bench.watch.hook = () => undefined
  }

  /** After a death: the second one, if there is to be one, is counted from now. */
  survived(): void {
    const again = this.#kill?.again ?? null
    this.#kill = this.#kill === null || again === null ? null : { ...this.#kill, atStep: again, again: null }
    this.#seen = { before: 0, after: 0 }
    this.#bench.watch.hook = (moment) => this.#pass(moment)
  }

  async #pass(moment: 'before' | 'after'): Promise<void> {
    if (this.#bench.isDead) throw new Died('It is dead already')
    if (moment === 'before') await this.#passRace()
    const seen = this.#seen[moment]
    this.#seen[moment] += 1
    if (this.#kill?.moment === moment && this.#kill.atStep === seen) throw this.#bench.kill()
  }

  async #passRace(): Promise<void> {
    const race = this.#race
    if (race === null || this.#witness === null) return
    race.seen += 1
    if (race.seen <= race.order.atStep || race.left === 0) return
    race.left -= 1
    this.hasRaced = true
    await race.run(this.#witness)
  }
}
