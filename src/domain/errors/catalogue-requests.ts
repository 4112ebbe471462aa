// What is wrong with a request over HTTP, or with the process that should answer it.
// A part of the catalogue; no logic, no secrets.

import { define, type NoDetails } from './error-spec.ts'

/** One field of a request that is not as it must be. */
export interface FieldIssue {
  /** `path.id`, `query.limit`, `body.branch`, `header.idempotency-key`; the part alone when all of it is meant. */
  readonly field: string
  readonly problem: string
}

/** A part of the catalogue, sorted by code. */
export const REQUEST_ERRORS = {
  API_TOKEN_MISSING: define<NoDetails>({
    status: 401,
    title: 'No API token is set',
    message: () =>
      'The running process takes this through its REST interface, and that is off without BELAY_API_TOKEN.',
    hint: () =>
      'Set BELAY_API_TOKEN for both the running process and this command; questions can be answered on the pull request, too.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  BODY_TOO_LARGE: define<{ readonly limitBytes: number }>({
    status: 413,
    title: 'Body too large',
    message: (d) => `The body is larger than ${d.limitBytes} bytes.`,
    hint: () => 'Send a smaller body.',
    audience: 'operator',
    retry: 'never',
  }),
  EVENT_QUERY_INVALID: define<{ readonly parameter: string; readonly reason: string }>({
    status: 400,
    title: 'Event stream can not be asked for that',
    message: (d) => `\`${d.parameter}\` is not valid for the event stream: ${d.reason}.`,
    hint: () => 'Correct it and connect again; docs/events.md has every parameter.',
    audience: 'user',
    retry: 'after_fix',
  }),
  EVENT_STREAMS_FULL: define<{ readonly limit: number }>({
    status: 503,
    title: 'Too many event streams',
    message: (d) => `${d.limit} event streams are open, and that is the limit.`,
    hint: () => 'Close one that nobody reads, or connect again later; the position is not lost by waiting.',
    audience: 'user',
    retry: 'later',
  }),
  IDEMPOTENCY_KEY_IN_USE: define<{ readonly key: string }>({
    status: 409,
    title: 'The same request is still running',
    message: () => 'A request with this Idempotency-Key is still being answered.',
    hint: () => 'Send it again in a moment, with the same key, to get its answer.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  IDEMPOTENCY_KEY_REUSED: define<{ readonly key: string }>({
    status: 422,
    title: 'Idempotency key belongs to another request',
    message: () =>
      'This Idempotency-Key was used for another address or another body within the last day; nothing was done.',
    hint: () => 'Take a new key for every new request, and the old one only to repeat the same request.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  INTERNAL_ERROR: define<NoDetails>({
    status: 500,
    title: 'Internal error',
    message: () => 'Something went wrong inside Belay. Nothing was discarded.',
    hint: () => 'Try again; when it persists, look up the request id in the log.',
    audience: 'operator',
    retry: 'later',
  }),
  METHOD_NOT_ALLOWED: define<{ readonly allowed: string }>({
    status: 405,
    title: 'Method not allowed',
    message: (d) => `This address takes ${d.allowed} only.`,
    hint: () => 'Use the allowed method.',
    audience: 'operator',
    retry: 'never',
  }),
  NOT_READY: define<{ readonly failing: readonly string[] }>({
    status: 503,
    title: 'Not ready',
    message: (d) => `Belay can not take work at the moment; failing: ${d.failing.join(', ')}.`,
    hint: () => 'Ask again in a few seconds; when it persists, run `belay doctor`.',
    audience: 'operator',
    retry: 'later',
  }),
  REQUEST_INVALID: define<{
    readonly reason: string
    /** What is wrong field by field, when it is about fields. */
    readonly issues?: readonly FieldIssue[]
  }>({
    status: 400,
    title: 'Request is not valid',
    message: (d) => `The request can not be read: ${d.reason}.`,
    hint: () => 'Correct the request and send it again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  REQUEST_TIMEOUT: define<NoDetails>({
    status: 408,
    title: 'Request took too long',
    message: () => 'The request did not arrive completely in time.',
    hint: () => 'Send it again over a faster connection.',
    audience: 'operator',
    retry: 'later',
  }),
  ROUTE_NOT_FOUND: define<{ readonly path: string }>({
    status: 404,
    title: 'No such address',
    message: (d) => `There is nothing at ${d.path}.`,
    hint: () =>
      'The addresses are listed in docs/api.md; those below /api exist only when BELAY_API_TOKEN is set.',
    audience: 'operator',
    retry: 'never',
  }),
  SERVER_BUSY: define<NoDetails>({
    status: 503,
    title: 'Too much at the same time',
    message: () => 'Too many large requests are arriving at the same time; this one was not taken.',
    hint: () => 'Send it again later.',
    audience: 'operator',
    retry: 'later',
  }),
  SERVER_UNREACHABLE: define<{ readonly address: string }>({
    status: 503,
    title: 'Belay is not running here',
    message: (d) => `No Belay process answers at ${d.address}. Nothing was stored.`,
    hint: () => 'Start it with `npm start`, or correct HOST and PORT, then try again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  UNAUTHORIZED: define<NoDetails>({
    status: 401,
    title: 'Not authorised',
    message: () => 'The request carries no valid token.',
    hint: () => 'Send `Authorization: Bearer <token>` with a token from BELAY_API_TOKEN.',
    audience: 'operator',
    retry: 'after_fix',
  }),
} as const
