// The webhooks of a story, kept so that a test can send them again: in another order, more than once, or not at all.
// Knows nothing of what they mean.
import { shuffle } from './planted.ts'
import type { Random } from './planted.ts'
import { postWebhook } from './post-webhook.ts'
import { toWebhookHeaders } from './webhooks.ts'
import type { Webhooks } from './webhooks.ts'

/** One webhook as it is or would be sent. */
export interface RecordedDelivery {
  readonly guid: string
  readonly event: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** What scrambling does to a stream. */
export interface Scrambling {
  readonly random: Random
  /** How often each is sent at most; 1 when absent. */
  readonly copies?: number
  /** How likely each is lost altogether; 0 when absent. */
  readonly dropProbability?: number
}

/** A recording that runs until it is stopped. */
export interface DeliveryRecording {
  /** What was recorded so far, in the order in which things happened. */
  readonly deliveries: readonly RecordedDelivery[]
  /** Sends one now to where webhooks go, past every fault; returns the HTTP status, 0 when nobody answered. */
  send(delivery: RecordedDelivery): Promise<number>
  /** Records no more, and lets webhooks go again. */
  stop(): void
}

/** Records every webhook from now on; `withheld` ones are not sent, and GitHub's own list does not know them. */
export function recordDeliveries(
  webhooks: Webhooks,
  sending: 'sent' | 'withheld' = 'sent',
): DeliveryRecording {
  const deliveries: RecordedDelivery[] = []
  const observe = (delivery: Webhooks['deliveries'][number]): 'send' | 'withhold' => {
    const { id: guid, event, body } = delivery
    deliveries.push({ guid, event, body, headers: toWebhookHeaders(webhooks.target, delivery) })
    return sending === 'sent' ? 'send' : 'withhold'
  }
  webhooks.observers.add(observe)
  return {
    deliveries,
    send: ({ headers, body }) => {
      const { url } = webhooks.target
      if (url === undefined) throw new Error('The fake GitHub has no address to deliver to.')
      return postWebhook({ url, headers, body, signal: new AbortController().signal })
    },
    stop: () => {
      webhooks.observers.delete(observe)
    },
  }
}

/** Returns a stream of the same deliveries in any order, each lost, kept or doubled by chance. */
export function scramble(
  deliveries: readonly RecordedDelivery[],
  { random, copies = 1, dropProbability = 0 }: Scrambling,
): readonly RecordedDelivery[] {
  const kept = deliveries.filter(() => random() >= dropProbability)
  const sent = kept.flatMap((delivery) =>
    Array.from({ length: 1 + Math.floor(random() * copies) }, () => delivery),
  )
  return shuffle(sent, random)
}
