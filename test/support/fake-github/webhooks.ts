// Webhook deliveries: rendered and signed when the thing happens, sent one after the other behind the API's back.
// Knows nothing of what the payloads mean.
import { createHmac, randomUUID } from 'node:crypto'
import type { FakeClock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Ids } from './ids.ts'
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

// The value of `X-Hub-Signature-256`.
function signWebhook(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** Sends webhooks in the order in which things happened. */
export class Webhooks {
  readonly deliveries: Delivery[] = []
  readonly attempts: DeliveryAttempt[] = []
  target: WebhookTarget
  readonly #faults: Faults
  readonly #clock: FakeClock
  readonly #ids: Ids
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0
  readonly #stopping = new AbortController()

  constructor(parts: { target: WebhookTarget; faults: Faults; clock: FakeClock; ids: Ids }) {
    this.target = parts.target
    this.#faults = parts.faults
    this.#clock = parts.clock
    this.#ids = parts.ids
  }

  /** Queues a webhook and returns at once. */
  send({ event, payload, installationId, repositoryId }: NewDelivery): void {
    const action = typeof payload['action'] === 'string' ? payload['action'] : undefined
    const fate = this.#faults.takeDeliveryFate(event, action)
    const delivery: Delivery = {
      id: randomUUID(),
      event,
      action,
      body: JSON.stringify(payload),
      payload,
      createdAt: this.#clock.nowIso(),
      installationId,
      repositoryId,
      status: undefined,
      attempts: 0,
      isDropped: fate === 'dropped',
    }
    this.deliveries.push(delivery)
    if (fate === 'dropped') this.#note(delivery, 0, false)
    else void this.#enqueue(delivery, false)
    if (fate === 'duplicated') void this.#enqueue(delivery, false)
  }

  /** Sends a delivery again: same id, same bytes. Resolves when it was answered. */
  async redeliver(deliveryId: string): Promise<void> {
    const delivery = this.deliveries.find(({ id }) => id === deliveryId)
    if (delivery === undefined) throw new Error(`No delivery has the id ${deliveryId}.`)
    await this.#enqueue(delivery, true)
  }

  /** Resolves when nothing waits to be sent or answered. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#tail
  }

  /** Sends nothing more and gives up the one on its way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.settled()
  }

  #enqueue(delivery: Delivery, isRedelivery: boolean): Promise<void> {
    this.#waiting += 1
    this.#tail = this.#tail.then(async () => {
      await this.#attempt(delivery, isRedelivery)
      this.#waiting -= 1
    })
    return this.#tail
  }

  async #attempt(delivery: Delivery, isRedelivery: boolean): Promise<void> {
    const { url, secret, appId } = this.target
    const { signal } = this.#stopping
    if (signal.aborted || url === undefined) return
    const headers = {
      Accept: '*/*',
      'Content-Type': 'application/json',
      'User-Agent': 'GitHub-Hookshot/0000000',
      'X-GitHub-Delivery': delivery.id,
      'X-GitHub-Event': delivery.event,
      'X-GitHub-Hook-ID': String(appId),
      'X-GitHub-Hook-Installation-Target-ID': String(appId),
      'X-GitHub-Hook-Installation-Target-Type': 'integration',
      'X-Hub-Signature-256': signWebhook(secret, delivery.body),
    }
    delivery.attempts += 1
    delivery.status = await postWebhook({ url, headers, body: delivery.body, signal })
    this.#note(delivery, delivery.status, isRedelivery)
  }

  #note(delivery: Delivery, status: number, isRedelivery: boolean): void {
    this.attempts.push({ id: this.#ids.next(), delivery, at: this.#clock.nowIso(), isRedelivery, status })
  }
}
