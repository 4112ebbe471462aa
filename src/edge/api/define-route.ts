// What a route of the REST interface is: one description, by which requests are checked and the OpenAPI document is made.
// Knows no route by name.

import type { z } from 'zod'
import type { AppError } from '../../domain/errors/app-error.ts'
import type { ErrorCode } from '../../domain/errors/catalogue.ts'
import type { HttpReply, HttpRequest } from '../http-exchange.ts'

/** Is one way a request can go well. */
export interface ReplySpec {
  readonly description: string
  readonly schema: z.ZodType
  /** Absent: JSON. */
  readonly contentType?: string
}
export type Replies = Readonly<Partial<Record<200 | 202, ReplySpec>>>

/** What a route says of itself; nothing in it needs a running program. */
export interface RouteDescription {
  readonly method: 'GET' | 'POST'
  /** Below the prefix: `/pipelines/{id}`. */
  readonly pattern: string
  /** Unique and permanent: programs are generated from it. */
  readonly name: string
  /** A few words, no full stop. */
  readonly summary: string
  readonly about?: string
  readonly tag: string
  readonly params?: z.ZodObject
  /** Absent: a query is not looked at. */
  readonly query?: z.ZodObject
  /** True when the route reads the query itself, because it refuses with an error of its own. */
  readonly readsQuery?: true
  /** Request headers beside the ones that every route knows, by lower-case name. */
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: z.ZodType }>>
  /** Absent: a body is not read. */
  readonly body?: z.ZodType
  readonly replies: Replies
  /** What it can refuse with, beside what any route can. */
  readonly errors: readonly ErrorCode[]
}

/** Is who asks, by the name of the token, and through what. */
export interface Caller {
  readonly actor: string
  readonly via: 'rest' | 'cli'
  /** What the caller calls this request, with the address it is for; absent without an Idempotency-Key. */
  readonly requestKey?: string
}

/** A request that was found to be as the description wants it. */
export interface Asked<Params, Query, Body> {
  readonly caller: Caller
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly request: HttpRequest
}

/** A route with what it does; `Parts` is what it needs of the program. */
export interface ApiRoute<in Parts> {
  readonly description: RouteDescription
  /** Returns a refusal as a value; throws only when the world is broken. */
  readonly answer: (asked: Asked<unknown, unknown, unknown>, parts: Parts) => Promise<HttpReply | AppError>
}

/** A value that nobody changes on its way out; the records it is made of are read-only as well. */
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

/** What a schema describes, as it is sent. */
export type View<Schema extends z.ZodType> = Frozen<z.input<Schema>>

type Read<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? z.output<Schema> : undefined

type ReplyOf<Spec extends Replies> = {
  readonly [Status in keyof Spec & (200 | 202)]: {
    readonly status: Status
    readonly body: Spec[Status] extends ReplySpec ? View<Spec[Status]['schema']> : never
    readonly headers?: HttpReply['headers']
    readonly stream?: HttpReply['stream']
  }
}[keyof Spec & (200 | 202)]

interface Definition<
  Parts,
  Spec extends Replies,
  Code extends ErrorCode,
  Params extends z.ZodObject | undefined,
  Query extends z.ZodObject | undefined,
  Body extends z.ZodType | undefined,
> extends Omit<RouteDescription, 'params' | 'query' | 'body' | 'replies' | 'errors'> {
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly replies: Spec
  readonly errors: readonly Code[]
  readonly handle: (
    asked: Asked<Read<Params>, Read<Query>, Read<Body>>,
    parts: Parts,
    // What it does must not widen what it says.
  ) => Promise<ReplyOf<NoInfer<Spec>> | AppError<NoInfer<Code>>>
}

/** Makes a route; the compiler sees to it that it answers and refuses with nothing but what it describes. */
export function defineRoute<
  Parts,
  const Spec extends Replies,
  const Code extends ErrorCode,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(definition: Definition<Parts, Spec, Code, Params, Query, Body>): ApiRoute<Parts> {
  const { handle, ...description } = definition
  return {
    description: description as RouteDescription,
    // Whoever serves the route hands in what the description's own schemas made of the request.
    answer: handle as unknown as ApiRoute<Parts>['answer'],
  }
}
