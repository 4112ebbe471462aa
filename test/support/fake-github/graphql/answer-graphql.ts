// One GraphQL call: parsed, validated and executed against GitHub's schema, errors shaped as GitHub shapes them.
import { execute, GraphQLError, parse, specifiedRules, validate } from 'graphql'
import type { DocumentNode, GraphQLFieldResolver } from 'graphql'
import { ApiRefusal } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { Caller } from '../http/authenticate.ts'
import { isObject, requiredText } from '../http/request-body.ts'
import type { JsonObject } from '../http/request-body.ts'
import type { World } from '../world.ts'
import { githubSchema } from './github-schema.ts'
import { toRoot } from './root.ts'

type Resolver = (args: JsonObject) => unknown

/** Answers a GraphQL call; only installation tokens are let in. */
export async function answerGraphql(world: World, caller: Caller, body: JsonObject): Promise<Answer> {
  if (caller.kind !== 'installation')
    throw new ApiRefusal(401, 'This endpoint requires you to be authenticated.')
  const document = parseDocument(requiredText(body, 'query'))
  if (document instanceof GraphQLError) return { status: 200, json: { errors: [toErrorJson(document)] } }
  const schema = await githubSchema()
  const faults = validate(schema, document, specifiedRules)
  if (faults.length > 0) return { status: 200, json: { errors: faults.map(toErrorJson) } }
  const result = await execute({
    schema,
    document,
    rootValue: toRoot({ world, token: caller.token }),
    variableValues: isObject(body['variables']) ? body['variables'] : {},
    operationName: typeof body['operationName'] === 'string' ? body['operationName'] : null,
    fieldResolver: resolveField,
  })
  const errors = result.errors?.map(toErrorJson)
  return {
    status: 200,
    json: { ...(result.data !== undefined && { data: result.data }), ...(errors && { errors }) },
  }
}

// A field this fake has no answer for is an error and not null: a query must never pass by luck.
const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args: JsonObject, _context, info) => {
  if (!isObject(source) || !(info.fieldName in source)) {
    throw new GraphQLError(`The fake GitHub can not answer ${info.parentType.name}.${info.fieldName} yet.`)
  }
  const value = source[info.fieldName]
  return isResolver(value) ? value(args) : value
}

function isResolver(value: unknown): value is Resolver {
  return typeof value === 'function'
}

function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query)
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

// GitHub puts the type beside the message, not into the extensions.
function toErrorJson({ message, path, locations, extensions }: GraphQLError): Record<string, unknown> {
  const { type, ...rest } = extensions
  return {
    ...(type !== undefined && { type }),
    ...(path && { path }),
    ...(locations && { locations: locations.map(({ line, column }) => ({ line, column })) }),
    ...(Object.keys(rest).length > 0 && { extensions: rest }),
    message,
  }
}
