// What a route sees of HTTP: a request, a reply. Knows no socket and no route.

import type { IncomingHttpHeaders } from 'node:http'

/** One request after routing. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  /** What follows the question mark, as it was sent; empty without one. */
  readonly query: string
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

/** What a route answers; the body is sent as JSON, and with status 204 not at all. */
export interface HttpReply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Writes the answer bit by bit instead of `body`, until it resolves. Is always called, and must not reject. */
  readonly stream?: (wire: Wire) => Promise<void>
}

/** The way to a peer that reads an answer while it is being made. */
export interface Wire {
  /** Sends text, or keeps it in memory until the peer takes it; nothing happens once the wire is closed. */
  write(text: string): void
  /** True while so much waits in memory that nothing should be added. */
  isFull(): boolean
  /** True when the peer is gone or the server closes. */
  isClosed(): boolean
  /** Has the listener called whenever `isFull` or `isClosed` may have changed. */
  onChange(listener: () => void): void
  /** Breaks the connection and drops what waits. */
  cut(): void
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
