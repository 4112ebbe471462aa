// The REST interface as a client meets it: a real server, real rows, and a client that holds every reply against the
// OpenAPI document. What lies behind the ports is the test's; a port that a test does not give must not be asked.

import { expect } from 'vitest'
import { createIdempotency } from '../../../src/adapters/db/idempotency-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { apiRoutes, type ApiParts } from '../../../src/edge/api/api-routes.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import type { Idempotency } from '../../../src/ports/idempotency.ts'
import type { Store } from '../../../src/ports/store.ts'
import { keepLog, openTempInbox, type KeptLog, type TempInbox } from '../edge-world.ts'
import { faultsOfReply, placeOf } from './document-check.ts'

export const TOKENS = [
  { name: 'alice', token: 'token-of-alice' },
  { name: 'ci', token: 'token-of-ci' },
]

/** A request; GET without a body, POST with one, unless it says so itself. */
export interface Call {
  readonly path: string
  readonly method?: string
  readonly token?: string | null
  /** As it is sent; an object is sent as JSON. */
  readonly body?: string | object
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
}

export interface ApiWorld {
  readonly temp: TempInbox
  readonly store: Store
  readonly log: KeptLog
  readonly server: HttpServer
  /** The same server with other ports, tokens or kept replies; closed with the world. */
  readonly start: (settings: Settings) => Promise<HttpServer>
  /** Sends a request and fails when the reply is not as the document says. */
  readonly call: (order: Call, at?: HttpServer) => Promise<Answer>
  readonly close: () => Promise<void>
}

export interface Settings {
  readonly tokens?: typeof TOKENS
  readonly parts?: Partial<ApiParts>
  readonly idempotency?: Idempotency
}

/** Opens a database of its own and starts a server on it. */
export async function openApiWorld(settings: Settings = {}): Promise<ApiWorld> {
  const temp = await openTempInbox()
  const store = createStore(temp.database)
  const log = keepLog()
  const servers: HttpServer[] = []
  const off = new Set<HttpServer>()
  const start = async ({ tokens = TOKENS, parts = {}, idempotency }: Settings): Promise<HttpServer> => {
    const kept = idempotency ?? createIdempotency(temp.database)
    const given = { store, inbox: temp.inbox, log, ...parts }
    const routes = apiRoutes({ tokens, idempotency: kept, log }, { ...unaskedParts(), ...given })
    const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, log })
    servers.push(server)
    if (tokens.length === 0) off.add(server)
    return server
  }
  const server = await start(settings)
  return {
    temp,
    store,
    log,
    server,
    start,
    call: (order, at = server) => call(order, { at, isOff: off.has(at) }),
    close: async () => {
      await Promise.all(servers.map((one) => one.close()))
      await temp.close()
    },
  }
}

export function addressOf({ address }: HttpServer): string {
  return `http://127.0.0.1:${address.port}`
}

async function call(
  order: Call,
  { at, isOff }: { readonly at: HttpServer; readonly isOff: boolean },
): Promise<Answer> {
  const { path, token = 'token-of-alice', body } = order
  const method = order.method ?? (body === undefined ? 'GET' : 'POST')
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...order.headers,
  }
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(`${addressOf(at)}${path}`, { method, headers, ...sent })
  const contentType = response.headers.get('content-type') ?? ''
  const answer: unknown = await response.json()
  const { status } = response
  const shown = { status, contentType, body: answer }
  // A server without tokens has no address of the document.
  const place = isOff ? null : placeOf(method, path)
  expect({ ...shown, faults: faultsOfReply(place, shown) }).toEqual({ ...shown, faults: [] })
  return { status, body: Object(answer) as Answer['body'], headers: response.headers }
}

function unaskedParts(): ApiParts {
  const unasked = (): never => {
    throw new Error('A port was asked that the test did not give.')
  }
  return {
    store: { find: unasked, list: unasked },
    inbox: { replay: unasked, drop: unasked },
    onReplayed: unasked,
    feed: { read: unasked, follow: unasked },
    log: keepLog(),
    requests: { populate: unasked, restart: unasked, cancelDecision: unasked },
    submitAnswer: unasked,
    submitRescue: unasked,
  }
}
