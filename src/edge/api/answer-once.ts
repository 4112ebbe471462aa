// Answers a request with an Idempotency-Key once: the same request again gets the same answer. Knows no route.

import { createHash } from 'node:crypto'
import { assertNever } from '../../domain/assert-never.ts'
import { AppError, isAppError, toEnvelope } from '../../domain/errors/app-error.ts'
import type { Idempotency, KeptReply, KeyedRequest } from '../../ports/idempotency.ts'
import type { Log } from '../../ports/surroundings.ts'
import { headerText, type HttpReply, type HttpRequest } from '../http-exchange.ts'
import { invalidField } from './check-request.ts'

export const KEY_HEADER = 'idempotency-key'
export const REPLAYED_HEADER = 'idempotency-replayed'
/** Visible ASCII. A header that was sent twice holds a blank and is refused as well. */
export const KEY_PATTERN = '^[!-~]{1,255}$'

/** Refusals that say nothing about the request itself: the same request may well be taken a moment later. */
const PASSING = [408, 413, 429]

export interface OnceParts {
  readonly idempotency: Idempotency
  readonly log: Log
}

/** Returns the key of a request, or null; throws `REQUEST_INVALID`. */
export function readKey(request: HttpRequest): string | null {
  const key = headerText(request.headers, KEY_HEADER)
  if (key === null || new RegExp(KEY_PATTERN, 'u').test(key)) return key
  throw invalidField(`header.${KEY_HEADER}`, 'it must be 1 to 255 visible ASCII characters')
}

/** Returns the request as it is told apart from others under the same key. */
export function keyedRequest(
  request: HttpRequest,
  { actor, key, bytes }: { readonly actor: string; readonly key: string; readonly bytes: Uint8Array },
): KeyedRequest {
  const { method, path, query } = request
  return {
    actor,
    key,
    method,
    path: query === '' ? path : `${path}?${query}`,
    bodySha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

/** Answers, or sends again what was answered; throws `IDEMPOTENCY_KEY_IN_USE`, `IDEMPOTENCY_KEY_REUSED` and what `answer` throws. */
export async function answerOnce(
  parts: OnceParts,
  { keyed, requestId }: { readonly keyed: KeyedRequest; readonly requestId: string },
  answer: () => Promise<HttpReply>,
): Promise<HttpReply> {
  const { key } = keyed
  const begun = await parts.idempotency.begin(keyed)
  switch (begun.kind) {
    case 'answered':
      return { ...begun.reply, headers: { [REPLAYED_HEADER]: 'true' } }
    case 'running':
      throw new AppError('IDEMPOTENCY_KEY_IN_USE', { key })
    case 'other_request':
      throw new AppError('IDEMPOTENCY_KEY_REUSED', { key })
    case 'started':
      return answerAndKeep(parts, { keyed, requestId }, answer)
    default:
      return assertNever(begun)
  }
}

async function answerAndKeep(
  parts: OnceParts,
  { keyed, requestId }: { readonly keyed: KeyedRequest; readonly requestId: string },
  answer: () => Promise<HttpReply>,
): Promise<HttpReply> {
  try {
    const reply = await answer()
    await keep(parts, keyed, { status: reply.status, body: reply.body })
    return reply
  } catch (error) {
    await keep(parts, keyed, isAppError(error) ? toEnvelope(error, requestId) : null)
    throw error
  }
}

/** A reply that can not be kept is sent all the same: it is true, and the work behind it is done. */
async function keep(
  { idempotency, log }: OnceParts,
  keyed: KeyedRequest,
  reply: KeptReply | null,
): Promise<void> {
  const isKept =
    reply !== null && reply.status !== 202 && reply.status < 500 && !PASSING.includes(reply.status)
  try {
    await idempotency.end(keyed, isKept ? reply : null)
  } catch (error) {
    log.warn({ err: error, path: keyed.path.slice(0, 200) }, 'reply_not_kept')
  }
}
