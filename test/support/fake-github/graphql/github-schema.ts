// GitHub's published GraphQL schema, built once per process on first use: it is large.
import { readFile } from 'node:fs/promises'
import { buildClientSchema } from 'graphql'
import type { GraphQLSchema, IntrospectionQuery } from 'graphql'

let building: Promise<GraphQLSchema> | undefined

/** Returns GitHub's published schema. */
export function githubSchema(): Promise<GraphQLSchema> {
  building ??= buildGithubSchema()
  return building
}

async function buildGithubSchema(): Promise<GraphQLSchema> {
  // Its file and not the package, which reads it twice and builds a schema of its own.
  const file = new URL('schema.json', import.meta.resolve('@octokit/graphql-schema'))
  return buildClientSchema(decodeIntrospection(JSON.parse(await readFile(file, 'utf8'))))
}

function decodeIntrospection(json: unknown): IntrospectionQuery {
  if (typeof json !== 'object' || json === null || !('__schema' in json))
    throw new Error('The package holds no introspection of the schema.')
  return json as IntrospectionQuery
}
