// The post between GitHub and the program: each webhook of a story is lost, doubled or late, and they arrive in any
// order. Knows nothing of what they say.

import type { DeliveryRecording, RecordedDelivery } from '../fake-github/delivery-recorder.ts'
import type { Random } from '../fake-github/planted.ts'
import type { MirrorBench } from './bench.ts'
import type { MirrorCase } from './story.ts'
import type { Tally } from './tally.ts'

/** Every so often a webhook comes only when nobody waits for it any more. */
const VERY_LATE = 0.1

/** Takes every webhook from GitHub and hands them over one by one. */
export class Post {
  readonly #recording: DeliveryRecording
  readonly #random: Random
  readonly #tally: Tally
  readonly #order: Pick<MirrorCase, 'copies' | 'lost'>
  readonly #underWay: RecordedDelivery[] = []
  readonly #late: RecordedDelivery[] = []
  #taken = 0

  constructor(bench: MirrorBench, order: MirrorCase, { random, tally }: { random: Random; tally: Tally }) {
    this.#recording = bench.github.recordDeliveries('withheld')
    this.#random = random
    this.#tally = tally
    this.#order = order
  }

  /** Decides what becomes of the webhooks that were sent since. */
  collect(): void {
    const { deliveries } = this.#recording
    for (const delivery of deliveries.slice(this.#taken)) this.#accept(delivery)
    this.#taken = deliveries.length
  }

  /** Hands over up to so many, in any order. */
  async deliver(count: number): Promise<void> {
    for (let left = count; left > 0 && this.#underWay.length > 0; left -= 1) {
      const at = Math.floor(this.#random() * this.#underWay.length)
      await this.#send(this.#underWay.splice(at, 1))
    }
  }

  /** Hands over all that are not very late. */
  deliverAll(): Promise<void> {
    return this.deliver(this.#underWay.length)
  }

  /** Hands over what nobody waits for any more. */
  deliverLate(): Promise<void> {
    return this.#send(this.#late.splice(0))
  }

  stop(): void {
    this.#recording.stop()
  }

  #accept(delivery: RecordedDelivery): void {
    this.#tally.webhook('sent')
    if (this.#random() * 100 < this.#order.lost) return this.#tally.webhook('lost')
    const copies = 1 + Math.floor(this.#random() * this.#order.copies)
    if (copies > 1) this.#tally.webhook('doubled')
    for (let copy = 0; copy < copies; copy += 1) {
      const isLate = this.#random() < VERY_LATE
      if (isLate) this.#tally.webhook('late')
      ;(isLate ? this.#late : this.#underWay).push(delivery)
    }
  }

  async #send(deliveries: readonly RecordedDelivery[]): Promise<void> {
    for (const delivery of deliveries) {
      const status = await this.#recording.send(delivery)
      if (status < 200 || status > 299) throw new Error(`A webhook was answered with ${status}`)
    }
  }
}
