// The rhythm all workers share: woken, take what is due, run some of it side by side, sleep until the next is due.
// Knows nothing of what the work is.

import type { Clock, Log } from '../../ports/surroundings.ts'
import { createWakeTimer } from './wake-timer.ts'

/** One piece of work that was taken; running it never rejects for reasons of the work itself. */
export type Piece = () => Promise<void>

export interface WorkSource {
  /** For the log. */
  readonly name: string
  /** How many pieces run at the same time. */
  readonly concurrency: number
  /** Takes up to so many pieces that are due now. */
  take(limit: number): Promise<readonly Piece[]>
  /** Returns when the next piece will be due, or null; milliseconds since 1970. */
  nextDueAt(): Promise<number | null>
}

export interface Worker {
  /** From now on wakes and due times start work. */
  readonly start: () => void
  /** Says that there may be work now. */
  readonly wake: () => void
  /** Does everything that is due, and what becomes due by it, then returns how many pieces ran. */
  readonly pump: () => Promise<number>
  /** Takes nothing any more and waits for what is running. */
  readonly close: () => Promise<void>
}

/** How long the worker waits after the source itself failed, in milliseconds. */
const FAULT_PAUSE_MS = 1_000

/** Makes the worker of a source. */
export function createWorkerLoop(
  source: WorkSource,
  surroundings: { readonly clock: Clock; readonly log: Log },
): Worker {
  const loop = new WorkerLoop(source, surroundings.clock, surroundings.log)
  return {
    start: () => loop.start(),
    wake: () => loop.wake(),
    pump: () => loop.pump(),
    close: () => loop.close(),
  }
}

class WorkerLoop {
  readonly #source: WorkSource
  readonly #clock: Clock
  readonly #log: Log
  readonly #running = new Set<Promise<void>>()
  readonly #timer = createWakeTimer(() => this.wake())
  #state: 'idle' | 'started' | 'closed' = 'idle'
  #filling: Promise<number> | null = null
  #wokenMeanwhile = false

  constructor(source: WorkSource, clock: Clock, log: Log) {
    this.#source = source
    this.#clock = clock
    this.#log = log
  }

  start(): void {
    if (this.#state === 'closed') return
    this.#state = 'started'
    this.wake()
  }

  wake(): void {
    if (this.#state !== 'started') return
    this.#fill().catch((error: unknown) => {
      this.#log.error({ error, worker: this.#source.name }, 'Work could not be taken; trying again')
      if (this.#state === 'started') this.#timer.set(FAULT_PAUSE_MS)
    })
  }

  async pump(): Promise<number> {
    let count = 0
    for (;;) {
      count += await this.#fill()
      if (this.#running.size === 0) return count
      await Promise.race(this.#running)
    }
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    this.#timer.set(null)
    await this.#filling?.catch(() => 0)
    await Promise.all(this.#running)
  }

  /** One fill at a time; a wake during it starts another afterwards, so that no work is overlooked. */
  async #fill(): Promise<number> {
    if (this.#filling !== null) {
      this.#wokenMeanwhile = true
      return this.#filling.then(() => 0)
    }
    this.#filling = this.#takeWhileThereIs()
    try {
      return await this.#filling
    } finally {
      this.#filling = null
      if (this.#wokenMeanwhile) this.wake()
    }
  }

  async #takeWhileThereIs(): Promise<number> {
    let count = 0
    for (;;) {
      this.#wokenMeanwhile = false
      const free = this.#source.concurrency - this.#running.size
      if (free <= 0 || this.#state === 'closed') return count
      const pieces = await this.#source.take(free)
      for (const piece of pieces) this.#run(piece)
      count += pieces.length
      if (pieces.length > 0) continue
      await this.#sleep()
      return count
    }
  }

  async #sleep(): Promise<void> {
    if (this.#state !== 'started') return
    const dueAt = await this.#source.nextDueAt()
    this.#timer.set(dueAt === null ? null : dueAt - this.#clock.now())
  }

  #run(piece: Piece): void {
    const run = piece()
      .catch((error: unknown) => {
        this.#log.error({ error, worker: this.#source.name }, 'A piece of work broke')
      })
      .finally(() => {
        this.#running.delete(run)
        this.wake()
      })
    this.#running.add(run)
  }
}
