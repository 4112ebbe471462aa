// Connections: cursors and pages as GraphQL clients of GitHub see them.
import { GraphQLError } from 'graphql'

/** The paging arguments of a connection. */
export type PageArguments = Readonly<Record<string, unknown>>

const largestPageSize = 100

/** Returns one page of a list as a connection; asks for `first` or `last`, as GitHub does. */
export function toConnection<T>(
  items: readonly T[],
  args: PageArguments,
  toNode: (item: T) => unknown,
): object {
  const first = readSize(args, 'first')
  const last = readSize(args, 'last')
  if (first === undefined && last === undefined) {
    throw new GraphQLError(
      'You must provide a `first` or `last` value to properly paginate the connection.',
      {
        extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' },
      },
    )
  }
  const from = Math.max(0, readCursor(args['after']) ?? 0)
  const to = Math.min(
    items.length,
    (readCursor(args['before']) ?? items.length + 1) - (args['before'] ? 1 : 0),
  )
  const start = first === undefined ? Math.max(from, to - (last ?? 0)) : from
  const end = first === undefined ? to : Math.min(to, from + first)
  const page = items
    .slice(start, end)
    .map((item, index) => ({ cursor: toCursor(start + index + 1), node: toNode(item) }))
  return {
    totalCount: items.length,
    edges: page,
    nodes: page.map(({ node }) => node),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: page.at(0)?.cursor ?? null,
      endCursor: page.at(-1)?.cursor ?? null,
    },
  }
}

function readSize(args: PageArguments, name: string): number | undefined {
  const value = args[name]
  if (typeof value !== 'number') return undefined
  if (value <= largestPageSize) return value
  throw new GraphQLError(
    `Requesting ${value} records exceeds the \`${name}\` limit of ${largestPageSize} records.`,
    {
      extensions: { type: 'EXCESSIVE_PAGINATION' },
    },
  )
}

function toCursor(position: number): string {
  return Buffer.from(`cursor:v2:${position}`).toString('base64')
}

function readCursor(cursor: unknown): number | undefined {
  if (typeof cursor !== 'string') return undefined
  const position = Number(Buffer.from(cursor, 'base64').toString().split(':').at(-1))
  return Number.isSafeInteger(position) ? position : undefined
}
