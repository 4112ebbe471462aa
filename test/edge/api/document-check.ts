// Holds replies and requests against the OpenAPI document, with a validator that knows nothing of our schemas.

import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApiDocument } from '../../../src/edge/api/api-routes.ts'

type Json = Readonly<Record<string, unknown>>

export interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Json }[]
  readonly requestBody?: Json
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>
}

export interface OpenApi {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** The document as a client gets it: through JSON. */
export const DOCUMENT = JSON.parse(JSON.stringify(openApiDocument())) as OpenApi
const PREFIX = DOCUMENT.servers[0]?.url ?? ''

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema(DOCUMENT, 'document')

interface Place {
  readonly pattern: string
  readonly method: string
}

/** Returns where the document has an address; null when it does not have it with this method. */
export function placeOf(method: string, path: string): Place | null {
  const given = (path.split('?')[0] ?? '').split('/')
  const wanted = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase()
  const pattern = Object.keys(DOCUMENT.paths).find((one) => {
    const parts = `${PREFIX}${one}`.split('/')
    return (
      parts.length === given.length && parts.every((part, at) => part.startsWith('{') || part === given[at])
    )
  })
  return pattern === undefined || DOCUMENT.paths[pattern]?.[wanted] === undefined
    ? null
    : { pattern, method: wanted }
}

export interface ShownReply {
  readonly status: number
  readonly contentType: string
  readonly body: unknown
}

/** Returns what the document does not know of a reply; an address it does not have may only be refused. */
export function faultsOfReply(place: Place | null, reply: ShownReply): readonly string[] {
  if (place === null) {
    const { code } = Object(reply.body) as { readonly code?: string }
    const isRefused = code === 'ROUTE_NOT_FOUND' || code === 'METHOD_NOT_ALLOWED'
    return isRefused ? [] : [`an address that is not in the document answers with ${reply.status}`]
  }
  const response = DOCUMENT.paths[place.pattern]?.[place.method]?.responses[String(reply.status)]
  if (response === undefined) return [`status ${reply.status} is not in the document`]
  const mime = reply.contentType.split(';')[0] ?? ''
  if (!(mime in response.content)) return [`${mime} is not in the document for ${reply.status}`]
  return faultsOf(schemaAt(place, 'responses', String(reply.status), 'content', mime, 'schema'), reply.body)
}

/** Tells whether the document allows a body. */
export function allowsBody(place: Place, body: unknown): boolean {
  return faultsOf(schemaAt(place, 'requestBody', 'content', 'application/json', 'schema'), body).length === 0
}

/** Tells whether a schema of the document, found in it or built with its names, allows a value. */
export function faultsOf(reference: string, value: unknown): readonly string[] {
  const validate = ajv.getSchema(reference) ?? ajv.compile({ $ref: reference })
  if (validate(value) === true) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}

/** Returns the address of a schema in the document. */
export function schemaAt(place: Place, ...rest: readonly string[]): string {
  const steps = ['paths', place.pattern, place.method, ...rest]
  return `document#/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
}
