// Reads a request's body into memory, within limits. Knows nothing of what is in it.

import type { IncomingMessage } from 'node:http'
import { AppError } from '../domain/errors/app-error.ts'

/** Bytes of all bodies that may be in memory at the same time; a flood of unverified bodies must not use up the machine. */
export interface BodyBudget {
  readonly limitBytes: number
  usedBytes: number
}

interface ReadBodyOrder {
  readonly request: IncomingMessage
  readonly limitBytes: number
  readonly budget: BodyBudget
}

/**
 * Returns the raw bytes of the body.
 *
 * Throws `BODY_TOO_LARGE` on the declared or the real length, `SERVER_BUSY` when the budget is used up, `REQUEST_INVALID`
 * when the sender goes away. After a throw the rest is left unread.
 */
export async function readBody(order: ReadBodyOrder): Promise<Buffer> {
  const { request, limitBytes, budget } = order
  if (Number(request.headers['content-length'] ?? 0) > limitBytes)
    throw new AppError('BODY_TOO_LARGE', { limitBytes })
  if (request.destroyed && !request.readableEnded) throw brokenOff()
  const chunks: Buffer[] = []
  let length = 0
  try {
    await consume(request, (chunk) => {
      length += chunk.length
      budget.usedBytes += chunk.length
      if (length > limitBytes) return new AppError('BODY_TOO_LARGE', { limitBytes })
      if (budget.usedBytes > budget.limitBytes) return new AppError('SERVER_BUSY', {})
      chunks.push(chunk)
      return null
    })
    return Buffer.concat(chunks)
  } finally {
    budget.usedBytes -= length
  }
}

/** Feeds chunks until the end, or until `take` returns an error; does not destroy the request, so that a reply can be sent. */
function consume(request: IncomingMessage, take: (chunk: Buffer) => Error | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (error: Error | null): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      if (error === null) resolve()
      else reject(error)
    }
    const onData = (chunk: Buffer): void => {
      const error = take(chunk)
      if (error === null) return
      request.pause()
      stop(error)
    }
    const onEnd = (): void => stop(null)
    const onClose = (): void => stop(brokenOff())
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

function brokenOff(): AppError {
  return new AppError('REQUEST_INVALID', { reason: 'it ended before the body was complete' })
}
