// Checks a request against the description of its route. Knows no route by name; judges nothing but form.

import type { z } from 'zod'
import { AppError } from '../../domain/errors/app-error.ts'
import type { DetailsOf } from '../../domain/errors/catalogue.ts'
import { isJson, type HttpRequest } from '../http-exchange.ts'
import type { RouteDescription } from './define-route.ts'

type FieldIssue = NonNullable<DetailsOf<'REQUEST_INVALID'>['issues']>[number]

/** Ids, words and flags; sixteen kilobytes are plenty. */
export const BODY_LIMIT_BYTES = 16 * 1024
const MOST_ISSUES = 20
const LONGEST_PROBLEM = 200

export interface CheckedRequest {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** Returns what the schemas make of the request; throws `REQUEST_INVALID` or `BODY_TOO_LARGE`. */
export async function checkRequest(
  { params, query, readsQuery, body }: RouteDescription,
  request: HttpRequest,
): Promise<CheckedRequest> {
  return {
    params: params === undefined ? undefined : fit(params, request.params, 'path'),
    query:
      query === undefined || readsQuery === true ? undefined : fit(query, fieldsOf(request.query), 'query'),
    body: body === undefined ? undefined : fit(body, await readJson(request), 'body'),
  }
}

/** Returns the refusal of one field. */
export function invalidField(field: string, problem: string): AppError<'REQUEST_INVALID'> {
  return invalid([{ field, problem }])
}

function fit(schema: z.ZodType, given: unknown, part: string): unknown {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw invalid(
    result.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({
      field: [part, ...path.map(String)].join('.').slice(0, LONGEST_PROBLEM),
      problem: message.slice(0, LONGEST_PROBLEM),
    })),
  )
}

function fieldsOf(query: string): Readonly<Record<string, string>> {
  const given = new URLSearchParams(query)
  for (const name of given.keys()) {
    if (given.getAll(name).length > 1)
      throw invalidField(`query.${name.slice(0, 80)}`, 'it is given more than once')
  }
  return Object.fromEntries(given)
}

async function readJson(request: HttpRequest): Promise<unknown> {
  if (!isJson(request.headers))
    throw invalidField('header.content-type', 'the content type must be application/json')
  const text = (await request.readBody(BODY_LIMIT_BYTES)).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    // The reason is all there is to say; the parser's words would quote the body.
    throw invalidField('body', 'the body is not JSON')
  }
}

function invalid(issues: readonly FieldIssue[]): AppError<'REQUEST_INVALID'> {
  const [first] = issues
  const reason = first === undefined ? 'it is not as described' : `\`${first.field}\`: ${first.problem}`
  return new AppError('REQUEST_INVALID', { reason, issues })
}
