// Puts a reply on the wire, also when the request was not read to its end. Knows no route.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpReply } from './http-exchange.ts'

/** How long the rest of a refused body is thrown away, so that the sender sees the answer and not a reset connection. */
const LINGER_MS = 1_000

interface SendOrder {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly reply: HttpReply
  /** `close` while the server drains. */
  readonly connection: 'keep' | 'close'
}

/** Sends the reply and resolves when the exchange is over; never rejects. */
export async function sendReply(order: SendOrder): Promise<void> {
  const { request, response, requestId, reply } = order
  if (response.destroyed || response.headersSent) return
  const isUnread = !request.complete
  const bytes = reply.status === 204 ? null : Buffer.from(JSON.stringify(reply.body))
  if (isUnread || order.connection === 'close') response.setHeader('connection', 'close')
  response.writeHead(reply.status, {
    ...(bytes === null
      ? {}
      : { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...reply.headers,
  })
  if (bytes !== null) response.write(bytes)
  // The connection is closed by end(), so the sender gets the whole answer first.
  if (isUnread) await discardRest(request)
  response.end()
}

function discardRest(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (request.destroyed) return resolve()
    const timer = setTimeout(resolve, LINGER_MS)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    request.once('end', done).once('close', done)
    request.resume()
  })
}
