// The REST face of the change log: `GET /api/v1/events`. Checks who asks, for what, and how many are listening already.

import type { ApiToken } from '../domain/config/operator-config.ts'
import { AppError } from '../domain/errors/app-error.ts'
import type { ChangeFeed, ChangeFilter } from '../ports/change-feed.ts'
import type { Store } from '../ports/store.ts'
import type { Log } from '../ports/surroundings.ts'
import { authenticate } from './api-tokens.ts'
import { commentFrame } from './event-frames.ts'
import { readEventQuery, type EventQuery } from './event-query.ts'
import { streamEvents, type StreamEnd, type StreamLimits } from './event-stream.ts'
import { headerText, type HttpReply, type HttpRequest, type Route, type Wire } from './http-exchange.ts'

export interface EventLimits extends StreamLimits {
  /** Most streams at the same time. */
  readonly streams: number
}

export interface EventRoutesParts {
  /** Empty: the API is off and its addresses do not exist. */
  readonly tokens: readonly ApiToken[]
  readonly store: Pick<Store, 'find'>
  readonly feed: ChangeFeed
  readonly log: Log
  readonly limits?: Partial<EventLimits>
}

const DEFAULT_LIMITS: EventLimits = { heartbeatMs: 15_000, backlog: 1_024, stallMs: 30_000, streams: 100 }

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would collect the answer before it passes it on.
  'x-accel-buffering': 'no',
}

interface Listening {
  readonly parts: EventRoutesParts
  readonly limits: EventLimits
  streams: number
}

/** Returns `GET /api/v1/events`. */
export function eventRoutes(parts: EventRoutesParts): readonly Route[] {
  if (parts.tokens.length === 0) return []
  const listening: Listening = { parts, limits: { ...DEFAULT_LIMITS, ...parts.limits }, streams: 0 }
  return [{ method: 'GET', pattern: '/api/v1/events', handle: (request) => openStream(listening, request) }]
}

async function openStream(listening: Listening, request: HttpRequest): Promise<HttpReply> {
  const { parts, limits } = listening
  authenticate(parts.tokens, request)
  const asked = readEventQuery(request.query, headerText(request.headers, 'last-event-id'))
  await refuseUnknown(parts.store, asked.filter)
  const reply = { status: 200, body: null, headers: HEADERS }
  if (request.method === 'HEAD') return reply
  if (listening.streams >= limits.streams) throw new AppError('EVENT_STREAMS_FULL', { limit: limits.streams })
  // Given back by the stream, which is called for every reply that has one.
  listening.streams += 1
  const { requestId } = request
  return { ...reply, stream: (wire) => serve({ listening, asked, requestId }, wire) }
}

/** A filter that can never match is a slip of the pen, and would be answered with silence for ever. */
async function refuseUnknown(store: EventRoutesParts['store'], filter: ChangeFilter): Promise<void> {
  const { projectId, sessionId } = filter
  if (projectId !== null && (await store.find('projects', { id: projectId })) === null) {
    throw new AppError('EVENT_QUERY_INVALID', { parameter: 'project', reason: 'there is no such project' })
  }
  if (sessionId !== null && (await store.find('sessions', { id: sessionId })) === null) {
    throw new AppError('EVENT_QUERY_INVALID', { parameter: 'session', reason: 'there is no such session' })
  }
}

interface Serving {
  readonly listening: Listening
  readonly asked: EventQuery
  readonly requestId: string
}

async function serve({ listening, asked, requestId }: Serving, wire: Wire): Promise<void> {
  const { feed, log } = listening.parts
  try {
    const end = await streamEvents({ feed, asked, limits: listening.limits }, wire)
    if (end === 'closed') return
    log.info({ requestId, end, query: asked }, 'event_stream_ended')
    sayWhy(wire, end)
  } catch (error) {
    log.warn({ requestId, err: error }, 'event_stream_failed')
  } finally {
    listening.streams -= 1
  }
}

/** A peer that is behind gets no more bytes: what waits for it would keep the connection for as long as it likes. */
function sayWhy(wire: Wire, end: Exclude<StreamEnd, 'closed'>): void {
  if (end === 'lost') wire.write(commentFrame('rows are missing here: connect again'))
  else wire.cut()
}
