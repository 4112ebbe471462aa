// Serves described routes: who asks, whether the request is as described, and each keyed request once. Knows no route by
// name.

import type { ApiToken } from '../../domain/config/operator-config.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import { authenticate } from '../api-tokens.ts'
import { clientOf, type HttpReply, type HttpRequest, type Route } from '../http-exchange.ts'
import { answerOnce, keyedRequest, readKey, type OnceParts } from './answer-once.ts'
import { BODY_LIMIT_BYTES, checkRequest } from './check-request.ts'
import type { ApiRoute } from './define-route.ts'

export const API_PREFIX = '/api/v1'

export interface ServeParts extends OnceParts {
  /** Empty: the API is off and its addresses do not exist. */
  readonly tokens: readonly ApiToken[]
}

/** Returns the routes as the HTTP server takes them. */
export function serveApi<Parts>(
  routes: readonly ApiRoute<Parts>[],
  serving: ServeParts,
  parts: Parts,
): readonly Route[] {
  if (serving.tokens.length === 0) return []
  return routes.map((route) => ({
    method: route.description.method,
    pattern: `${API_PREFIX}${route.description.pattern}`,
    handle: (request) => serve(route, { serving, parts }, request),
  }))
}

async function serve<Parts>(
  route: ApiRoute<Parts>,
  { serving, parts }: { readonly serving: ServeParts; readonly parts: Parts },
  original: HttpRequest,
): Promise<HttpReply> {
  const actor = authenticate(serving.tokens, original)
  const request = { ...original, readBody: readOnce(original) }
  const key = route.description.method === 'GET' ? null : readKey(request)
  const requestKey = key === null ? {} : { requestKey: `${request.method} ${request.path} ${key}` }
  const caller = { actor, via: clientOf(request.headers), ...requestKey }
  const checked = await checkRequest(route.description, request)
  const answer = async (): Promise<HttpReply> => {
    const reply = await route.answer({ ...checked, caller, request }, parts)
    if (reply instanceof AppError) throw reply
    return reply
  }
  if (key === null) return answer()
  const bytes = await request.readBody(BODY_LIMIT_BYTES)
  const keyed = keyedRequest(request, { actor, key, bytes })
  return answerOnce(serving, { keyed, requestId: request.requestId }, answer)
}

/** Lets the body be read by whoever needs it: for its schema and for its digest. */
function readOnce(request: HttpRequest): HttpRequest['readBody'] {
  let body: Promise<Buffer> | null = null
  return (limitBytes) => (body ??= request.readBody(limitBytes))
}
