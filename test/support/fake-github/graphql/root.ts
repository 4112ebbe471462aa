// The root fields of queries and mutations, each seeing only what the caller's token covers.
import { coversRepository } from '../installations.ts'
import { toActorNode } from './actor-node.ts'
import { typedError } from './ask.ts'
import type { Ask } from './ask.ts'
import type { Arguments } from './connection.ts'
import { findNodes, mustFindNode } from './find-node.ts'
import { toMutations } from './mutations.ts'
import { toRepositoryNode } from './repository-node.ts'

/** Returns the root object of an operation. */
export function toRoot(ask: Ask): object {
  return {
    rateLimit: () => toRateLimit(ask),
    viewer: () => toActorNode(ask.world, ask.world.app.bot),
    node: ({ id }: Arguments) => mustFindNode(ask, String(id)),
    nodes: ({ ids }: Arguments) => findNodes(ask, Array.isArray(ids) ? ids : []),
    repository: ({ owner, name }: Arguments) => findRepository(ask, String(owner), String(name)),
    ...toMutations(ask),
  }
}

function findRepository(ask: Ask, owner: string, name: string): object {
  const repository = ask.world.repositories.find(owner, name)
  if (repository !== undefined && coversRepository(ask.token, repository.id))
    return toRepositoryNode(ask, repository)
  throw typedError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
}

function toRateLimit({ cost, rate }: Ask): object {
  return {
    limit: rate.limit,
    cost: cost.points,
    used: rate.used,
    remaining: rate.remaining,
    nodeCount: cost.nodeCount,
    resetAt: new Date(rate.reset * 1000).toISOString().replace('.000Z', 'Z'),
  }
}
