// GitHub's own list of the deliveries it tried, and asking for one again. Acts as the App itself.

import type { DeliveryLog, SentDelivery } from '../../ports/github.ts'
import { answerOf, attempt } from './github-calls.ts'
import type { Clients } from './octokit-clients.ts'

const PAGE_SIZE = 100
/** Twenty thousand deliveries: more than a sweep can do anything about. */
const MOST_PAGES = 200
const LIST_ROUTE = 'GET /app/hook/deliveries'
const REDELIVER_ROUTE = 'POST /app/hook/deliveries/{delivery_id}/attempts'

interface DeliveryPage {
  readonly deliveries: readonly SentDelivery[]
  /** Null on the last page. */
  readonly next: string | null
}

/** Makes the log. Its methods throw `GITHUB_REFUSED`, `GITHUB_RATE_LIMITED`, `GITHUB_UNAVAILABLE`. */
export function createDeliveryLog(clients: Clients, now: () => number): DeliveryLog {
  return {
    async listSince(since) {
      // GitHub's times have no fractions of a second.
      const from = Math.floor(since / 1000) * 1000
      const listed: SentDelivery[] = []
      let cursor: string | undefined
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const { deliveries, next } = await readPage(clients, now, cursor)
        listed.push(...deliveries.filter(({ deliveredAt }) => deliveredAt >= from))
        if (next === null || deliveries.some(({ deliveredAt }) => deliveredAt < from)) break
        cursor = next
      }
      return listed
    },
    async redeliver(id) {
      // Only the digits matter to the address; as a number they would be rounded.
      const deliveryId = id as unknown as number
      const called = await attempt(
        () => clients.app.apps.redeliverWebhookDelivery({ delivery_id: deliveryId }),
        now,
      )
      answerOf(called, REDELIVER_ROUTE)
    },
  }
}

async function readPage(
  clients: Clients,
  now: () => number,
  cursor: string | undefined,
): Promise<DeliveryPage> {
  const called = await attempt(
    () =>
      clients.app.apps.listWebhookDeliveries({
        per_page: PAGE_SIZE,
        ...(cursor === undefined ? {} : { cursor }),
      }),
    now,
  )
  const { data, headers } = answerOf(called, LIST_ROUTE)
  return { deliveries: data.map(toSentDelivery), next: nextCursor(headers.link) }
}

function toSentDelivery(json: {
  readonly id: number | bigint
  readonly guid: string
  readonly delivered_at: string
  readonly status_code: number
  readonly redelivery: boolean
}): SentDelivery {
  return {
    id: String(json.id),
    guid: json.guid,
    deliveredAt: Date.parse(json.delivered_at),
    isOk: json.status_code >= 200 && json.status_code < 300,
    isRedelivery: json.redelivery,
  }
}

function nextCursor(link: string | undefined): string | null {
  const address = /<([^<>]+)>;\s*rel="next"/u.exec(link ?? '')?.[1]
  return address === undefined ? null : new URL(address).searchParams.get('cursor')
}
