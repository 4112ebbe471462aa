// Puts an answer on the wire that is made while it is read, until it ends, the peer goes away, or the server closes.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpReply, Wire } from './http-exchange.ts'

/** Bytes that may wait in memory for one peer: enough for a burst, little enough for a hundred peers. */
const FULL_BYTES = 256 * 1024

interface StreamOrder {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly reply: HttpReply
  readonly stream: (wire: Wire) => Promise<void>
  /** Aborted when the server closes. */
  readonly closing: AbortSignal
}

/** Sends the head and runs the stream; resolves when it is over, also for a peer that has gone already. Never rejects. */
export async function sendStream(order: StreamOrder): Promise<void> {
  const { request, response, requestId, reply, stream, closing } = order
  if (!response.destroyed) {
    // A body nobody asked for.
    request.resume()
    response.writeHead(reply.status, {
      'x-content-type-options': 'nosniff',
      'x-request-id': requestId,
      connection: 'close',
      ...reply.headers,
    })
    response.flushHeaders()
  }
  const listeners: (() => void)[] = []
  const tell = (): void => listeners.forEach((listener) => listener())
  response.on('drain', tell).on('close', tell)
  closing.addEventListener('abort', tell)
  const isClosed = (): boolean => response.destroyed || closing.aborted
  try {
    await stream({
      write: (text) => {
        if (!isClosed()) response.write(text)
      },
      isFull: () => response.writableLength >= FULL_BYTES,
      isClosed,
      onChange: (listener) => void listeners.push(listener),
      cut: () => void response.destroy(),
    })
  } finally {
    closing.removeEventListener('abort', tell)
  }
  if (!response.destroyed) response.end()
}
