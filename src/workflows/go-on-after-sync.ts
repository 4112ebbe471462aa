// What follows from the answer to a question about a sync: the interrupted step, after a sync that does what was chosen.

import { insert, type Change } from '../domain/changes.ts'
import type { AnswerAction } from '../domain/decision/option.ts'
import type { SyncQuestion } from '../domain/decision/subject.ts'
import { prLane } from '../domain/ids.ts'
import { acceptedIn } from '../domain/pipeline/consensus.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import { actionOf } from './answered-action.ts'
import type { Deps } from './deps.ts'
import { findLastProducer } from './phase-work.ts'
import type { SessionContext } from './queries.ts'
import { recoveryBriefing } from './recovery-briefing.ts'
import { nextEpoch, resumePhase, rewriteSettled, type Acting } from './resume-phase.ts'
import { enqueueStartPhase } from './start-phase.ts'

/** Returns the changes that let the pipeline go on. */
export async function goOnAfterSync(deps: Deps, acting: Acting<SyncQuestion>): Promise<readonly Change[]> {
  const { decision, phase, pipeline, context } = acting
  const populates =
    decision.details.moment === 'populate'
      ? [populateAgain(deps, context, { decision, pipelineId: pipeline.id })]
      : []
  return resumePhase(deps, acting, {
    briefing: await recoveryBriefing(deps, context, decision),
    isNewStart: !goesOnAfterWork(decision),
    rounds: goesOnAfterWork(decision) ? Math.max(0, phase.rounds - 1) : 0,
    next: [
      ...(goesOnAfterWork(decision) ? await carryAcceptance(deps, acting) : []),
      ...populates,
      await interruptedStep(deps, acting),
    ],
  })
}

/** Returns the changes for a pipeline that had ended before the question: continue syncs again, abort leaves all as it is. */
export function syncAgain(deps: Deps, context: SessionContext, decision: SyncQuestion): readonly Change[] {
  const action = actionOf(decision)
  if (action === null || action === 'close_question') return []
  const choice = choiceOf(action)
  const { projectId, id, pipelineId } = decision
  const again: Change = {
    kind: 'enqueue',
    lane: laneOf(context),
    idem: `sync-after:${projectId}:${id}`,
    job: {
      kind: 'sync_session',
      sessionId: context.session.id,
      trigger: 'command',
      source: null,
      ...(choice === null ? {} : { choice }),
    },
    runAt: deps.clock.now(),
  }
  const populates =
    decision.details.moment === 'populate' ? [populateAgain(deps, context, { decision, pipelineId })] : []
  return [...rewriteSettled(deps, context), again, ...populates]
}

/** What was asked for when the sync before it stopped. */
function populateAgain(
  deps: Deps,
  context: SessionContext,
  { decision, pipelineId }: { readonly decision: SyncQuestion; readonly pipelineId: string },
): Change {
  const { projectId, id, answeredBy, answeredVia } = decision
  const actor = answeredBy ?? 'somebody'
  const auditId = `au_${deps.ids.random(12)}`
  const via = answeredVia ?? 'rest'
  return {
    kind: 'enqueue',
    lane: laneOf(context),
    idem: `populate-after:${projectId}:${id}`,
    job: { kind: 'populate_contract', pipelineId, actor, via, auditId, source: null },
    runAt: deps.clock.now(),
  }
}

function laneOf({ project, session }: SessionContext): string {
  return prLane(project.repositoryId, session.prNumber)
}

/** What the answer means for the sync that follows it. */
function choiceOf(action: AnswerAction | null): SyncChoice | null {
  switch (action) {
    case 'reset_worktree':
      return 'reset'
    case 'accept_local_pin':
      return 'local_pin'
    case 'restore_branch':
      return 'restore_branch'
    default:
      return null
  }
}

/** Whether the agent's work is still in the worktree and only the sync after it is left. */
function goesOnAfterWork(decision: SyncQuestion): boolean {
  const isKept = decision.kind !== 'hard_reset_recovery' && actionOf(decision) !== 'reset_worktree'
  return isKept && decision.details.moment === 'phase_end'
}

/** A blocked sync after the agent's work goes on where it stopped; a reset means a new attempt on the new ground. */
async function interruptedStep(
  deps: Deps,
  { context, pipeline, phase, decision }: Acting<SyncQuestion>,
): Promise<Change> {
  const runEpoch = nextEpoch(pipeline)
  const last = await findLastProducer(deps, phase)
  const choice = choiceOf(actionOf(decision)) ?? undefined
  if (!goesOnAfterWork(decision) || last?.status !== 'succeeded')
    return enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch, delayMs: 0, choice })
  return {
    kind: 'enqueue',
    lane: laneOf(context),
    idem: `finish:${last.id}:${runEpoch}`,
    job: {
      kind: 'finish_attempt',
      attemptId: last.id,
      runEpoch,
      ...(choice === undefined ? {} : { choice }),
    },
    runAt: deps.clock.now(),
  }
}

/**
 * What was accepted and could only not be pushed stays accepted: the same commit, for the step that goes on. A new start
 * of the phase never sees it.
 */
async function carryAcceptance(
  deps: Deps,
  { pipeline, phase }: Acting<SyncQuestion>,
): Promise<readonly Change[]> {
  const proposals = await deps.store.list('proposals', { phaseRunId: phase.id })
  const accepted = acceptedIn(proposals, pipeline.runEpoch)
  if (accepted === null) return []
  const id = `pp_${deps.ids.random(12)}`
  return [insert('proposals', { ...accepted, id, runEpoch: nextEpoch(pipeline) })]
}
