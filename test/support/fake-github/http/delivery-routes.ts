// The App's list of webhook deliveries, newest first, and asking for one again.
import { toWebhookHeaders } from '../webhooks.ts'
import type { DeliveryAttempt } from '../webhooks.ts'
import type { World } from '../world.ts'
import { invalid, notFound } from './answer.ts'
import type { Answer } from './answer.ts'
import { appRoute, numberParam } from './route.ts'
import type { Route, RouteRequest } from './route.ts'

const usualPageSize = 30
const largestPageSize = 100
/** GitHub forgets deliveries after this time. */
const keptMs = 3 * 24 * 60 * 60 * 1000
const cursorPrefix = 'v1_'

/** Routes about webhook deliveries. */
export const deliveryRoutes: readonly Route[] = [
  appRoute('GET /app/hook/deliveries', listDeliveries),
  appRoute('GET /app/hook/deliveries/{delivery_id}', (request) => {
    const attempt = attemptOf(request)
    const { target } = request.world.webhooks
    const { payload } = attempt.delivery
    const sent = { headers: toWebhookHeaders(target, attempt.delivery), payload }
    const response = { headers: attempt.status === 0 ? null : {}, payload: null }
    return {
      status: 200,
      json: { ...toAttemptJson(attempt), url: target.url ?? '', request: sent, response },
    }
  }),
  appRoute('POST /app/hook/deliveries/{delivery_id}/attempts', (request) => {
    // Not awaited: GitHub answers before it sends, and a delivery must never hold up a call.
    void request.world.webhooks.redeliver(attemptOf(request).delivery.id)
    return { status: 202, json: {} }
  }),
]

function listDeliveries({ world, url }: RouteRequest): Answer {
  const isWanted = readStatusFilter(url)
  const newestFirst = keptAttempts(world)
    .filter((attempt) => isWanted(statusCodeOf(attempt)))
    .toReversed()
  const size = readPageSize(url)
  const start = readStart(url, newestFirst)
  const page = newestFirst.slice(start, start + size)
  const next = newestFirst[start + size]
  const previous = start === 0 ? undefined : newestFirst[Math.max(0, start - size)]
  const links = [...toLink(url, next, 'next'), ...toLink(url, previous, 'prev')]
  return {
    status: 200,
    json: page.map(toAttemptJson),
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  }
}

function keptAttempts({ webhooks, clock }: World): readonly DeliveryAttempt[] {
  return webhooks.attempts.filter(({ at }) => Date.parse(at) > clock.nowMs() - keptMs)
}

function readStatusFilter(url: URL): (statusCode: number) => boolean {
  const wanted = url.searchParams.get('status')
  if (wanted === null) return () => true
  if (wanted === 'success') return (code) => code >= 200 && code < 400
  if (wanted === 'failure') return (code) => code >= 400 && code < 600
  throw invalid(`"${wanted}" is not a member of ["success", "failure"].`)
}

function readPageSize(url: URL): number {
  const size = Number(url.searchParams.get('per_page') ?? usualPageSize)
  return Number.isSafeInteger(size) && size > 0 ? Math.min(size, largestPageSize) : usualPageSize
}

// A cursor names an attempt and not a place, so that new deliveries do not move the pages.
function readStart(url: URL, newestFirst: readonly DeliveryAttempt[]): number {
  const cursor = url.searchParams.get('cursor')
  if (cursor === null) return 0
  const id = Number(cursor.slice(cursorPrefix.length))
  if (!cursor.startsWith(cursorPrefix) || !Number.isSafeInteger(id)) throw invalid('Invalid cursor.')
  const start = newestFirst.findIndex((attempt) => attempt.id <= id)
  return start === -1 ? newestFirst.length : start
}

function toLink(url: URL, attempt: DeliveryAttempt | undefined, rel: 'next' | 'prev'): string[] {
  if (attempt === undefined) return []
  const target = new URL(url)
  target.searchParams.set('cursor', `${cursorPrefix}${attempt.id}`)
  return [`<${target.href}>; rel="${rel}"`]
}

function attemptOf(request: RouteRequest): DeliveryAttempt {
  const id = numberParam(request, 'delivery_id')
  const attempt = keptAttempts(request.world).find((candidate) => candidate.id === id)
  if (attempt === undefined) throw notFound()
  return attempt
}

// GitHub's own code for "nobody answered".
function statusCodeOf({ status }: DeliveryAttempt): number {
  return status === 0 ? 502 : status
}

function toAttemptJson(attempt: DeliveryAttempt): Record<string, unknown> {
  const { id, delivery, at, isRedelivery, status, throttledAt } = attempt
  const isOk = status >= 200 && status < 300
  return {
    id,
    guid: delivery.id,
    delivered_at: at,
    redelivery: isRedelivery,
    duration: 0.01,
    status: isOk ? 'OK' : status === 0 ? 'failed to connect to host' : `Invalid HTTP Response: ${status}`,
    status_code: statusCodeOf(attempt),
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: delivery.installationId ?? null,
    repository_id: delivery.repositoryId ?? null,
    throttled_at: throttledAt,
  }
}
