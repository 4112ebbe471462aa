// Rows of the change log for pipelines and phases, unique by (pipeline, run epoch, type).

import type { Change } from '../domain/changes.ts'
import type { LifecycleType } from '../domain/lifecycle.ts'
import type { Pipeline } from '../domain/records.ts'
import type { SessionContext } from './queries.ts'

/** Returns a lifecycle row; `phase.*` rows are also unique by phase, others by `once` where it is given. */
export function lifecycle(
  context: SessionContext,
  pipeline: Pipeline,
  event: {
    readonly type: LifecycleType
    readonly details?: Readonly<Record<string, unknown>>
    readonly once?: string
  },
): Change {
  const { type, once } = event
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
    once: `${type}:${once ?? `${pipeline.id}:${pipeline.runEpoch}${isOfPhase ? `:${pipeline.currentPhase}` : ''}`}`,
  }
}
