// Makes one GraphQL read: in turn, within the budget, and with whatever part of an answer there is. Knows no query.

import type { ReadFailure, ReadPriority } from '../../ports/github.ts'
import { readPartialAnswer, toOutcome } from './call-failure.ts'
import type { Called, GraphqlFault, PartialAnswer } from './call-failure.ts'
import type { Calls } from './github-calls.ts'
import type { RateBudget } from './rate-budget.ts'
import type { ReadGate } from './read-gate.ts'

/** What was read, with what is missing in it. */
export interface ReadAnswer<T> {
  readonly kind: 'answered'
  readonly data: T
  readonly faults: readonly GraphqlFault[]
  /** Points. */
  readonly cost: number
}

export type ReadResult<T> =
  | ReadAnswer<T>
  /** 5xx, time-outs: a smaller page may succeed. */
  | { readonly kind: 'unavailable'; readonly failure: ReadFailure }
  /** Nothing smaller would help. */
  | { readonly kind: 'failed'; readonly failure: ReadFailure }

export interface ReadOrder {
  readonly installationId: number
  readonly priority: ReadPriority
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Reads with GraphQL; `T` is what the text asks for, in the shape GitHub's schema gives it. */
export type ReadGraphql = <T>(order: ReadOrder) => Promise<ReadResult<T>>

interface RateLimitField {
  readonly cost: number
  readonly limit: number
  readonly remaining: number
  readonly resetAt: string
}

/** What reading needs. */
export interface ReadTools {
  readonly calls: Calls
  readonly budget: RateBudget
  readonly gate: ReadGate
}

/** Makes the reader. */
export function createGraphqlReads({ calls, budget, gate }: ReadTools): ReadGraphql {
  return <T>(order: ReadOrder) => gate.pass(order, () => read<T>(order))

  async function read<T>({ installationId, priority, text, variables }: ReadOrder): Promise<ReadResult<T>> {
    const afterMs = priority === 'sweep' ? budget.sweepWait(installationId) : 0
    if (afterMs > 0) {
      return failed({ kind: 'try_later', afterMs, message: 'The rest of the hour is left for webhooks.' })
    }
    const called = await ask({ installationId, text, variables })
    if (called.kind === 'unavailable') return { kind: 'unavailable', failure: toOutcome(called) }
    if (called.kind !== 'answered') return failed(toOutcome(called))
    const { faults } = called.value
    const data = called.value.data as T & { readonly rateLimit?: RateLimitField | null }
    const standing = data.rateLimit ?? null
    if (standing !== null) {
      budget.note(installationId, { ...standing, resetsAt: Date.parse(standing.resetAt) })
    }
    return { kind: 'answered', data, faults, cost: standing?.cost ?? 1 }
  }

  /** A token that was taken back is thrown away with its client; the second try fetches another. */
  async function ask(order: Omit<ReadOrder, 'priority'>): Promise<Called<PartialAnswer>> {
    const called = await askOnce(order)
    return called.kind === 'refused' && called.status === 401 ? askOnce(order) : called
  }

  function askOnce({
    installationId,
    text,
    variables,
  }: Omit<ReadOrder, 'priority'>): Promise<Called<PartialAnswer>> {
    return calls.make(installationId, async ({ query }) => {
      try {
        return { data: await query<unknown>(text, variables), faults: [] }
      } catch (error) {
        const partial = readPartialAnswer(error)
        if (partial === null) throw error
        return partial
      }
    })
  }
}

function failed<T>(failure: ReadFailure): ReadResult<T> {
  return { kind: 'failed', failure }
}
