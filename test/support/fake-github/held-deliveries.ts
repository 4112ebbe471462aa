// Deliveries that are kept back by a fault, and the order in which they go on. Knows nothing of sending.
import type { FakeClock } from './clock.ts'
import type { DeliveryFate, ReorderFault } from './delivery-faults.ts'
import { shuffle } from './planted.ts'
import type { Delivery } from './webhooks.ts'

/** A delivery with what is still to happen to it. */
export interface FatedDelivery {
  readonly delivery: Delivery
  readonly fate: DeliveryFate
  /** When GitHub chose to send it later, as its list tells it. */
  readonly throttledAt: string | null
}

interface Held extends FatedDelivery {
  readonly dueAtMs: number
}

/** The deliveries kept back in one fake GitHub. */
export class HeldDeliveries {
  readonly #clock: FakeClock
  #late: Held[] = []
  readonly #windows = new Map<ReorderFault, FatedDelivery[]>()

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  /** How many are kept back. */
  get count(): number {
    return [...this.#windows.values()].reduce((sum, window) => sum + window.length, this.#late.length)
  }

  /** Takes a new delivery in and returns those that go now, in their order. */
  admit(fated: FatedDelivery): readonly FatedDelivery[] {
    const { delay } = fated.fate
    if (delay === undefined) return this.#pass(fated)
    const dueAtMs = this.#clock.nowMs() + delay.byMs
    this.#late.push({ ...fated, dueAtMs, throttledAt: this.#clock.nowIso() })
    return []
  }

  /** Returns what goes now: what is due by the clock, or everything; unfilled windows are emptied in both cases. */
  release(which: 'due' | 'all'): readonly FatedDelivery[] {
    const now = this.#clock.nowMs()
    const isDue = ({ dueAtMs }: Held): boolean => which === 'all' || dueAtMs <= now
    const due = this.#late.filter(isDue).toSorted((one, other) => one.dueAtMs - other.dueAtMs)
    this.#late = this.#late.filter((held) => !isDue(held))
    const passed = due.flatMap((fated) => this.#pass(fated))
    const left = [...this.#windows].flatMap(([{ random }, window]) => shuffle(window, random))
    this.#windows.clear()
    return [...passed, ...left]
  }

  #pass(fated: FatedDelivery): readonly FatedDelivery[] {
    const { reorder } = fated.fate
    if (reorder === undefined) return [fated]
    const window = [...(this.#windows.get(reorder) ?? []), fated]
    if (window.length < reorder.window) {
      this.#windows.set(reorder, window)
      return []
    }
    this.#windows.delete(reorder)
    return shuffle(window, reorder.random)
  }
}
