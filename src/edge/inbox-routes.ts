// The REST face of the inbox: replay a delivery, drop one. Checks who asks; what a repair means is the inbox's.

import { assertNever } from '../domain/assert-never.ts'
import type { ApiToken } from '../domain/config/operator-config.ts'
import { AppError } from '../domain/errors/app-error.ts'
import type { Inbox, Repairer } from '../ports/inbox.ts'
import { authenticate } from './api-tokens.ts'
import { clientOf, type HttpReply, type HttpRequest, type Route } from './http-exchange.ts'

export interface InboxRoutesParts {
  /** Empty: the API is off and its addresses do not exist. */
  readonly tokens: readonly ApiToken[]
  readonly inbox: Pick<Inbox, 'replay' | 'drop'>
  /** Called after a delivery became pending again. */
  readonly onReplayed: () => void
}

/** Returns the routes under `/api/v1/inbox/{delivery}`; a body is not read. */
export function inboxRoutes(parts: InboxRoutesParts): readonly Route[] {
  if (parts.tokens.length === 0) return []
  const base = '/api/v1/inbox/{delivery}'
  return [
    { method: 'POST', pattern: `${base}/replay`, handle: (request) => replay(parts, request) },
    { method: 'POST', pattern: `${base}/drop`, handle: (request) => drop(parts, request) },
  ]
}

async function replay(parts: InboxRoutesParts, request: HttpRequest): Promise<HttpReply> {
  const by = repairerOf(parts, request)
  const delivery = deliveryOf(request)
  const outcome = await parts.inbox.replay(delivery, by)
  switch (outcome) {
    case 'replayed':
      parts.onReplayed()
      return { status: 200, body: { delivery, outcome } }
    case 'already_pending':
      return { status: 200, body: { delivery, outcome } }
    case 'not_found':
      throw new AppError('DELIVERY_NOT_FOUND', { delivery: shown(delivery) })
    default:
      return assertNever(outcome)
  }
}

async function drop(parts: InboxRoutesParts, request: HttpRequest): Promise<HttpReply> {
  const by = repairerOf(parts, request)
  const delivery = deliveryOf(request)
  const outcome = await parts.inbox.drop(delivery, by)
  switch (outcome) {
    case 'dropped':
      return { status: 200, body: { delivery, outcome } }
    case 'already_finished':
      throw new AppError('DELIVERY_ALREADY_FINISHED', { delivery: shown(delivery) })
    case 'not_found':
      throw new AppError('DELIVERY_NOT_FOUND', { delivery: shown(delivery) })
    default:
      return assertNever(outcome)
  }
}

function repairerOf(parts: InboxRoutesParts, request: HttpRequest): Repairer {
  return { actor: authenticate(parts.tokens, request), via: clientOf(request.headers) }
}

function deliveryOf(request: HttpRequest): string {
  return request.params['delivery'] ?? ''
}

/** An address can be long; what is quoted from it is not. */
function shown(delivery: string): string {
  return delivery.slice(0, 80)
}
