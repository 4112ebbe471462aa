// When the inbox is worked on: woken, take what is due in its order, sleep until the next is due. Never polls, never two
// deliveries at once. What happens to one delivery is handle-delivery's.

import type { Inbox } from '../ports/inbox.ts'
import { describeFailure, handleDelivery, type DeliveryParts } from './handle-delivery.ts'

export interface InboxWorkerParts extends DeliveryParts {
  readonly inbox: DeliveryParts['inbox'] & Pick<Inbox, 'nextDeliveries' | 'nextDueAt'>
}

export interface InboxWorker {
  /** Starts working on what is pending and stays ready for more. */
  start(): void
  /** Says that there may be something new. */
  wake(): void
  /** Works until nothing is due, and returns how many deliveries were touched. */
  pump(): Promise<number>
  /** Finishes the delivery at hand and stops. */
  close(): Promise<void>
}

/** One look into the inbox; bodies can be large. */
const BATCH = 10
/** How long to wait when the inbox itself can not be read. */
const BROKEN_INBOX_DELAY_MS = 1_000
/** setTimeout takes no more than 2^31 - 1; waking early is harmless. */
const LONGEST_SLEEP_MS = 3_600_000

/** Returns a worker; it does nothing before `start` or `pump`. */
export function createInboxWorker(parts: InboxWorkerParts): InboxWorker {
  return new WakingWorker(parts)
}

class WakingWorker implements InboxWorker {
  readonly #parts: InboxWorkerParts
  #state: 'idle' | 'started' | 'closed' = 'idle'
  #wasWoken = false
  #pumping: Promise<number> | null = null
  #turning: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(parts: InboxWorkerParts) {
    this.#parts = parts
  }

  start(): void {
    if (this.#state === 'closed') return
    this.#state = 'started'
    this.wake()
  }

  wake(): void {
    this.#wasWoken = true
    if (this.#state === 'started') this.#turning ??= this.#turn()
  }

  pump(): Promise<number> {
    if (this.#state === 'closed') return Promise.resolve(0)
    this.#wasWoken = true
    this.#pumping ??= this.#workThrough().finally(() => {
      this.#pumping = null
    })
    return this.#pumping
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    clearTimeout(this.#timer)
    await this.#turning
    await this.#pumping?.catch(() => 0)
  }

  async #workThrough(): Promise<number> {
    const { inbox, now } = this.#parts
    let count = 0
    while (this.#wasWoken && this.#state !== 'closed') {
      this.#wasWoken = false
      const entries = await inbox.nextDeliveries(BATCH, now())
      for (const entry of entries) {
        if (this.#isClosed()) return count
        await handleDelivery(this.#parts, entry)
        count += 1
      }
      // A full look may have left some behind.
      if (entries.length > 0) this.#wasWoken = true
    }
    return count
  }

  /** Works until nothing is due and sets the alarm for what is due later; never rejects. */
  async #turn(): Promise<void> {
    const { inbox, now, log } = this.#parts
    try {
      let dueAt: number | null = null
      while (this.#wasWoken && this.#state !== 'closed') {
        await this.pump()
        dueAt = await inbox.nextDueAt()
      }
      this.#sleepUntil(dueAt)
    } catch (error) {
      log.error({ reason: describeFailure(error) }, 'inbox can not be read')
      this.#sleepUntil(now() + BROKEN_INBOX_DELAY_MS)
    } finally {
      this.#turning = null
    }
  }

  #sleepUntil(at: number | null): void {
    clearTimeout(this.#timer)
    if (at === null || this.#isClosed()) return
    const sleepMs = Math.min(Math.max(at - this.#parts.now(), 1), LONGEST_SLEEP_MS)
    this.#timer = setTimeout(() => this.wake(), sleepMs)
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }
}
