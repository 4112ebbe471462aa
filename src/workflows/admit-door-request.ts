// Whether a request of an agent may still be done, checked by what is stored here: a runner knows no pull request, and
// may lie. What is checked for every verb alike.

import type { Change } from '../domain/changes.ts'
import type { Attempt, Pipeline } from '../domain/records.ts'
import { verbSpec, type DoorRequest } from '../domain/session/door.ts'
import type { DoorRequestReport } from '../domain/session/attempt.ts'
import type { Deps } from './deps.ts'
import { loadPipeline, loadSession, type SessionContext } from './queries.ts'

/** Why a request is not done; logged, since the agent may be gone by now. */
export type DoorDenial =
  | 'unknown_attempt'
  | 'older_run_epoch'
  | 'cancelled'
  | 'not_for_reviewers'
  | 'unknown_thread'
  | 'not_delivered'
  | 'unknown_task'
  | 'dropped_task'
  | 'attempt_over'
  | 'unfit_choices'

/** A request with the rows it is about. */
export interface AdmittedRequest {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly attempt: Attempt
}

/** What doing a request comes to. */
export type DoorOutcome =
  | { readonly kind: 'done'; readonly changes: readonly Change[] }
  | { readonly kind: 'denied'; readonly because: DoorDenial }

/** Does one verb of the door. */
export type DoorWork<V extends DoorRequest['verb']> = (
  deps: Deps,
  admitted: AdmittedRequest,
  request: Extract<DoorRequest, { readonly verb: V }>,
) => Promise<DoorOutcome>

/** Returns the rows a request is about, or why it may not be done, or not any more. */
export async function admitDoorRequest(
  { store }: Deps,
  { sessionId, attemptId, runEpoch, request }: DoorRequestReport,
): Promise<AdmittedRequest | DoorDenial> {
  const context = await loadSession(store, sessionId)
  const attempt = await store.find('attempts', { id: attemptId })
  if (attempt === null || attempt.sessionId !== sessionId) return 'unknown_attempt'
  const pipeline = await loadPipeline(store, attempt.pipelineId)
  if (attempt.runEpoch !== runEpoch || pipeline.runEpoch !== runEpoch) return 'older_run_epoch'
  if (pipeline.status === 'cancelled') return 'cancelled'
  if (!verbSpec(request.verb).roles.includes(attempt.role)) return 'not_for_reviewers'
  return { context, pipeline, attempt }
}

/** Returns that a request is not done, and why. */
export function denied(because: DoorDenial): DoorOutcome {
  return { kind: 'denied', because }
}

/** Returns that a request is done by these changes. */
export function done(changes: readonly Change[]): DoorOutcome {
  return { kind: 'done', changes }
}
