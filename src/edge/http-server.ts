// The HTTP server: request ids, routing, the error envelope, time limits, draining. Knows no route by name.

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError, isAppError, toEnvelope } from '../domain/errors/app-error.ts'
import { assertNever } from '../domain/assert-never.ts'
import type { Log } from '../ports/surroundings.ts'
import { findRoute } from './find-route.ts'
import type { HttpReply, HttpRequest, Route } from './http-exchange.ts'
import { readBody, type BodyBudget } from './read-body.ts'
import { sendReply } from './send-reply.ts'
import { sendStream } from './send-stream.ts'

export interface HttpServerOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly routes: readonly Route[]
  readonly log: Log
  readonly limits?: Partial<HttpLimits>
}

export interface HttpLimits {
  /** From the first byte to the end of the headers. */
  readonly headersTimeoutMs: number
  /** From the first byte to the end of the body. GitHub itself gives up after 10 s. */
  readonly requestTimeoutMs: number
  /** How long requests that are being answered may still take after `close`. */
  readonly drainMs: number
  /** All bodies in memory together. */
  readonly bodyBudgetBytes: number
}

export interface HttpServer {
  readonly address: { readonly host: string; readonly port: number }
  /** Takes no new connections, lets running requests end, and cuts what is left after the drain time. */
  close(): Promise<void>
}

const DEFAULT_LIMITS: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  drainMs: 10_000,
  bodyBudgetBytes: 256 * 1024 * 1024,
}

interface ServerState {
  readonly options: HttpServerOptions
  readonly budget: BodyBudget
  /** Sockets with an answer on its way: nothing else may be written to them. */
  readonly answering: WeakSet<Duplex>
  /** Aborted when the server begins to close: streams end then. */
  readonly closing: AbortController
  isDraining: boolean
}

/** Starts the server; rejects when the address can not be taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const budget = { limitBytes: limits.bodyBudgetBytes, usedBytes: 0 }
  const closing = new AbortController()
  const state: ServerState = { options, budget, answering: new WeakSet(), closing, isDraining: false }
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs, limits.requestTimeoutMs),
    keepAliveTimeout: 5_000,
  })
  server.on('request', (request, response) => void exchange(state, request, response))
  server.on('clientError', (error, socket) => refuseBroken(state, error, socket))
  // A peer that neither sends nor reads is let go.
  server.setTimeout(limits.requestTimeoutMs * 2)
  await listen(server, options)
  return {
    address: { host: options.host, port: portOf(server) },
    async close() {
      state.isDraining = true
      state.closing.abort()
      await drain(server, limits.drainMs)
    },
  }
}

/** Serves one request from arrival to the end of its reply; never rejects. */
async function exchange(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log } = state.options
  const requestId = randomUUID()
  const url = request.url ?? '/'
  const path = url.split('?', 1)[0] ?? '/'
  const query = url.slice(path.length + 1)
  // Without a listener a peer that goes away would end the process.
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  let reply: HttpReply
  try {
    reply = await answer(state, request, { path, query, requestId })
  } catch (error) {
    const { status, body } = toEnvelope(error, requestId)
    reply = { status, body, headers: headersOf(error) }
    noteFailure(log, { error, requestId, path, status })
  }
  state.answering.add(request.socket)
  const connection = state.isDraining ? 'close' : 'keep'
  const { stream } = reply
  if (stream === undefined) await sendReply({ request, response, requestId, reply, connection })
  else await sendStream({ request, response, requestId, reply, stream, closing: state.closing.signal })
  state.answering.delete(request.socket)
}

async function answer(
  state: ServerState,
  request: IncomingMessage,
  at: Pick<HttpRequest, 'path' | 'query' | 'requestId'>,
): Promise<HttpReply> {
  const method = request.method ?? 'GET'
  const match = findRoute(state.options.routes, method, at.path)
  switch (match.kind) {
    case 'not_found':
      throw new AppError('ROUTE_NOT_FOUND', { path: at.path.slice(0, 200) })
    case 'bad_path':
      throw new AppError('REQUEST_INVALID', { reason: 'the address has a broken percent sequence' })
    case 'wrong_method':
      if (method === 'OPTIONS')
        return { status: 204, body: null, headers: { allow: methodsOf(match.allowed) } }
      throw new AppError('METHOD_NOT_ALLOWED', { allowed: match.allowed.join(', ') })
    case 'found': {
      const read = (limitBytes: number): Promise<Buffer> =>
        readBody({ request, limitBytes, budget: state.budget })
      const asked: HttpRequest = {
        ...at,
        method,
        params: match.params,
        headers: request.headers,
        readBody: read,
      }
      return await match.route.handle(asked)
    }
    default:
      return assertNever(match)
  }
}

/** `GET` answers `HEAD` as well, and every address that exists answers `OPTIONS`. */
function methodsOf(allowed: readonly string[]): string {
  const withHead = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return [...withHead, 'OPTIONS'].join(', ')
}

function headersOf(error: unknown): Readonly<Record<string, string>> {
  if (isAppError(error, 'METHOD_NOT_ALLOWED')) return { allow: error.details.allowed }
  if (isAppError(error, 'UNAUTHORIZED')) return { 'www-authenticate': 'Bearer' }
  if (isAppError(error, 'EVENT_STREAMS_FULL')) return { 'retry-after': '10' }
  if (isAppError(error, 'IDEMPOTENCY_KEY_IN_USE')) return { 'retry-after': '1' }
  return {}
}

/** Our own refusals are worth a line; foreign errors are logged in full here because nobody outside sees them. */
function noteFailure(
  log: Log,
  failure: {
    readonly error: unknown
    readonly requestId: string
    readonly path: string
    readonly status: number
  },
): void {
  const { error, requestId, path, status } = failure
  if (isAppError(error) && status < 500) {
    log.info({ requestId, path: path.slice(0, 200), status, code: error.code }, 'request refused')
    return
  }
  log.error({ requestId, path: path.slice(0, 200), status, err: error }, 'request failed')
}

/** Answers what Node could not even parse, in our envelope; there is no request object for it. */
function refuseBroken(state: ServerState, error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable || state.answering.has(socket) || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const refusal =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? new AppError('REQUEST_TIMEOUT', {})
      : new AppError('REQUEST_INVALID', { reason: 'it is not HTTP as this server understands it' })
  const { status, body } = toEnvelope(refusal, randomUUID())
  const text = JSON.stringify(body)
  const title = status === 408 ? 'Request Timeout' : 'Bad Request'
  const head = `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
}

function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address()
  return address === null || typeof address === 'string' ? 0 : address.port
}

function drain(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
