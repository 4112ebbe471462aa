// What a route sees of HTTP: a request, a reply. Knows no socket and no route.

import type { IncomingHttpHeaders } from 'node:http'

/** One request after routing. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  /** The values of the route's `{names}`, percent-decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly requestId: string
  /**
   * Reads the raw body.
   *
   * Throws `BODY_TOO_LARGE` as soon as it is certain, without buffering more, and `REQUEST_INVALID` when the sender stops early.
   */
  readBody(limitBytes: number): Promise<Buffer>
}

/** What a route answers; the body is sent as JSON. */
export interface HttpReply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One address. A failure is thrown; the server turns it into the error envelope. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** Literal segments and `{names}`: `/api/v1/pipelines/{id}`. */
  readonly pattern: string
  handle(request: HttpRequest): Promise<HttpReply>
}

/** Returns a header that must appear at most once, or null. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}

/** Tells whether the body is declared as JSON. */
export function isJson(headers: IncomingHttpHeaders): boolean {
  return /^\s*application\/json\s*(?:;|$)/i.test(headerText(headers, 'content-type') ?? '')
}

/** Tells whether our own command line asks, or somebody else's program. */
export function clientOf(headers: IncomingHttpHeaders): 'cli' | 'rest' {
  return headerText(headers, 'x-belay-client') === 'cli' ? 'cli' : 'rest'
}
