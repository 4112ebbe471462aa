// The App's list of webhook deliveries, newest first, and asking for one again.
import type { DeliveryAttempt } from '../webhooks.ts'
import type { World } from '../world.ts'
import { notFound } from './answer.ts'
import { answerPage } from './page.ts'
import { appRoute, numberParam } from './route.ts'
import type { Route, RouteRequest } from './route.ts'

/** Routes about webhook deliveries. */
export const deliveryRoutes: readonly Route[] = [
  appRoute('GET /app/hook/deliveries', ({ world, url }) => {
    return answerPage(url, world.webhooks.attempts.map(toAttemptJson).toReversed())
  }),
  appRoute('GET /app/hook/deliveries/{delivery_id}', (request) => {
    const attempt = attemptOf(request)
    const { payload } = attempt.delivery
    return {
      status: 200,
      json: { ...toAttemptJson(attempt), url: targetOf(request.world), request: { payload } },
    }
  }),
  appRoute('POST /app/hook/deliveries/{delivery_id}/attempts', (request) => {
    // Not awaited: GitHub answers before it sends, and a delivery must never hold up a call.
    void request.world.webhooks.redeliver(attemptOf(request).delivery.id)
    return { status: 202, json: {} }
  }),
]

function attemptOf(request: RouteRequest): DeliveryAttempt {
  const id = numberParam(request, 'delivery_id')
  const attempt = request.world.webhooks.attempts.find((candidate) => candidate.id === id)
  if (attempt === undefined) throw notFound()
  return attempt
}

function targetOf({ webhooks }: World): string {
  return webhooks.target.url ?? ''
}

function toAttemptJson({ id, delivery, at, isRedelivery, status }: DeliveryAttempt): Record<string, unknown> {
  const isOk = status >= 200 && status < 300
  return {
    id,
    guid: delivery.id,
    delivered_at: at,
    redelivery: isRedelivery,
    duration: 0.01,
    status: isOk ? 'OK' : status === 0 ? 'failed to connect to host' : 'Invalid HTTP Response',
    // GitHub's own word for "nobody answered".
    status_code: status === 0 ? 502 : status,
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: delivery.installationId ?? null,
    repository_id: delivery.repositoryId ?? null,
    throttled_at: null,
  }
}
