// Answers of requests that carried an Idempotency-Key, so that the same request sent again gets the same answer. Knows no
// HTTP server and no table.

/** A request as it is told apart from others: two with equal fields are the same request. */
export interface KeyedRequest {
  /** Keys of different actors never meet. */
  readonly actor: string
  readonly key: string
  readonly method: string
  /** With the query, as it was sent. */
  readonly path: string
  /** Hex. */
  readonly bodySha256: string
}

export interface KeptReply {
  readonly status: number
  readonly body: unknown
}

export type KeyOutcome =
  /** Nobody answers it at the moment, so the caller does; whoever did before is gone. */
  | { readonly kind: 'started' }
  | { readonly kind: 'answered'; readonly reply: KeptReply }
  /** This process is at it. */
  | { readonly kind: 'running' }
  /** The key was used for something else. */
  | { readonly kind: 'other_request' }

export interface Idempotency {
  /** Throws `DATABASE_UNAVAILABLE`. */
  begin(request: KeyedRequest): Promise<KeyOutcome>
  /** Ends what `begin` started: keeps the reply, or with null forgets the key. Throws `DATABASE_UNAVAILABLE`; the key is free then. */
  end(request: KeyedRequest, reply: KeptReply | null): Promise<void>
}
