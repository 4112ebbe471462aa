// What follows from the answer to a question about an agent, or of an agent: another attempt, which is told what happened.

import type { Change } from '../domain/changes.ts'
import type { QuestionOf } from '../domain/decision/subject.ts'
import { renderBriefing } from '../domain/text/briefing.ts'
import { answeredBriefing } from '../domain/text/work-briefing.ts'
import { concludeSoon } from './conclude-soon.ts'
import type { Deps } from './deps.ts'
import { nextEpoch, resumePhase, type Acting } from './resume-phase.ts'
import { enqueueStartPhase } from './start-phase.ts'

/** Returns the changes that try again: the producer, or the review of what it made. */
export async function goOnAfterAgent(
  deps: Deps,
  acting: Acting<QuestionOf<'agent_failed'>>,
): Promise<readonly Change[]> {
  const { context, pipeline, phase, decision } = acting
  const order = { pipelineId: pipeline.id, runEpoch: nextEpoch(pipeline) }
  if (decision.details.role === 'reviewer')
    return resumePhase(deps, acting, {
      briefing: null,
      isNewStart: false,
      // The round that no verdict came of does not count.
      rounds: Math.max(0, phase.rounds - 1),
      next: [concludeSoon(deps, context, order)],
    })
  return resumePhase(deps, acting, {
    briefing: await failureBriefing(deps, acting),
    isNewStart: true,
    rounds: phase.rounds,
    next: [enqueueStartPhase(deps, context, { ...order, delayMs: 0 })],
  })
}

async function failureBriefing(
  deps: Deps,
  { context, decision }: Acting<QuestionOf<'agent_failed'>>,
): Promise<string> {
  const { pins, ending } = decision.details
  const prefix = pins.map((pin) => pin.prefix)
  const backups = await deps.store.list('backups', { sessionId: decision.sessionId, prefix })
  return renderBriefing({
    reason: 'attempt_failed',
    branch: context.session.branch,
    headNow: null,
    mergeBase: context.session.lastSyncedSha,
    discarded: [],
    conflictingPaths: [],
    pins: backups,
    rescueBranches: [],
    note: ending,
  })
}

/** Returns the changes that start the agent again with the answer to its question. */
export function goOnAfterQuestion(
  deps: Deps,
  acting: Acting<QuestionOf<'agent_question'>>,
): Promise<readonly Change[]> {
  const { context, pipeline, phase, decision } = acting
  const { text } = decision.details
  const answer = decision.options.find(({ id }) => id === decision.answer)?.label ?? ''
  return resumePhase(deps, acting, {
    briefing: answeredBriefing({
      question: text,
      answer,
      by: decision.answeredBy ?? 'somebody',
      branch: context.session.branch,
    }),
    isNewStart: true,
    rounds: phase.rounds,
    next: [
      enqueueStartPhase(deps, context, {
        pipelineId: pipeline.id,
        runEpoch: nextEpoch(pipeline),
        delayMs: 0,
      }),
    ],
  })
}
