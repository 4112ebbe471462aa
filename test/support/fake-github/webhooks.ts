// Webhook deliveries: rendered and signed when the thing happens, sent one after the other behind the API's back.
// Knows nothing of what the payloads mean.
import { createHmac, randomUUID } from 'node:crypto'
import type { FakeClock } from './clock.ts'
import type { BreakFault, DeliveryFate } from './delivery-faults.ts'
import type { Faults } from './faults.ts'
import { HeldDeliveries } from './held-deliveries.ts'
import type { FatedDelivery } from './held-deliveries.ts'
import type { Ids } from './ids.ts'
import { PayloadHistory } from './payload-history.ts'
import { postWebhook } from './post-webhook.ts'

/** One webhook with its whole history. */
export interface Delivery {
  /** The GUID in `X-GitHub-Delivery`, the same for every attempt. */
  readonly id: string
  readonly event: string
  readonly action: string | undefined
  /** The exact text that is signed and sent. */
  readonly body: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly createdAt: string
  readonly installationId: number | undefined
  readonly repositoryId: number | undefined
  /** HTTP status of the last attempt; 0 when nobody answered; undefined before the first one. */
  status: number | undefined
  /** How many times it was sent. */
  attempts: number
  /** Whether a fault kept it from being sent. */
  isDropped: boolean
}

/** One try to deliver, as the App sees it in its delivery list. */
export interface DeliveryAttempt {
  readonly id: number
  readonly delivery: Delivery
  readonly at: string
  readonly isRedelivery: boolean
  readonly status: number
  /** When it was put off, if it was. */
  readonly throttledAt: string | null
}

/** What to send. */
export interface NewDelivery {
  readonly event: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly installationId: number | undefined
  readonly repositoryId: number | undefined
}

/** Where webhooks go and how they are signed. */
export interface WebhookTarget {
  readonly appId: number
  readonly secret: string
  readonly url: string | undefined
}

/** Sees each webhook before any fault does, and says whether it is sent at all. */
export type DeliveryObserver = (delivery: Delivery) => 'send' | 'withhold'

interface AttemptOrder {
  readonly delivery: Delivery
  readonly isRedelivery: boolean
  readonly throttledAt?: string | null
  readonly breakage?: BreakFault | undefined
}

/** Sends webhooks in the order in which things happened, unless a fault says otherwise. */
export class Webhooks {
  readonly deliveries: Delivery[] = []
  readonly attempts: DeliveryAttempt[] = []
  readonly observers = new Set<DeliveryObserver>()
  target: WebhookTarget
  readonly #faults: Faults
  readonly #clock: FakeClock
  readonly #ids: Ids
  readonly #history = new PayloadHistory()
  readonly #held: HeldDeliveries
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0
  readonly #stopping = new AbortController()

  constructor(parts: { target: WebhookTarget; faults: Faults; clock: FakeClock; ids: Ids }) {
    this.target = parts.target
    this.#faults = parts.faults
    this.#clock = parts.clock
    this.#ids = parts.ids
    this.#held = new HeldDeliveries(parts.clock)
  }

  /** How many deliveries faults keep back. */
  get heldCount(): number {
    return this.#held.count
  }

  /** Queues a webhook and returns at once. */
  send(order: NewDelivery): void {
    const delivery = this.#toDelivery(order)
    this.deliveries.push(delivery)
    const verdicts = [...this.observers].map((observe) => observe(delivery))
    if (verdicts.includes('withhold')) return
    const fate = this.#faults.ofDeliveries.takeFate(delivery.event, delivery.action)
    if (fate.drop === undefined) this.#dispatch(this.#held.admit({ delivery, fate, throttledAt: null }))
    else this.#lose(delivery, fate.drop)
  }

  /** Sends what faults keep back: what is due by the clock with every unfilled window, or everything. */
  release(which: 'due' | 'all' = 'due'): void {
    this.#dispatch(this.#held.release(which))
  }

  /** Sends a delivery again: same id, same bytes. Resolves when it was answered. */
  async redeliver(deliveryId: string): Promise<void> {
    const delivery = this.deliveries.find(({ id }) => id === deliveryId)
    if (delivery === undefined) throw new Error(`No delivery has the id ${deliveryId}.`)
    await this.#enqueue({ delivery, isRedelivery: true })
  }

  /** Resolves when nothing waits to be sent or answered; what faults keep back does not count. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#tail
  }

  /** Sends nothing more and gives up the one on its way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.settled()
  }

  #toDelivery({ event, payload, installationId, repositoryId }: NewDelivery): Delivery {
    const action = typeof payload['action'] === 'string' ? payload['action'] : undefined
    const shown = this.#show(event, action, payload)
    return {
      id: randomUUID(),
      event,
      action,
      body: JSON.stringify(shown),
      payload: shown,
      createdAt: this.#clock.nowIso(),
      installationId,
      repositoryId,
      status: undefined,
      attempts: 0,
      isDropped: false,
    }
  }

  #show(event: string, action: string | undefined, payload: NewDelivery['payload']): NewDelivery['payload'] {
    const steps = this.#history.knowsOlder(payload)
      ? this.#faults.ofDeliveries.takeStepsBack(event, action)
      : undefined
    const shown = steps === undefined ? payload : this.#history.stepBack(payload, steps)
    this.#history.remember(payload)
    return shown
  }

  #lose(delivery: Delivery, { trace = 'listed' }: NonNullable<DeliveryFate['drop']>): void {
    delivery.isDropped = true
    if (trace === 'listed') this.#note({ delivery, isRedelivery: false }, 0)
  }

  #dispatch(ready: readonly FatedDelivery[]): void {
    for (const { delivery, fate, throttledAt } of ready) {
      const { breakage, duplicate } = fate
      void this.#enqueue({ delivery, isRedelivery: false, throttledAt, breakage })
      for (let copy = 0; copy < (duplicate?.copies ?? 0); copy += 1) {
        void this.#enqueue({ delivery, isRedelivery: duplicate?.as === 'redelivery', throttledAt })
      }
    }
  }

  #enqueue(order: AttemptOrder): Promise<void> {
    this.#waiting += 1
    this.#tail = this.#tail.then(async () => {
      await this.#attempt(order)
      this.#waiting -= 1
    })
    return this.#tail
  }

  async #attempt(order: AttemptOrder): Promise<void> {
    const { delivery, breakage } = order
    const { url } = this.target
    const { signal } = this.#stopping
    if (signal.aborted || url === undefined) return
    delivery.attempts += 1
    const { how, status: gatewayStatus = 502 } = breakage ?? {}
    if (how === 'refuse') {
      delivery.status = gatewayStatus
    } else {
      const headers = toWebhookHeaders(this.target, delivery)
      const cut = how === 'cut_in_body' ? 'in_body' : how === 'lose_answer' ? 'at_answer' : undefined
      const status = await postWebhook({ url, headers, body: delivery.body, signal, ...(cut && { cut }) })
      delivery.status = how === 'fail_after_receipt' ? gatewayStatus : status
    }
    this.#note(order, delivery.status)
  }

  #note({ delivery, isRedelivery, throttledAt = null }: AttemptOrder, status: number): void {
    const at = this.#clock.nowIso()
    this.attempts.push({ id: this.#ids.next(), delivery, at, isRedelivery, status, throttledAt })
  }
}

/** Returns the headers of a delivery; the same for every attempt. */
export function toWebhookHeaders(
  { appId, secret }: WebhookTarget,
  { id, event, body }: Pick<Delivery, 'id' | 'event' | 'body'>,
): Record<string, string> {
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/0000000',
    'X-GitHub-Delivery': id,
    'X-GitHub-Event': event,
    'X-GitHub-Hook-ID': String(appId),
    'X-GitHub-Hook-Installation-Target-ID': String(appId),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    'X-Hub-Signature-256': signWebhook(secret, body),
  }
}

// The value of `X-Hub-Signature-256`.
function signWebhook(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}
