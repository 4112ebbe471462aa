// What belongs to one GraphQL call: who asks, what it costs, and what was read for it already.
import { GraphQLError } from 'graphql'
import type { Refs } from '../bare-git.ts'
import type { RateState } from '../http/rate-limits.ts'
import { permissionsOf } from '../installations.ts'
import type { InstallationToken } from '../installations.ts'
import type { Mergeable } from '../mergeability.ts'
import { hasPermission } from '../permissions.ts'
import type { PermissionNeed } from '../permissions.ts'
import type { FakePullRequest } from '../pull-request.ts'
import type { FakeRepository } from '../repository.ts'
import type { World } from '../world.ts'
import type { QueryCost } from './query-cost.ts'

/** One call. */
export class Ask {
  readonly world: World
  readonly token: InstallationToken
  readonly cost: QueryCost
  readonly rate: RateState
  readonly #refs = new Map<FakeRepository, Promise<Refs>>()
  readonly #mergeables = new Map<FakePullRequest, Promise<Mergeable>>()

  constructor(parts: { world: World; token: InstallationToken; cost: QueryCost; rate: RateState }) {
    this.world = parts.world
    this.token = parts.token
    this.cost = parts.cost
    this.rate = parts.rate
  }

  /** Returns the refs of a repository, read once in a call. */
  refs(repository: FakeRepository): Promise<Refs> {
    const known = this.#refs.get(repository) ?? repository.git.refs()
    this.#refs.set(repository, known)
    return known
  }

  /** Returns whether a pull request merges; every field of one call gets the same answer. */
  mergeable(pr: FakePullRequest): Promise<Mergeable> {
    const known = this.#mergeables.get(pr) ?? pr.mergeability.ask()
    this.#mergeables.set(pr, known)
    return known
  }

  /** Returns whether the token has one of the permissions. */
  may(...needs: readonly PermissionNeed[]): boolean {
    return needs.some((need) => hasPermission(permissionsOf(this.token), need))
  }

  /** Throws `FORBIDDEN` for a token with none of the permissions. */
  demand(...needs: readonly PermissionNeed[]): void {
    if (!this.may(...needs)) throw forbidden()
  }
}

/** Returns an error with the type that GitHub prints beside the message. */
export function typedError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } })
}

/** Returns the error for what a token may not see or do. */
export function forbidden(): GraphQLError {
  return typedError('FORBIDDEN', 'Resource not accessible by integration')
}

/** Returns the error for an id that names nothing the caller may see. */
export function unresolvable(id: string): GraphQLError {
  return typedError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`)
}
