// What follows when a producer did not end well: everything is pinned, then another attempt with growing pauses, or the
// question whether to try again. What the agent itself wants to ask goes before both.

import { update, type Change } from '../domain/changes.ts'
import { addBriefing } from '../domain/pipeline/briefings.ts'
import type { Sha } from '../domain/ids.ts'
import type { AgentAsk, Attempt, Backup } from '../domain/records.ts'
import { renderBriefing } from '../domain/text/briefing.ts'
import { exitWords } from '../domain/text/exit-words.ts'
import { askAboutWork } from './ask-about-work.ts'
import type { Deps } from './deps.ts'
import { phaseConfig, type PhaseWork } from './phase-work.ts'
import { pinNote } from './pin-note.ts'
import { pinWorktree } from './pin-worktree.ts'
import { refreshStatus } from './present-session.ts'
import { enqueueStartPhase } from './start-phase.ts'

interface FailedAttempt extends PhaseWork {
  readonly attempt: Attempt
}

/** Returns the changes that try again, or ask. */
export async function attemptFailed(deps: Deps, failed: FailedAttempt): Promise<readonly Change[]> {
  const { context, pipeline, phase, attempt, lane } = failed
  const pinned = await pinWorktree(deps, { context, lane, reason: 'failed_attempt' })
  // An operator who restarts Belay must not use up the agent's tries.
  const isOperatorStop = attempt.exit?.kind === 'stopped'
  // It was told that a person will be asked, however it ends.
  const { question } = attempt
  if (question !== null)
    return askAgentQuestion(deps, failed, { question, headSha: context.pullRequest.headSha })
  const limit = phaseConfig(pipeline, phase.name).restarts
  if ((phase.restarts >= limit && !isOperatorStop) || attempt.exit?.kind === 'spawn_failed')
    return askAgentFailed(deps, failed, pinned)
  return tryAgain(deps, failed, { pinned, restarts: phase.restarts + (isOperatorStop ? 0 : 1) })
}

function tryAgain(
  deps: Deps,
  { context, pipeline, phase, attempt }: FailedAttempt,
  { pinned, restarts }: { readonly pinned: Backup | null; readonly restarts: number },
): readonly Change[] {
  const text = renderBriefing({
    reason: attempt.exit?.kind === 'lost' ? 'crashed' : 'attempt_failed',
    branch: context.session.branch,
    headNow: null,
    mergeBase: context.session.lastSyncedSha,
    discarded: [],
    conflictingPaths: [],
    pins: pinned === null ? [] : [pinned],
    rescueBranches: [],
    note: exitWords(attempt.exit),
  })
  return [
    update('phaseRuns', {
      where: { id: phase.id },
      set: { restarts, briefings: addBriefing(phase.briefings, { about: 'mishap', text }) },
    }),
    enqueueStartPhase(deps, context, {
      pipelineId: pipeline.id,
      runEpoch: pipeline.runEpoch,
      delayMs: deps.settings.restartDelayMs * 2 ** Math.max(restarts - 1, 0),
    }),
    refreshStatus(deps, context),
  ]
}

function askAgentFailed(
  deps: Deps,
  { context, pipeline, phase, attempt }: FailedAttempt,
  pinned: Backup | null,
): Promise<readonly Change[]> {
  const ending = exitWords(attempt.exit)
  return askAboutWork(deps, {
    context,
    pipeline,
    phase,
    kind: 'agent_failed',
    details: {
      branch: context.session.branch,
      agent: attempt.agent,
      role: 'producer',
      attempts: phase.restarts + 1,
      ending,
      pins: pinned === null ? [] : [pinNote(pinned, [])],
    },
    detail: ending,
    headSha: context.pullRequest.headSha,
  })
}

/** Returns the changes that ask a person what the agent wants to know. */
export function askAgentQuestion(
  deps: Deps,
  { context, pipeline, phase, attempt }: FailedAttempt,
  { question, headSha }: { readonly question: AgentAsk; readonly headSha: Sha },
): Promise<readonly Change[]> {
  const { text, choices } = question
  return askAboutWork(deps, {
    context,
    pipeline,
    phase,
    kind: 'agent_question',
    details: { branch: context.session.branch, agent: attempt.agent, text, choices },
    detail: text,
    headSha,
  })
}
