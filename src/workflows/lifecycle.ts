// Rows of the change log for pipelines and phases, unique by (pipeline, run epoch, type).

import type { Change, LifecycleType } from '../domain/changes.ts'
import type { Pipeline } from '../domain/records.ts'
import type { SessionContext } from './queries.ts'

/** Returns a lifecycle row; `phase.*` rows are also unique by phase. */
export function lifecycle(
  context: SessionContext,
  pipeline: Pipeline,
  event: { readonly type: LifecycleType; readonly details?: Readonly<Record<string, unknown>> },
): Change {
  const { type } = event
  const isOfPhase = type.startsWith('phase.')
  return {
    kind: 'log',
    type,
    projectId: pipeline.projectId,
    prNumber: context.session.prNumber,
    sessionId: pipeline.sessionId,
    payload: {
      v: 1,
      pipeline_id: pipeline.id,
      run_epoch: pipeline.runEpoch,
      ...(isOfPhase ? { phase: pipeline.currentPhase } : {}),
      ...event.details,
    },
    once: `${type}:${pipeline.id}:${pipeline.runEpoch}${isOfPhase ? `:${pipeline.currentPhase}` : ''}`,
  }
}
