// What a call to GitHub that did not succeed means: refused for good, limited for a while, or no usable answer. The
// only file that reads octokit's errors; nothing above sees their types.

import { GraphqlResponseError } from '@octokit/graphql'
import { assertNever } from '../../domain/assert-never.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import { redactSecrets } from '../../domain/redact-secrets.ts'
import type { SendOutcome } from '../../ports/github.ts'

export type CallFailure =
  /** 401, 403, 404, 410, 422: no repetition will help. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string; readonly cause: unknown }
  /** GitHub asks to wait. */
  | {
      readonly kind: 'rate_limited'
      readonly afterMs: number
      readonly message: string
      readonly cause: unknown
    }
  /** 5xx, broken connections, time-outs. */
  | { readonly kind: 'unavailable'; readonly message: string; readonly cause: unknown }

/** What a call came back with. */
export type Called<T> = { readonly kind: 'answered'; readonly value: T } | CallFailure

const PERMANENT: readonly number[] = [401, 403, 404, 410, 422]
/** GitHub asks for a minute when it does not say how long. */
const DEFAULT_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 60 * 60_000
const SHORTEST_WAIT_MS = 1000
const MESSAGE_LENGTH = 300

// GraphQL answers 200 with typed errors; these are the statuses REST would have given.
const GRAPHQL_STATUS: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  INSUFFICIENT_SCOPES: 403,
  UNAUTHORIZED: 401,
  UNPROCESSABLE: 422,
  ARCHIVED: 403,
}

type Headers = Readonly<Record<string, unknown>>

/** An error of a GraphQL answer; `path` leads to the field that is missing, and is empty for the whole answer. */
export interface GraphqlFault {
  readonly type: string | null
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What an answer brought, and what is missing in it. */
export interface PartialAnswer {
  readonly data: unknown
  readonly faults: readonly GraphqlFault[]
}

/** Returns what an answer with errors still brought, or null when it brought nothing or the limit is used up. */
export function readPartialAnswer(error: unknown): PartialAnswer | null {
  if (!(error instanceof GraphqlResponseError)) return null
  const data: unknown = error.data
  if (data === null || data === undefined || isGraphqlRateLimit(error)) return null
  const faults = (error.errors ?? []).map(({ type, path, message }) => ({
    // Absent on errors of the machine, whatever the published types say.
    type: (type as string | undefined) ?? null,
    path: (path as readonly (string | number)[] | undefined) ?? [],
    message: redactSecrets(message).slice(0, MESSAGE_LENGTH),
  }))
  return { data, faults }
}

/** Returns the status REST would have given for a type of GraphQL error, or null when it says nothing lasting. */
export function statusOfType(type: string | null): number | null {
  return type === null ? null : (GRAPHQL_STATUS[type] ?? null)
}

/** Reads what octokit threw; `now` is milliseconds since 1970. */
export function readFailure(error: unknown, now: number): CallFailure {
  if (error instanceof GraphqlResponseError) return readGraphqlFailure(error, now)
  const message = messageOf(error)
  const status = statusOf(error)
  const headers = headersOf(error)
  if (headers !== null && isThrottledGraphql(error)) {
    return { kind: 'rate_limited', afterMs: waitOf(headers, now), message, cause: error }
  }
  if (headers === null || status === null) return { kind: 'unavailable', message, cause: error }
  if (isRateLimit({ status, headers, message })) {
    return { kind: 'rate_limited', afterMs: waitOf(headers, now), message, cause: error }
  }
  if (PERMANENT.includes(status)) return { kind: 'refused', status, message, cause: error }
  return { kind: 'unavailable', message: `status ${status}`, cause: error }
}

/** Returns what the outbox does about a failure. */
export function toOutcome(failure: CallFailure): Exclude<SendOutcome, { kind: 'sent' }> {
  if (failure.kind === 'refused') return { kind: 'refused', status: failure.status, message: failure.message }
  const afterMs = failure.kind === 'rate_limited' ? failure.afterMs : SHORTEST_WAIT_MS
  return { kind: 'try_later', afterMs, message: failure.message }
}

/** Returns the error for a failure of a read; `route` names the call without its values. */
export function toAppError(failure: CallFailure, route: string): AppError {
  const options = { cause: failure.cause }
  switch (failure.kind) {
    case 'refused':
      return new AppError('GITHUB_REFUSED', { status: failure.status, route }, options)
    case 'rate_limited':
      return new AppError('GITHUB_RATE_LIMITED', { retryAfterMs: failure.afterMs }, options)
    case 'unavailable':
      return new AppError('GITHUB_UNAVAILABLE', { route, reason: failure.message }, options)
    default:
      return assertNever(failure)
  }
}

function readGraphqlFailure(error: GraphqlResponseError<unknown>, now: number): CallFailure {
  const message = messageOf(error)
  const types = (error.errors ?? []).map((each) => each.type)
  if (isGraphqlRateLimit(error)) {
    return { kind: 'rate_limited', afterMs: waitOf(error.headers, now), message, cause: error }
  }
  const status = types.map((type) => GRAPHQL_STATUS[type]).find((known) => known !== undefined)
  if (status === undefined) return { kind: 'unavailable', message, cause: error }
  return { kind: 'refused', status, message, cause: error }
}

function isGraphqlRateLimit({ errors }: GraphqlResponseError<unknown>): boolean {
  return (errors ?? []).some(
    ({ type, message }) => type === 'RATE_LIMITED' || /secondary rate limit/iu.test(message),
  )
}

/** The throttle makes an error of its own of a GraphQL answer that says the limit is used up; it has no status. */
function isThrottledGraphql(error: unknown): boolean {
  if (!(error instanceof Error) || !('data' in error)) return false
  const { errors } = (error.data ?? {}) as { readonly errors?: unknown }
  return (
    Array.isArray(errors) && errors.some((each: { readonly type?: unknown }) => each.type === 'RATE_LIMITED')
  )
}

function isRateLimit(answer: {
  readonly status: number
  readonly headers: Headers
  readonly message: string
}): boolean {
  const { status, headers, message } = answer
  if (status === 429) return true
  // Content limits come as a validation error without a header.
  if (status === 422) return /submitted too quickly/iu.test(message)
  if (status !== 403) return false
  return (
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0' ||
    /secondary rate limit|abuse detection/iu.test(message)
  )
}

function waitOf(headers: Headers, now: number): number {
  const retryAfter = Number(headers['retry-after'])
  const reset = Number(headers['x-ratelimit-reset'])
  const isUsedUp = String(headers['x-ratelimit-remaining']) === '0'
  const wait = readWait({ retryAfter, untilReset: isUsedUp ? reset * 1000 - now : Number.NaN })
  return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS)
}

function readWait(asked: { readonly retryAfter: number; readonly untilReset: number }): number {
  if (Number.isFinite(asked.retryAfter)) return asked.retryAfter * 1000
  // One second more: the reset is given in whole seconds.
  return Number.isFinite(asked.untilReset) ? asked.untilReset + 1000 : DEFAULT_WAIT_MS
}

function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null
}

/** Returns the headers of GitHub's answer, or null when none arrived. */
function headersOf(error: unknown): Headers | null {
  if (typeof error !== 'object' || error === null || !('response' in error)) return null
  const { response } = error
  if (typeof response !== 'object' || response === null || !('headers' in response)) return null
  const { headers } = response
  return typeof headers === 'object' && headers !== null ? { ...headers } : {}
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return redactSecrets(message.replace(/\s+/gu, ' ')).slice(0, MESSAGE_LENGTH)
}
