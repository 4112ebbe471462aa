// GitHub's published GraphQL schema, built once per process on first use: it is large.
import { buildClientSchema } from 'graphql'
import type { GraphQLSchema, IntrospectionQuery } from 'graphql'

let building: Promise<GraphQLSchema> | undefined

/** Returns GitHub's published schema. */
export function githubSchema(): Promise<GraphQLSchema> {
  building ??= buildGithubSchema()
  return building
}

async function buildGithubSchema(): Promise<GraphQLSchema> {
  const { schema } = await import('@octokit/graphql-schema')
  return buildClientSchema(decodeIntrospection(schema.json))
}

function decodeIntrospection(json: object): IntrospectionQuery {
  if (!('__schema' in json)) throw new Error('The package holds no introspection of the schema.')
  return json as IntrospectionQuery
}
