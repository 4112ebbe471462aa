// Stores each request of an attempt once, in the order it was made, up to its limits. Knows neither words nor sockets.

import { createHash } from 'node:crypto'
import type { RunnerReport } from '../../../domain/events.ts'
import {
  mostDoorRequests,
  verbSpec,
  type DoorRefusal,
  type DoorScope,
  type DoorVerb,
} from '../../../domain/session/door.ts'
import { identifyAsk, type IdentifiedAsk } from '../../../domain/session/identify-ask.ts'
import type { DoorAsk } from '../../../domain/session/read-door-call.ts'

export interface TakingOptions {
  readonly subject: {
    readonly sessionId: string
    readonly attemptId: string
    readonly runEpoch: number
  }
  readonly scope: DoorScope
  /** Tells whether somebody stored the report; never throws. */
  readonly store: (report: RunnerReport) => Promise<boolean>
}

export type Taken = { readonly kind: 'taken'; readonly isRepeat: boolean } | DoorRefusal

/** A request that was handed over. */
interface Handed {
  readonly pool: DoorVerb | null
  readonly storing: Promise<boolean>
}

/** The last word on something that can be said again. */
interface LastWord {
  readonly said: string
  readonly turn: number
  readonly storing: Promise<boolean>
}

/** Returns what takes a request, also when the same one comes twice at the same time. */
export function createTaking({ subject, scope, store }: TakingOptions): (ask: DoorAsk) => Promise<Taken> {
  const known = new Map<string, Handed>()
  const lastWords = new Map<string, LastWord>()
  return async (ask) => {
    const identified = identifyAsk(ask, digest)
    const last = identified.subject === null ? undefined : lastWords.get(identified.subject)
    const turn = turnOf(identified, last)
    const requestId = turn === 0 ? identified.requestId : digest(`${identified.requestId}:${turn}`)
    const earlier = known.get(requestId)
    const pool = verbSpec(ask.verb).most === undefined ? null : ask.verb
    const limit = verbSpec(ask.verb).most ?? mostDoorRequests(scope)
    if (earlier === undefined && countOf(known, pool) >= limit) return { kind: 'too_many', limit, verb: pool }
    const { request } = identified
    const hand = (): Promise<boolean> => store({ kind: 'door_request', ...subject, requestId, request })
    // One after the other, so that the word that counts is the one that was said last.
    const storing = earlier?.storing ?? (last === undefined ? hand() : last.storing.then(hand))
    known.set(requestId, { pool, storing })
    if (identified.subject !== null)
      lastWords.set(identified.subject, { said: identified.requestId, turn, storing })
    if (await storing) return { kind: 'taken', isRepeat: earlier !== undefined }
    if (known.get(requestId)?.storing === storing) known.delete(requestId)
    return { kind: 'not_stored' }
  }
}

/** Which word on its subject a request is, from 1: the same one said twice in a row is one. 0 has no turns. */
function turnOf({ subject, requestId }: IdentifiedAsk, last: LastWord | undefined): number {
  if (subject === null) return 0
  return last?.said === requestId ? last.turn : (last?.turn ?? 0) + 1
}

function countOf(known: ReadonlyMap<string, Handed>, pool: DoorVerb | null): number {
  return [...known.values()].filter((handed) => handed.pool === pool).length
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
