// Makes a stored question known: the lifecycle rows in their fixed order, the comment with the question, the check run
// with its buttons. Unique by (pipeline, run epoch, type), so that a repetition after a crash adds nothing.

import type { Change, LifecycleType } from '../domain/changes.ts'
import type { Decision } from '../domain/records.ts'
import type { JobHandler } from './deps.ts'
import { presentDecision, refreshStatus } from './present-session.ts'
import { loadSession, type SessionContext } from './queries.ts'

/** Announces a decision that is still open; one that was answered or withdrawn meanwhile is only logged. */
export const announceFailure: JobHandler<'announce_failure'> = async (deps, job) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null) return []
  const context = await loadSession(deps.store, decision.sessionId)
  const types: readonly LifecycleType[] =
    decision.kind === 'hard_reset_recovery' && decision.concerns === 'pipeline'
      ? ['phase.failed', 'pipeline.failed', 'decision.created']
      : ['decision.created']
  return [
    ...types.map((type) => lifecycleRow(context, decision, type)),
    ...(await presentDecision(deps, context, decision)),
    refreshStatus(deps, context),
  ]
}

function lifecycleRow(context: SessionContext, decision: Decision, type: LifecycleType): Change {
  return {
    kind: 'log',
    type,
    projectId: decision.projectId,
    prNumber: context.session.prNumber,
    sessionId: decision.sessionId,
    payload: {
      v: 1,
      pipeline_id: decision.pipelineId,
      phase: decision.phase,
      run_epoch: decision.runEpoch,
      decision_id: decision.id,
      context: decision.context,
      head_sha: decision.headSha,
    },
    once: onceKey(decision, type),
  }
}

/** The keys that every other writer of these rows uses, so that a failure is told once whoever tells it. */
function onceKey(decision: Decision, type: LifecycleType): string {
  const { projectId, id, pipelineId, runEpoch, phase } = decision
  if (type === 'decision.created') return `${type}:${projectId}:${id}`
  return `${type}:${pipelineId}:${runEpoch}${type === 'phase.failed' ? `:${phase}` : ''}`
}
