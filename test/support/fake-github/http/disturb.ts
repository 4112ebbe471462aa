// One API call under limits and faults: refused, failed, answered from the past or damaged; else answered as it is.
// Knows nothing of sockets and of what is asked.
import { matching } from '../call-faults.ts'
import type { CallIdentity } from '../call-faults.ts'
import type { World } from '../world.ts'
import type { Answer } from './answer.ts'
import { damageGraphql, hasVictim } from './damage-graphql.ts'
import type { GraphqlJson } from './damage-graphql.ts'
import { toPrimaryRefusal, toSecondaryRefusal, toServerFailure } from './limit-refusals.ts'
import type { RateOwner } from './rate-limits.ts'
import { isObject } from './request-body.ts'

/** A call as limits and faults see it. */
export interface DisturbedCall extends CallIdentity {
  readonly world: World
  readonly kind: 'rest' | 'graphql'
  readonly rateOwner: RateOwner
  /** Equal for calls that ask the same; undefined for calls that write. */
  readonly question: string | undefined
  /** The largest page it asks for, 0 when it says none. */
  readonly largestPage: number
}

/** Asking for one's limits costs nothing. */
const freeRoute = 'GET /rate_limit'

/** Returns what the caller gets: the answer of `act`, or what limits and faults make of it. */
export async function disturb(call: DisturbedCall, act: () => Promise<Answer>): Promise<Answer> {
  const refusal = refuse(call) ?? fail(call, 'before_effect')
  if (refusal !== undefined) return refusal
  const answer = await act()
  const failure = fail(call, 'after_effect')
  if (failure !== undefined) return failure
  return call.question === undefined || answer.status !== 200 ? answer : damage(call, lag(call, answer))
}

function refuse({ world, kind, rateOwner, route, installationId }: DisturbedCall): Answer | undefined {
  const abuse = world.faults.ofCalls.findLimit(installationId)
  if (abuse !== undefined) return toSecondaryRefusal(abuse)
  // A GraphQL query is charged and refused by who knows its cost; somebody without a credential is refused for that.
  if (kind === 'graphql' || rateOwner === 'none' || route === freeRoute) return undefined
  const { isExceeded } = world.rateLimits.take(rateOwner, 'core', 1)
  return isExceeded ? toPrimaryRefusal(rateOwner, world.rateLimits.refusalStatus) : undefined
}

function fail(call: DisturbedCall, at: 'before_effect' | 'after_effect'): Answer | undefined {
  const { ofCalls } = call.world.faults
  const isHit = matching(call)
  if (at === 'before_effect') {
    const large = ofCalls.largePages.take((fault) => isHit(fault) && call.largestPage > fault.above)
    if (large !== undefined) return toServerFailure(502, call.kind)
  }
  const fault = ofCalls.serverFaults.take((one) => isHit(one) && (one.when ?? 'before_effect') === at)
  return fault && toServerFailure(fault.status, call.kind)
}

// A replica lags in what it knows of the world, never in what somebody has used up.
function lag({ world, question = '', ...call }: DisturbedCall, answer: Answer): Answer {
  const { earlierAnswers, staleReads } = world.faults.ofCalls
  earlierAnswers.remember(question, toTextWithoutLimit(answer.json))
  const earlier = earlierAnswers.find(question)
  if (earlier === undefined || staleReads.take(matching(call)) === undefined) return answer
  const json: unknown = JSON.parse(earlier)
  const fresh = readData(answer.json)
  const stale = readData(json)
  if (fresh !== undefined && stale !== undefined && 'rateLimit' in fresh.data)
    stale.data['rateLimit'] = fresh.data['rateLimit']
  return { ...answer, json }
}

function damage(call: DisturbedCall, answer: Answer): Answer {
  const json = call.kind === 'graphql' ? readData(answer.json) : undefined
  if (json === undefined) return answer
  const isHit = matching(call)
  const faults = call.world.faults.ofCalls.damages.takeEach((fault) => isHit(fault) && hasVictim(json, fault))
  if (faults.length === 0) return answer
  const errors = faults.flatMap((fault) => damageGraphql(json, fault))
  return { ...answer, json: { ...json, errors: [...(json.errors ?? []), ...errors] } }
}

function toTextWithoutLimit(json: unknown): string {
  const answer = readData(json)
  const kept = answer === undefined ? json : { ...answer, data: { ...answer.data, rateLimit: undefined } }
  return JSON.stringify(kept) ?? 'null'
}

function readData(json: unknown): GraphqlJson | undefined {
  if (!isObject(json) || !isObject(json['data'])) return undefined
  const { errors } = json
  const data = json['data'] as Record<string, unknown>
  return { data, ...(Array.isArray(errors) && { errors: errors as unknown[] }) }
}
