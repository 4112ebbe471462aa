// One API call from socket to socket: read, recognise, answer, record; cut the connection when a fault says so.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { unknownRoute } from '../call-log.ts'
import type { CallLog } from '../call-log.ts'
import { answerGraphql } from '../graphql/answer-graphql.ts'
import type { World } from '../world.ts'
import { ApiRefusal, notFound, toRefusalAnswer } from './answer.ts'
import type { Answer } from './answer.ts'
import { answerRest } from './answer-rest.ts'
import { authenticate, toActor } from './authenticate.ts'
import type { Caller } from './authenticate.ts'
import { parseBody } from './request-body.ts'
import { findRoute } from './route-table.ts'

/** A request with what answers need. */
export interface Exchange {
  readonly world: World
  readonly log: CallLog
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
}

/** Answers one REST or GraphQL call. */
export async function serveApi(exchange: Exchange): Promise<void> {
  const { world, request, url } = exchange
  const method = request.method ?? 'GET'
  const path = url.pathname.replace(/^\/api(\/v3)?(?=\/|$)/, '') || '/'
  const match = findRoute(method, path)
  const isGraphql = method === 'POST' && path === '/graphql'
  const route = isGraphql ? 'POST /graphql' : (match?.route.route ?? unknownRoute)
  const bytes = await buffer(request)
  const cut = world.faults.takeCut(route)
  const state: { actor: string; body: unknown } = { actor: 'none', body: undefined }
  const act = async (): Promise<Answer> => {
    const caller: Caller = authenticate(world, request.headers.authorization)
    state.actor = toActor(caller)
    const body = parseBody(bytes)
    state.body = bytes.length === 0 ? undefined : body
    if (isGraphql) return answerGraphql(world, caller, body)
    if (match === undefined) throw notFound()
    const accept = request.headers.accept ?? ''
    return answerRest(match, caller, { world, params: match.params, url, accept, body })
  }
  const answer = cut === 'before_response' ? undefined : await act().catch(toFailure)
  const status = cut === undefined && answer !== undefined ? answer.status : 0
  const requestBody = state.body === undefined ? {} : { requestBody: state.body }
  exchange.log.record({ method, path: url.pathname, route, status, actor: state.actor, ...requestBody })
  if (cut !== undefined || answer === undefined) request.socket.destroy()
  else send(exchange, answer)
}

function toFailure(error: unknown): Answer {
  if (error instanceof ApiRefusal) return toRefusalAnswer(error)
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return toRefusalAnswer(new ApiRefusal(500, `The fake GitHub broke: ${message}`))
}

function send({ world, response }: Exchange, { status, json, raw, headers }: Answer): void {
  const body = raw ?? (json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)))
  const type =
    raw === undefined ? 'application/json; charset=utf-8' : 'application/vnd.github.raw; charset=utf-8'
  response.writeHead(status, {
    ...(body.length > 0 && { 'content-type': type }),
    'content-length': body.length,
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': `FAKE:${world.ids.next()}`,
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '5000',
    'x-ratelimit-reset': String(Math.floor(world.clock.nowMs() / 1000) + 3600),
    'x-ratelimit-used': '0',
    'x-ratelimit-resource': 'core',
    ...headers,
  })
  response.end(body)
}
