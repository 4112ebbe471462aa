// The REST face of the change log: `GET /api/v1/events`. Checks for what somebody asks, and how many are listening
// already.

import { z } from 'zod'
import { AppError } from '../../domain/errors/app-error.ts'
import type { ChangeFeed, ChangeFilter } from '../../ports/change-feed.ts'
import type { Store } from '../../ports/store.ts'
import type { Log } from '../../ports/surroundings.ts'
import { commentFrame } from '../event-frames.ts'
import { readEventQuery, type EventQuery } from '../event-query.ts'
import { streamEvents, type StreamEnd, type StreamLimits } from '../event-stream.ts'
import { headerText, type HttpRequest, type Wire } from '../http-exchange.ts'
import { defineRoute } from './define-route.ts'

export interface EventLimits extends StreamLimits {
  /** Most streams at the same time. */
  readonly streams: number
}

export interface EventParts {
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

/** The event stream of one server: what it is made of, and how many read it now. */
export interface Listening {
  readonly parts: EventParts
  readonly limits: EventLimits
  streams: number
}

/** Makes the event stream; nobody listens yet. */
export function createListening(parts: EventParts): Listening {
  return { parts, limits: { ...DEFAULT_LIMITS, ...parts.limits }, streams: 0 }
}

const position = z.int().min(0)

const followEvents = defineRoute({
  method: 'GET',
  pattern: '/events',
  name: 'followEvents',
  summary: 'Follow everything that happens',
  about: 'Server-sent events over the change log; docs/events.md says what each event looks like.',
  tag: 'events',
  query: z.strictObject({
    after: position
      .optional()
      .describe('The last sequence number that is known; without it only news are sent.'),
    project: z.string().min(1).max(200).optional(),
    pr: z.int().min(1).optional().describe('Needs `project`.'),
    session: z.string().min(1).max(200).optional(),
  }),
  readsQuery: true,
  headers: {
    'last-event-id': { description: 'What `after` is, as browsers send it; `after` wins.', schema: position },
  },
  replies: {
    200: {
      description: 'A stream that does not end by itself.',
      schema: z.string(),
      contentType: 'text/event-stream',
    },
  },
  errors: ['EVENT_QUERY_INVALID', 'EVENT_STREAMS_FULL'],
  handle: ({ request }, { listening }: { readonly listening: Listening }) => openStream(listening, request),
})

export const EVENT_ROUTES = [followEvents]

async function openStream(listening: Listening, request: HttpRequest) {
  const { parts, limits } = listening
  const asked = readEventQuery(request.query, headerText(request.headers, 'last-event-id'))
  await refuseUnknown(parts.store, asked.filter)
  const reply = { status: 200, body: '', headers: HEADERS } as const
  if (request.method === 'HEAD') return reply
  if (listening.streams >= limits.streams)
    return new AppError('EVENT_STREAMS_FULL', { limit: limits.streams })
  // Given back by the stream, which is called for every reply that has one.
  listening.streams += 1
  const { requestId } = request
  return { ...reply, stream: (wire: Wire) => serve({ listening, asked, requestId }, wire) }
}

/** A filter that can never match is a slip of the pen, and would be answered with silence for ever. */
async function refuseUnknown(store: EventParts['store'], filter: ChangeFilter): Promise<void> {
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
