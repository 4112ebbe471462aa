// Every GraphQL call that was paid for or refused for its price, so that tests can count queries and points.
import type { OperationDefinitionNode } from 'graphql'
import type { QueryCost } from './graphql/query-cost.ts'

/** One call with its price. */
export interface GraphqlCall {
  readonly installationId: number
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly name: string | undefined
  readonly points: number
  readonly nodeCount: number
  /** True when the hour was used up: nothing was run and nothing was taken. */
  readonly isExceeded: boolean
}

/** The GraphQL calls of one fake GitHub, oldest first. */
export class GraphqlCalls {
  readonly list: GraphqlCall[] = []

  /** Records a call. */
  record(call: {
    readonly installationId: number
    readonly operation: OperationDefinitionNode
    readonly cost: QueryCost
    readonly isExceeded: boolean
  }): void {
    const { installationId, operation, cost, isExceeded } = call
    const { points, nodeCount } = cost
    const name = operation.name?.value
    this.list.push({ installationId, kind: operation.operation, name, points, nodeCount, isExceeded })
  }

  /** Returns how many calls were run and what they cost together, of one installation or of all. */
  total(installationId?: number): { readonly calls: number; readonly points: number } {
    const run = this.list.filter(
      (call) => !call.isExceeded && (installationId === undefined || call.installationId === installationId),
    )
    return { calls: run.length, points: run.reduce((sum, { points }) => sum + points, 0) }
  }
}
