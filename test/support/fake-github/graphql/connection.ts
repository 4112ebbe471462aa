// Connections: cursors and pages as GraphQL clients of GitHub see them. A cursor names an item and not a position, so
// that a page after it neither skips nor repeats anything when items come and go.

import { isObject } from '../http/request-body.ts'

/** The arguments of a field. */
export type Arguments = Readonly<Record<string, unknown>>

/** The order of a list; without one it is by id. */
export interface Order<T> {
  readonly value: (item: T) => string | number
  readonly isDescending?: boolean
}

/** An item of a list. */
export interface Listed {
  readonly id: number
}

/** What to make a connection of. */
export interface ConnectionParts<T extends Listed> {
  readonly items: readonly T[]
  readonly args: Arguments
  /** An error stands for an item that the caller may not see. */
  readonly toNode: (item: T) => object
  readonly order?: Order<T>
}

type Position = readonly [value: string | number, id: number]

/** Returns one page of a list as a connection; the arguments were checked before. */
export function toConnection<T extends Listed>(parts: ConnectionParts<T>): object {
  const { items, args, toNode, order } = parts
  const position = (item: T): Position => [order === undefined ? 0 : order.value(item), item.id]
  const sign = order?.isDescending ? -1 : 1
  const compare = (one: Position, other: Position): number => sign * comparePositions(one, other)
  const sorted = items.toSorted((one, other) => compare(position(one), position(other)))
  const [after, before] = [readCursor(args['after']), readCursor(args['before'])]
  const isWithin = (item: T): boolean =>
    (after === undefined || compare(position(item), after) > 0) &&
    (before === undefined || compare(position(item), before) < 0)
  const within = sorted.filter(isWithin)
  const page = toPage(within, args)
  const edges = page.map((item) => ({ cursor: toCursor(position(item)), node: () => toNode(item) }))
  return {
    totalCount: items.length,
    edges,
    nodes: () => page.map((item) => nodeOrError(() => toNode(item))),
    pageInfo: {
      hasNextPage: page.length > 0 && page.at(-1) !== sorted.at(-1),
      hasPreviousPage: page.length > 0 && page[0] !== sorted[0],
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** Returns an input object, or an empty one for none. */
export function toObject(value: unknown): Arguments {
  return isObject(value) ? value : {}
}

function toPage<T>(items: readonly T[], { first, last }: Arguments): readonly T[] {
  if (typeof first === 'number') return items.slice(0, first)
  return typeof last === 'number' ? items.slice(-last) : []
}

// An error in place of an item makes that item null and leaves the others.
function nodeOrError(make: () => object): object {
  try {
    return make()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function comparePositions([one, oneId]: Position, [other, otherId]: Position): number {
  if (one !== other) return one < other ? -1 : 1
  return oneId - otherId
}

function toCursor(position: Position): string {
  return Buffer.from(`cursor:v2:${JSON.stringify(position)}`).toString('base64')
}

function readCursor(cursor: unknown): Position | undefined {
  if (typeof cursor !== 'string') return undefined
  const text = Buffer.from(cursor, 'base64').toString().slice('cursor:v2:'.length)
  try {
    const [value, id]: unknown[] = JSON.parse(text) as unknown[]
    if ((typeof value === 'string' || typeof value === 'number') && typeof id === 'number') return [value, id]
  } catch {
    // Told below, like every other text that is no cursor.
  }
  throw new Error(`\`${cursor}\` does not appear to be a valid cursor.`)
}
