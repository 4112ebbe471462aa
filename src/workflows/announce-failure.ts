// Makes a stored question known: the lifecycle rows in their fixed order, the comment with the question, the check run
// with its buttons. Unique by (pipeline, run epoch, type), so that a repetition after a crash adds nothing.

import type { Change } from '../domain/changes.ts'
import type { LifecycleType } from '../domain/lifecycle.ts'
import { DECISIONS } from '../domain/decision/decision.ts'
import type { Decision } from '../domain/records.ts'
import type { JobHandler } from './deps.ts'
import { presentDecision, refreshStatus } from './present-session.ts'
import { loadSession, type SessionContext } from './queries.ts'
import { watchersOver } from './watch-phases.ts'

/** Announces a decision that is still open; one that was answered or withdrawn meanwhile is only logged. */
export const announceFailure: JobHandler<'announce_failure'> = async (deps, job, lane) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null) return []
  const context = await loadSession(deps.store, decision.sessionId)
  const isFailure = DECISIONS[decision.kind].statusWhileOpen === 'failed' && decision.concerns === 'pipeline'
  const types: readonly LifecycleType[] = isFailure
    ? ['phase.failed', 'pipeline.failed', 'decision.created']
    : ['decision.created']
  // Nobody watches any more when the failure is told; in a transaction of its own, so that nobody can see it the other way.
  if (decision.concerns === 'pipeline' && decision.status === 'pending')
    await deps.store.commit(await watchersOver(deps, decision.pipelineId), lane)
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
