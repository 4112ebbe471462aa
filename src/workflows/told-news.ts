// The news a pipeline was made for: what its agent is told, that it has dealt with them, or that it has not.

import { update, type Change } from '../domain/changes.ts'
import type { Nudge } from '../domain/mirror/records.ts'
import type { Pipeline } from '../domain/records.ts'
import type { Deps } from './deps.ts'

/** Returns the news a pipeline tells, in the order of its prompt. */
export function listToldBy(deps: Deps, pipeline: Pipeline): Promise<readonly Nudge[]> {
  return deps.store.list('nudges', { sessionId: pipeline.sessionId, pipelineId: pipeline.id })
}

/** Returns the changes that say that the agent has dealt with what it was told. */
export async function acknowledgeNews(deps: Deps, pipeline: Pipeline): Promise<readonly Change[]> {
  if (pipeline.kind !== 'respond') return []
  const told = await listToldBy(deps, pipeline)
  return told
    .filter(({ status }) => status === 'sent')
    .map(({ id }) => update('nudges', { where: { id }, set: { status: 'acknowledged' } }))
}

/** Returns the changes that let news wait again that a pipeline failed to deal with: the round counts, the news stay. */
export async function keepNews(deps: Deps, pipeline: Pipeline): Promise<readonly Change[]> {
  if (pipeline.kind !== 'respond') return []
  const set = { status: 'pending', pipelineId: null, sentAt: null } as const
  const told = await listToldBy(deps, pipeline)
  return told
    .filter(({ status }) => status === 'sent')
    .map(({ id }) => update('nudges', { where: { id }, set }))
}

/** Returns the changes by which people take over what waits: the agent hears of it again only when something is new. */
export async function leaveNewsToPeople({ store }: Deps, sessionId: string): Promise<readonly Change[]> {
  const waiting = await store.list('nudges', { sessionId, status: ['pending', 'suppressed'] })
  return waiting.map(({ id }) => update('nudges', { where: { id }, set: { status: 'acknowledged' } }))
}
