// Makes an answer take effect, exactly once, from whatever process is alive: a new run epoch and the phase again, or
// the end of the pipeline with everything kept. A stale answer can cancel nothing: epoch and status are checked.

import { update, type Change, type CommandSource } from '../domain/changes.ts'
import { prLane, phaseRunId } from '../domain/ids.ts'
import type { AnswerAction } from '../domain/decision/option.ts'
import { isAboutSync, type SyncQuestion } from '../domain/decision/subject.ts'
import type { Decision, Pipeline } from '../domain/records.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import { renderBriefing } from '../domain/text/briefing.ts'
import { commandDone } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { refreshStatus } from './present-session.ts'
import { loadPipeline, loadSession, type SessionContext } from './queries.ts'
import { respondAfter } from './respond-soon.ts'
import { enqueueStartPhase } from './start-phase.ts'

interface Acting {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly decision: SyncQuestion
}

/** Acts on a resolved decision; on a pipeline that moved on since, only the command is ended. */
export const actOnAnswer: JobHandler<'act_on_answer'> = async (deps, job) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null || decision.status !== 'resolved') return []
  const context = await loadSession(deps.store, decision.sessionId)
  const pipeline = await loadPipeline(deps.store, decision.pipelineId)
  const shown = [...ended(context, job.source), refreshStatus(deps, context)]
  // What waited for the answer is told as soon as nothing else has the branch.
  const done = [...shown, respondAfter(deps, context)]
  if (!isAboutSync(decision)) return [...(await leftToPeople(deps, decision)), ...done]
  const acting = { context, pipeline, decision }
  if (decision.concerns === 'worktree') return [...syncAgain(deps, acting), ...done]
  const waits = pipeline.status === 'failed' || pipeline.status === 'awaiting_human'
  if (!waits || pipeline.runEpoch !== decision.runEpoch) return done
  // Nobody who stops an agent expects it to start again in the same moment, for whatever news.
  if (actionOf(decision) === 'cancel_pipeline') return [...cancelPipeline(deps, acting), ...shown]
  return [...(await resumePhase(deps, acting)), ...done]
}

/** What people take over is dealt with: the agent hears of it again only when something about it is new. */
async function leftToPeople(deps: Deps, decision: Decision): Promise<readonly Change[]> {
  if (actionOf(decision) !== 'drop_news') return []
  const { sessionId } = decision
  const waiting = await deps.store.list('nudges', { sessionId, status: ['pending', 'suppressed'] })
  return waiting.map(({ id }) => update('nudges', { where: { id }, set: { status: 'acknowledged' } }))
}

function actionOf({ options, answer }: Decision): AnswerAction | null {
  return options.find((candidate) => candidate.id === answer)?.action ?? null
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

/** A person has seen what became of the branch: the next sync reconciles it like any other. */
function rewriteSettled(deps: Deps, { session }: SessionContext): readonly Change[] {
  if (session.remoteMoved === null) return []
  const set = { remoteMoved: null, updatedAt: deps.clock.now() }
  return [update('sessions', { where: { id: session.id }, set })]
}

/** The pipeline had ended before the question: continue syncs the worktree again, abort leaves it as it is. */
function syncAgain(deps: Deps, { context, decision }: Acting): readonly Change[] {
  const action = actionOf(decision)
  if (action === null || action === 'close_question') return []
  const choice = choiceOf(action)
  return [
    ...rewriteSettled(deps, context),
    {
      kind: 'enqueue',
      lane: prLane(context.project.repositoryId, context.session.prNumber),
      idem: `sync-after:${decision.projectId}:${decision.id}`,
      job: {
        kind: 'sync_session',
        sessionId: context.session.id,
        trigger: 'command',
        source: null,
        ...(choice === null ? {} : { choice }),
      },
      runAt: deps.clock.now(),
    },
  ]
}

async function resumePhase(deps: Deps, acting: Acting): Promise<readonly Change[]> {
  const { pipeline, decision } = acting
  const runEpoch = pipeline.runEpoch + 1
  const { id: pipelineId, currentPhase: name } = pipeline
  const set = { status: 'running', runEpoch, failure: null, endedAt: null } as const
  const { runEpoch: epoch, status } = pipeline
  return [
    update('pipelines', { where: { id: pipelineId }, set, expect: { runEpoch: epoch, status } }),
    update('phaseRuns', {
      where: { id: phaseRunId(pipelineId, name) },
      set: {
        status: 'running',
        // A new attempt makes a new start of the phase; going on after the work does not.
        ...(goesOnAfterWork(decision) ? {} : { startedAt: null }),
        restarts: 0,
        failure: null,
        endedAt: null,
        briefing: await briefing(deps, acting),
      },
    }),
    ...rewriteSettled(deps, acting.context),
    await interruptedStep(deps, acting, runEpoch),
  ]
}

/** Whether the agent's work is still in the worktree and only the sync after it is left. */
function goesOnAfterWork(decision: SyncQuestion): boolean {
  const isKept = decision.kind !== 'hard_reset_recovery' && actionOf(decision) !== 'reset_worktree'
  return isKept && decision.details.moment === 'phase_end'
}

/** A blocked sync after the agent's work goes on where it stopped; a reset means a new attempt on the new ground. */
async function interruptedStep(
  deps: Deps,
  { context, pipeline, decision }: Acting,
  runEpoch: number,
): Promise<Change> {
  const attempts = await deps.store.list('attempts', { pipelineId: pipeline.id })
  const last = attempts.at(-1)
  const choice = choiceOf(actionOf(decision)) ?? undefined
  if (!goesOnAfterWork(decision) || last?.status !== 'succeeded')
    return enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch, delayMs: 0, choice })
  return {
    kind: 'enqueue',
    lane: prLane(context.project.repositoryId, context.session.prNumber),
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

function briefingReason(decision: Decision): 'hard_reset' | 'chosen_reset' | 'sync_unblocked' {
  if (decision.kind === 'hard_reset_recovery') return 'hard_reset'
  return actionOf(decision) === 'reset_worktree' ? 'chosen_reset' : 'sync_unblocked'
}

/** What the next attempt must know before it begins: what was set aside, where it is, what is on the branch now. */
async function briefing(deps: Deps, { context, decision }: Acting): Promise<string> {
  const { details } = decision
  const backups = await deps.store.list('backups', {
    sessionId: decision.sessionId,
    prefix: details.pins.map((pin) => pin.prefix),
  })
  return renderBriefing({
    reason: briefingReason(decision),
    branch: context.session.branch,
    headNow: decision.headSha,
    mergeBase: details.mergeBase,
    discarded: details.discarded,
    conflictingPaths: details.conflictingPaths,
    pins: backups,
    rescueBranches: backups.flatMap(({ rescueBranch }) => (rescueBranch === null ? [] : [rescueBranch])),
    note: decision.kind === 'hard_reset_recovery' ? '' : details.note,
  })
}

function cancelPipeline(deps: Deps, { context, pipeline, decision }: Acting): readonly Change[] {
  const endedAt = deps.clock.now()
  const failure = {
    code: 'cancelled_by_person',
    detail: `Question ${decision.id}, answered by ${decision.answeredBy ?? 'somebody'}.`,
  } as const
  const set = { status: 'cancelled', failure, endedAt } as const
  const { id: pipelineId, currentPhase: name, runEpoch, status } = pipeline
  return [
    update('pipelines', { where: { id: pipelineId }, set, expect: { runEpoch, status } }),
    update('phaseRuns', { where: { id: phaseRunId(pipelineId, name) }, set }),
    lifecycle(context, pipeline, { type: 'pipeline.cancelled', details: { decision_id: decision.id } }),
  ]
}

function ended(context: SessionContext, source: CommandSource | null): readonly Change[] {
  return source === null
    ? []
    : commandDone({ repository: context.repository, number: context.session.prNumber }, source)
}
