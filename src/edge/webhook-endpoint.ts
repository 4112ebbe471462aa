// Takes deliveries in: verifies the raw bytes, stores them, answers. Does no work and knows no event.

import { createHash } from 'node:crypto'
import { AppError } from '../domain/errors/app-error.ts'
import type { Delivery, Inbox } from '../ports/inbox.ts'
import type { Log } from '../ports/surroundings.ts'
import { headerText, isJson, type HttpReply, type HttpRequest, type Route } from './http-exchange.ts'
import { isSignature, isSignedBy } from './webhook-signature.ts'

/** GitHub's own cap for payloads: 25 MiB. */
export const WEBHOOK_LIMIT_BYTES = 25 * 1024 * 1024

export interface WebhookEndpointParts {
  readonly path: string
  readonly secret: string
  readonly inbox: Pick<Inbox, 'insert'>
  readonly now: () => number
  readonly log: Log
  /** Called after a new delivery was stored. */
  readonly onStored: () => void
}

interface WebhookHeaders {
  readonly event: string
  readonly deliveryId: string
  readonly signature: string
}

/** Returns the route that accepts signed deliveries; 202 means the delivery is stored, also when it already was. */
export function webhookEndpoint(parts: WebhookEndpointParts): Route {
  return { method: 'POST', pattern: parts.path, handle: (request) => acceptDelivery(parts, request) }
}

async function acceptDelivery(parts: WebhookEndpointParts, request: HttpRequest): Promise<HttpReply> {
  if (!isJson(request.headers)) throw new AppError('WEBHOOK_CONTENT_TYPE', {})
  const headers = toWebhookHeaders(request)
  const body = await request.readBody(WEBHOOK_LIMIT_BYTES)
  if (!isSignedBy(parts.secret, body, headers.signature)) throw new AppError('WEBHOOK_SIGNATURE_INVALID', {})
  const delivery = toDelivery(headers, body, parts.now())
  const stored = await store(parts, delivery)
  const { deliveryId, event, action } = delivery
  parts.log.info({ deliveryId, event, action, stored, requestId: request.requestId }, 'delivery accepted')
  if (stored === 'stored') parts.onStored()
  return { status: 202, body: {} }
}

function toWebhookHeaders(request: HttpRequest): WebhookHeaders {
  const event = headerText(request.headers, 'x-github-event')
  const deliveryId = headerText(request.headers, 'x-github-delivery')
  const signature = headerText(request.headers, 'x-hub-signature-256')
  if (event === null || deliveryId === null || signature === null)
    throw new AppError('WEBHOOK_HEADERS_MISSING', {})
  // Both become keys and log fields; a proxy may not smuggle anything else in.
  if (!/^[a-z_]{1,64}$/.test(event) || !/^[\w-]{1,64}$/.test(deliveryId)) {
    throw new AppError('WEBHOOK_HEADERS_MISSING', {})
  }
  if (!isSignature(signature)) throw new AppError('WEBHOOK_SIGNATURE_INVALID', {})
  return { event, deliveryId, signature }
}

async function store(parts: WebhookEndpointParts, delivery: Delivery): Promise<'stored' | 'duplicate'> {
  try {
    return await parts.inbox.insert(delivery)
  } catch (error) {
    throw new AppError('WEBHOOK_NOT_STORED', {}, { cause: error })
  }
}

function toDelivery(headers: WebhookHeaders, bytes: Buffer, receivedAt: number): Delivery {
  const body = decodeUtf8(bytes)
  const payload = parseObject(body)
  return {
    deliveryId: headers.deliveryId,
    event: headers.event,
    action: typeof payload['action'] === 'string' ? payload['action'] : null,
    installationId: idOf(payload['installation']),
    repositoryId: idOf(payload['repository']),
    body,
    bodySha256: createHash('sha256').update(bytes).digest('hex'),
    receivedAt,
  }
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new AppError('WEBHOOK_BODY_INVALID', {}, { cause: error })
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('WEBHOOK_BODY_INVALID', {}, { cause: error })
  }
  if (!isRecord(value)) throw new AppError('WEBHOOK_BODY_INVALID', {})
  return value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function idOf(value: unknown): number | null {
  return isRecord(value) && typeof value['id'] === 'number' ? value['id'] : null
}
