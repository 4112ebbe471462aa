// Ends a pipeline that a question held up: by an answer, by the operator, or because nobody answered. Worktree and pins
// stay as they are.

import type { Change } from '../domain/changes.ts'
import type { Decision, Failure } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { movePhase, movePipeline } from './move.ts'
import { staleProposals } from './propose.ts'
import { listRunningAttempts, loadCurrentPhase, loadPipeline, type SessionContext } from './queries.ts'
import { acknowledgeNews } from './told-news.ts'
import { watchersOver } from './watch-phases.ts'

export interface Cancellation {
  readonly context: SessionContext
  readonly decision: Decision
  readonly failure: Failure
}

/**
 * Returns the changes that cancel it; none when the question stopped no pipeline, or the pipeline went on since: a stale
 * question can cancel nothing.
 *
 * Whatever of an agent still runs is told to stop before they are committed.
 */
export async function cancelPipeline(
  deps: Deps,
  { context, decision, failure }: Cancellation,
): Promise<readonly Change[]> {
  if (decision.concerns === 'worktree') return []
  const pipeline = await loadPipeline(deps.store, decision.pipelineId)
  const waits = pipeline.status === 'failed' || pipeline.status === 'awaiting_human'
  if (!waits || pipeline.runEpoch !== decision.runEpoch) return []
  const { id: sessionId } = context.session
  for (const { id: attemptId } of await listRunningAttempts(deps.store, sessionId))
    await deps.runner.stopAttempt({ sessionId, attemptId })
  const phase = await loadCurrentPhase(deps.store, pipeline)
  const endedAt = deps.clock.now()
  return [
    ...movePipeline(pipeline, 'aborted', { failure, endedAt }),
    ...movePhase(phase, 'aborted', { failure, endedAt }),
    ...(await staleProposals(deps, phase)),
    ...(await watchersOver(deps, pipeline.id)),
    // Whoever ends the round sees to what it was for; telling it again would begin the next one at once.
    ...(await acknowledgeNews(deps, pipeline)),
    lifecycle(context, pipeline, { type: 'pipeline.cancelled', details: { decision_id: decision.id } }),
  ]
}
