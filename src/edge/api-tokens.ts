// Who a request is: bearer tokens and their names. Knows nothing of what the request wants.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { ApiToken } from '../domain/config/operator-config.ts'
import { AppError } from '../domain/errors/app-error.ts'
import { headerText, type HttpRequest } from './http-exchange.ts'

/** Returns the name of the token the request carries; throws `UNAUTHORIZED` when it carries none of ours. */
export function authenticate(tokens: readonly ApiToken[], request: HttpRequest): string {
  const given = /^Bearer +(\S+)\s*$/i.exec(headerText(request.headers, 'authorization') ?? '')?.[1]
  if (given === undefined) throw new AppError('UNAUTHORIZED', {})
  const givenDigest = digest(given)
  // Every token is compared, and as digests of one length: the time tells neither which one matched nor how long it is.
  const names = tokens
    .filter(({ token }) => timingSafeEqual(digest(token), givenDigest))
    .map(({ name }) => name)
  const [name] = names
  if (name === undefined) throw new AppError('UNAUTHORIZED', {})
  return name
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
