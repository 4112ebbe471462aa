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
import { disturb } from './disturb.ts'
import type { DisturbedCall } from './disturb.ts'
import { largestPageOf, toQuestion } from './question.ts'
import { toRateHeaders } from './rate-limits.ts'
import { parseBody } from './request-body.ts'
import { findRoute } from './route-table.ts'
import type { RouteMatch } from './route-table.ts'

/** A request with what answers need. */
export interface Exchange {
  readonly world: World
  readonly log: CallLog
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
}

interface ApiCall extends DisturbedCall {
  readonly method: string
  readonly match: RouteMatch | undefined
  readonly bytes: Buffer
  readonly caller: Caller
  /** Why the caller's credential is refused. */
  readonly refusal: ApiRefusal | undefined
}

/** Answers one REST or GraphQL call. */
export async function serveApi(exchange: Exchange): Promise<void> {
  const { world, request, url, log } = exchange
  const call = recognise(exchange, await buffer(request))
  const cut = world.faults.takeCut(call.route, call.installationId)
  let body: unknown
  const act = async (): Promise<Answer> => {
    if (call.refusal !== undefined) throw call.refusal
    const parsed = parseBody(call.bytes)
    body = call.bytes.length === 0 ? undefined : parsed
    const { caller, match } = call
    if (call.kind === 'graphql') return answerGraphql(world, caller, parsed)
    if (match === undefined) throw notFound()
    const accept = request.headers.accept ?? ''
    return answerRest(match, caller, { world, params: match.params, url, accept, body: parsed })
  }
  const answer = cut === 'before_response' ? undefined : await disturb(call, () => act().catch(toFailure))
  const status = cut === undefined && answer !== undefined ? answer.status : 0
  const { method, route } = call
  const requestBody = body === undefined ? {} : { requestBody: body }
  log.record({ method, path: url.pathname, route, status, actor: toActor(call.caller), ...requestBody })
  await world.faults.ofCalls.wait(call)
  if (answer === undefined || (cut !== undefined && cut !== 'in_body')) request.socket.destroy()
  else send(exchange, call, { ...answer, isCut: cut === 'in_body' })
}

function recognise({ world, request, url }: Exchange, bytes: Buffer): ApiCall {
  const method = request.method ?? 'GET'
  const path = url.pathname.replace(/^\/api(\/v3)?(?=\/|$)/, '') || '/'
  const match = findRoute(method, path)
  const isGraphql = method === 'POST' && path === '/graphql'
  const { caller, refusal } = admit(world, request.headers.authorization)
  const installationId = caller.kind === 'installation' ? caller.token.installation.id : undefined
  const asked = { method, url, bytes, isGraphql }
  return {
    world,
    method,
    match,
    bytes,
    caller,
    refusal,
    installationId,
    route: isGraphql ? 'POST /graphql' : (match?.route.route ?? unknownRoute),
    kind: isGraphql ? 'graphql' : 'rest',
    rateOwner: caller.kind === 'installation' ? caller.token.installation.id : caller.kind,
    question: toQuestion(asked, toActor(caller)),
    largestPage: largestPageOf(asked),
  }
}

function admit(world: World, header: string | undefined): Pick<ApiCall, 'caller' | 'refusal'> {
  try {
    return { caller: authenticate(world, header), refusal: undefined }
  } catch (error) {
    if (error instanceof ApiRefusal) return { caller: { kind: 'none' }, refusal: error }
    throw error
  }
}

function toFailure(error: unknown): Answer {
  if (error instanceof ApiRefusal) return toRefusalAnswer(error)
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return toRefusalAnswer(new ApiRefusal(500, `The fake GitHub broke: ${message}`))
}

function send(
  { world, response, request }: Exchange,
  { kind, rateOwner }: ApiCall,
  { status, json, raw, headers, isCut }: Answer & { readonly isCut: boolean },
): void {
  const body = raw ?? (json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)))
  const type =
    raw === undefined ? 'application/json; charset=utf-8' : 'application/vnd.github.raw; charset=utf-8'
  const resource = kind === 'graphql' ? 'graphql' : 'core'
  response.writeHead(status, {
    ...(body.length > 0 && { 'content-type': type }),
    'content-length': body.length,
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': `FAKE:${world.ids.next()}`,
    ...toRateHeaders(world.rateLimits.look(rateOwner, resource), resource),
    ...headers,
  })
  if (!isCut) response.end(body)
  else response.write(body.subarray(0, Math.ceil(body.length / 2)), () => request.socket.destroy())
}
