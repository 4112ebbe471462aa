// One GraphQL call: parsed, validated, paid for and executed against GitHub's schema, errors shaped as GitHub's.
import { execute, getOperationAST, getVariableValues, GraphQLError, parse } from 'graphql'
import { specifiedRules, validate } from 'graphql'
import type { DocumentNode, ExecutionResult, GraphQLFieldResolver } from 'graphql'
import { ApiRefusal } from '../http/answer.ts'
import type { Answer } from '../http/answer.ts'
import type { Caller } from '../http/authenticate.ts'
import { toRateHeaders } from '../http/rate-limits.ts'
import type { RateState } from '../http/rate-limits.ts'
import type { InstallationToken } from '../installations.ts'
import { isObject, requiredText } from '../http/request-body.ts'
import type { JsonObject } from '../http/request-body.ts'
import type { World } from '../world.ts'
import { Ask, typedError } from './ask.ts'
import { githubSchema } from './github-schema.ts'
import { checkPageArguments } from './page-arguments.ts'
import { costOf } from './query-cost.ts'
import type { Operation, QueryCost } from './query-cost.ts'
import { toRoot } from './root.ts'

type Resolver = (args: JsonObject) => unknown

interface Refused {
  readonly errors: readonly GraphQLError[]
}

const mostNodes = 500_000

/** Answers a GraphQL call; only installation tokens are let in. */
export async function answerGraphql(world: World, caller: Caller, body: JsonObject): Promise<Answer> {
  if (caller.kind !== 'installation')
    throw new ApiRefusal(401, 'This endpoint requires you to be authenticated.')
  const { token } = caller
  const { id } = token.installation
  const operation = await readOperation(body)
  if ('errors' in operation) return toAnswer(operation, world.rateLimits.look(id, 'graphql'))
  const cost = costOf(operation)
  if (cost.nodeCount > mostNodes) return toAnswer(tooManyNodes(cost), world.rateLimits.look(id, 'graphql'))
  const rate = world.rateLimits.take(id, 'graphql', cost.points)
  world.graphqlCalls.record({
    installationId: id,
    operation: operation.operation,
    cost,
    isExceeded: rate.isExceeded,
  })
  if (rate.isExceeded) return toAnswer(rateLimited(token), rate)
  const result = await run(operation, new Ask({ world, token, cost, rate }))
  return toAnswer(result, rate)
}

async function readOperation(body: JsonObject): Promise<Operation | Refused> {
  const document = parseDocument(requiredText(body, 'query'))
  if (document instanceof GraphQLError) return { errors: [document] }
  const schema = await githubSchema()
  const faults = validate(schema, document, specifiedRules)
  if (faults.length > 0) return { errors: faults }
  const name = typeof body['operationName'] === 'string' ? body['operationName'] : null
  const operation = getOperationAST(document, name)
  if (!operation) return { errors: [new GraphQLError('An operation name is required')] }
  const given = isObject(body['variables']) ? body['variables'] : {}
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], given)
  if (coerced === undefined) return { errors: errors ?? [] }
  return { schema, document, operation, variables: coerced }
}

async function run(
  { schema, document, operation, variables }: Operation,
  ask: Ask,
): Promise<ExecutionResult> {
  return execute({
    schema,
    document,
    rootValue: toRoot(ask),
    variableValues: variables,
    operationName: operation.name?.value ?? null,
    fieldResolver: resolveField,
  })
}

// A field this fake has no answer for is an error and not null: a query must never pass by luck.
const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args: JsonObject, _context, info) => {
  if (!isObject(source) || !(info.fieldName in source)) {
    throw new GraphQLError(`The fake GitHub can not answer ${info.parentType.name}.${info.fieldName} yet.`)
  }
  checkPageArguments(args, info)
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

function tooManyNodes({ nodeCount }: QueryCost): Refused {
  const [asked, most] = [nodeCount, mostNodes].map((count) => count.toLocaleString('en-US'))
  const message = `This query requests up to ${asked} possible nodes which exceeds the maximum limit of ${most}.`
  return { errors: [typedError('MAX_NODE_LIMIT_EXCEEDED', message)] }
}

function rateLimited({ installation }: InstallationToken): Refused {
  const message = `API rate limit already exceeded for installation ID ${installation.id}.`
  return { errors: [typedError('RATE_LIMITED', message)] }
}

function toAnswer(result: ExecutionResult | Refused, rate: RateState): Answer {
  const errors = result.errors?.map(toErrorJson)
  const data = 'data' in result ? { data: result.data } : {}
  return {
    status: 200,
    json: { ...data, ...(errors && { errors }) },
    headers: toRateHeaders(rate, 'graphql'),
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
