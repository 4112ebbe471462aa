// Makes the OpenAPI document from the descriptions of routes: the schemas that check requests are the ones that are
// shown. Knows no route by name.

import { z } from 'zod'
import { ERRORS, type ErrorCode } from '../../domain/errors/catalogue.ts'
import { KEY_HEADER, KEY_PATTERN, REPLAYED_HEADER } from './answer-once.ts'
import type { ReplySpec, RouteDescription } from './define-route.ts'

type Json = Readonly<Record<string, unknown>>

const COMPONENTS = '#/components/schemas/'

/** What any request can be refused with. */
const ANY_ERRORS: readonly ErrorCode[] = [
  'DATABASE_UNAVAILABLE',
  'INTERNAL_ERROR',
  'REQUEST_INVALID',
  'REQUEST_TIMEOUT',
  'UNAUTHORIZED',
]
/** What any request that changes something can be refused with, beside those. */
const CHANGE_ERRORS: readonly ErrorCode[] = [
  'BODY_TOO_LARGE',
  'DATABASE_RULE_BROKEN',
  'IDEMPOTENCY_KEY_IN_USE',
  'IDEMPOTENCY_KEY_REUSED',
  'SERVER_BUSY',
]

const envelope = z
  .object({
    error: z.string().describe('A few words.'),
    code: z.string().describe('Permanent; docs/errors.md has them all.'),
    message: z.string().describe('What happened and why.'),
    hint: z.string().describe('The one next action.'),
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).describe('They depend on the code.'),
  })
  .meta({ id: 'Error' })

/** Returns the document for routes below a prefix; the same routes give the same document. */
export function makeOpenApi(routes: readonly RouteDescription[], prefix: string): Json {
  const schemas = new Map<string, unknown>()
  const describe = describer(schemas)
  describe(z.object({ error: envelope }), 'output')
  const paths = new Map<string, Map<string, Json>>()
  for (const route of routes) {
    const methods = paths.get(route.pattern) ?? new Map<string, Json>()
    methods.set(route.method.toLowerCase(), toOperation(route, describe))
    paths.set(route.pattern, methods)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Belay',
      version: '1',
      summary: 'Sessions, pipelines, questions and pins of the coding agents on your pull requests.',
      description: 'docs/api.md explains tokens, errors, pages and Idempotency-Key by example.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: prefix }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries([...paths].map(([pattern, methods]) => [pattern, Object.fromEntries(methods)])),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of BELAY_API_TOKEN.' },
      },
      schemas: Object.fromEntries([...schemas].toSorted(([one], [other]) => one.localeCompare(other, 'en'))),
    },
  }
}

/** Returns every code a route can answer with, sorted. */
function errorCodesOf({ method, errors }: RouteDescription): readonly ErrorCode[] {
  const common = method === 'GET' ? ANY_ERRORS : [...ANY_ERRORS, ...CHANGE_ERRORS]
  return [...new Set([...common, ...errors])].toSorted((one, other) => one.localeCompare(other, 'en'))
}

type Describe = (schema: z.ZodType, io: 'input' | 'output') => Json

/** Returns a function that describes a schema and puts the named schemas in it among the components. */
function describer(components: Map<string, unknown>): Describe {
  return (schema, io) => {
    const made: Json = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
    const { $schema: _dialect, $defs, ...rest } = made
    for (const [name, definition] of Object.entries(Object($defs) as Json))
      components.set(name, withComponents(definition))
    return withComponents(rest) as Json
  }
}

function withComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponents)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    // The name is where the schema stands; `id` says nothing in this dialect.
    if (key === 'id' && typeof inner === 'string') return []
    if (key === '$ref' && typeof inner === 'string') return [[key, inner.replace(/^#\/\$defs\//, COMPONENTS)]]
    return [[key, withComponents(inner)]]
  })
  return Object.fromEntries(entries)
}

function toOperation(route: RouteDescription, describe: Describe): Json {
  const { name, summary, about, tag, body } = route
  const parameters = parametersOf(route, describe)
  return {
    operationId: name,
    summary,
    ...(about === undefined ? {} : { description: about }),
    tags: [tag],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: describe(body, 'input') } },
          },
        }),
    responses: { ...replyResponses(route, describe), ...errorResponses(route) },
  }
}

function parametersOf(
  { method, params, query, headers = {} }: RouteDescription,
  describe: Describe,
): readonly Json[] {
  const key = {
    name: KEY_HEADER,
    in: 'header',
    required: false,
    description: 'The same request with the same key is answered once; kept for 24 hours.',
    schema: { type: 'string', pattern: KEY_PATTERN },
  }
  return [
    ...fieldParameters(params, 'path', describe),
    ...fieldParameters(query, 'query', describe),
    ...Object.entries(headers).map(([name, { description, schema }]) => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: describe(schema, 'input'),
    })),
    ...(method === 'GET' ? [] : [key]),
  ]
}

function fieldParameters(
  fields: z.ZodObject | undefined,
  place: 'path' | 'query',
  describe: Describe,
): readonly Json[] {
  if (fields === undefined) return []
  const { properties, required } = describe(fields, 'input')
  const needed = Array.isArray(required) ? required : []
  return Object.entries(Object(properties) as Readonly<Record<string, Json>>).map(
    ([name, { description, ...schema }]) => ({
      name,
      in: place,
      required: place === 'path' || needed.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    }),
  )
}

function replyResponses({ method, replies }: RouteDescription, describe: Describe): Json {
  const replayed = {
    [REPLAYED_HEADER]: { description: 'The reply was kept from before.', schema: { const: 'true' } },
  }
  const toResponse = ({ description, schema, contentType = 'application/json' }: ReplySpec): Json => ({
    description,
    ...(method === 'GET' ? {} : { headers: replayed }),
    content: { [contentType]: { schema: describe(schema, 'output') } },
  })
  return Object.fromEntries(Object.entries(replies).map(([status, reply]) => [status, toResponse(reply)]))
}

/** One response a status, with the codes that can stand in it. */
function errorResponses(route: RouteDescription): Json {
  const codes = errorCodesOf(route)
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].toSorted(
    (one, other) => one - other,
  )
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      errorResponse(codes.filter((code) => ERRORS[code].status === status)),
    ]),
  )
}

function errorResponse(codes: readonly ErrorCode[]): Json {
  const schema = { allOf: [{ $ref: `${COMPONENTS}Error` }], properties: { code: { enum: codes } } }
  return {
    description: `${codes.map((code) => `${code}: ${ERRORS[code].title}`).join('. ')}.`,
    content: { 'application/json': { schema } },
  }
}
