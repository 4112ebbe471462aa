// What follows when an agent's process has ended: leftovers committed, sync, push, next phase, or another try.

import { update, type Change } from '../domain/changes.ts'
import type { Attempt, Backup, Failure, PhaseRun, Pipeline } from '../domain/records.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import type { LeftOut, StepOutcome } from '../domain/sync/step.ts'
import { renderBriefing } from '../domain/text/briefing.ts'
import { exitWords } from '../domain/text/exit-words.ts'
import { leftoversMessage } from '../domain/text/commit-message.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { openDecision } from './open-decision.ts'
import { pinWorktree } from './pin-worktree.ts'
import { refreshStatus } from './present-session.ts'
import { listPhases, loadCurrentPhase, loadPipeline, loadSession, type SessionContext } from './queries.ts'
import { respondAfter } from './respond-soon.ts'
import { acknowledgeNews, keepNews } from './told-news.ts'
import { enqueueStartPhase } from './start-phase.ts'
import { finishInterrupted } from './resume-sync.ts'
import { runBesideSync } from './run-beside-sync.ts'
import type { SyncOrder, SyncReport } from './sync-operation.ts'
import { syncWorktree } from './sync-worktree.ts'

interface EndedAttempt {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly attempt: Attempt
  readonly lane: JobLane
  /** What a person chose for the sync that was blocked after this attempt. */
  readonly choice: SyncChoice | undefined
}

/** Carries the pipeline on after an attempt; does nothing when a newer run epoch took over. */
export const finishAttempt: JobHandler<'finish_attempt'> = async (deps, job, lane) => {
  const attempt = await deps.store.find('attempts', { id: job.attemptId })
  if (attempt === null) return []
  const pipeline = await loadPipeline(deps.store, attempt.pipelineId)
  if (pipeline.runEpoch !== job.runEpoch || pipeline.status !== 'running') return []
  const context = await loadSession(deps.store, attempt.sessionId)
  const phase = await loadCurrentPhase(deps.store, pipeline)
  const ended = { context, pipeline, phase, attempt, lane, choice: job.choice }
  if (wasRewritten(ended) && attempt.status !== 'succeeded') return afterRewrite(deps, ended)
  return attempt.status === 'succeeded' ? afterSuccess(deps, ended) : afterFailure(deps, ended)
}

/** The branch was rewritten or deleted under the agent, and no person has decided about it yet. */
function wasRewritten({ context, choice }: EndedAttempt): boolean {
  return context.session.remoteMoved?.isRewritten === true && choice === undefined
}

function syncOrder(ended: EndedAttempt): Omit<SyncOrder, 'push'> {
  const { context, pipeline, lane, choice } = ended
  // A move of the branch was noted: whether it was a rewrite may not have been seen then.
  const askOnRewrite = context.session.remoteMoved !== null && choice === undefined
  return { context, pipeline, trigger: 'phase_end', choice, askOnRewrite, lane }
}

/** The agent was stopped; when the branch is whole again by now, it simply starts once more. */
async function afterRewrite(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  const { context, pipeline, lane } = ended
  await pinWorktree(deps, { context, lane, reason: 'rewritten' })
  const report = await syncWorktree(deps, { ...syncOrder(ended), push: false })
  if (!caseSpec(report.case).mayGoOn)
    return openDecision(deps, { context, pipeline, report, moment: 'phase_end' })
  return [
    ...report.changes,
    // It is whole again: the attempt that starts now is judged by its own end.
    update('sessions', {
      where: { id: context.session.id },
      set: { remoteMoved: null, updatedAt: deps.clock.now() },
    }),
    enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch: pipeline.runEpoch, delayMs: 0 }),
    refreshStatus(deps, context),
  ]
}

async function afterSuccess(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  const { context, pipeline } = ended
  const order: SyncOrder = { ...syncOrder(ended), push: true }
  // First of all: a half-done reset must never be committed as if the agent had left it.
  const finished = await finishInterrupted(deps, order)
  const report =
    finished.kind === 'finished' ? finished.report : await commitAndSync(deps, ended, finished.order)
  if (!caseSpec(report.case).mayGoOn)
    return openDecision(deps, { context, pipeline, report, moment: 'phase_end' })
  return [...report.changes, ...(await phaseCompleted(deps, ended))]
}

/** What was left out is stored before the sync, which may be interrupted. A chosen reset pins everything as it lies. */
async function commitAndSync(deps: Deps, ended: EndedAttempt, order: SyncOrder): Promise<SyncReport> {
  const { context, phase, lane } = ended
  if (order.choice === 'reset') return syncWorktree(deps, order)
  const leftOut = await commitLeftovers(deps, ended)
  if (leftOut.length > 0) await pinWorktree(deps, { context, lane, reason: 'left_out' })
  await deps.store.commit([update('phaseRuns', { where: { id: phase.id }, set: { leftOut } })], lane)
  return syncWorktree(deps, order)
}

/** A worktree in a state that forbids a commit is left alone: the sync that follows names that state. */
async function commitLeftovers(
  deps: Deps,
  { context, phase, lane }: EndedAttempt,
): Promise<readonly LeftOut[]> {
  const message = leftoversMessage({
    phase: phase.name,
    agent: context.session.agent,
    startedBy: context.session.startedBy,
  })
  const commit = async (pin: Pick<Backup, 'prefix'> | null): Promise<StepOutcome | undefined> => {
    const pinned = pin === null ? {} : { prefix: pin.prefix }
    const plan = [{ kind: 'commit_leftovers', branch: context.session.branch, message, ...pinned }] as const
    const { steps } = await runBesideSync(deps, { context, lane, purpose: 'leftovers', plan })
    return steps[0]?.outcome
  }
  const first = await commit(null)
  const isUnpinned = first?.kind === 'failed' && first.reason === 'not_pinned'
  const pin = isUnpinned ? await pinWorktree(deps, { context, lane, reason: 'left_out' }) : null
  const outcome = pin === null ? first : await commit(pin)
  if (outcome?.kind === 'committed' || outcome?.kind === 'nothing_to_commit') return outcome.leftOut
  deps.log.warn({ session: context.session.id, outcome }, 'leftovers_not_committed')
  return []
}

async function phaseCompleted(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  const { context, pipeline, phase } = ended
  const endedAt = deps.clock.now()
  const result = await resultOf(deps, ended)
  const done = [
    update('phaseRuns', {
      where: { id: phase.id },
      set: { status: 'complete', result, endedAt, briefing: null },
    }),
    lifecycle(context, pipeline, { type: 'phase.completed', details: { result } }),
  ]
  const phases = await listPhases(deps.store, pipeline.id)
  const next = phases.find((candidate) => candidate.position > phase.position)
  if (next === undefined) {
    return [
      ...done,
      update('pipelines', {
        where: { id: pipeline.id },
        set: { status: 'complete', endedAt },
        expect: { runEpoch: pipeline.runEpoch },
      }),
      lifecycle(context, pipeline, { type: 'pipeline.completed' }),
      ...(await acknowledgeNews(deps, pipeline)),
      refreshStatus(deps, context),
      respondAfter(deps, context),
    ]
  }
  return [
    ...done,
    update('pipelines', {
      where: { id: pipeline.id },
      set: { currentPhase: next.name },
      expect: { runEpoch: pipeline.runEpoch },
    }),
    enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch: pipeline.runEpoch, delayMs: 0 }),
    refreshStatus(deps, context),
  ]
}

/**
 * Whether commits of ours reached the branch; what others pushed meanwhile is not the agent's doing.
 *
 * The journal tells: a push whose result nobody lived to see counts, since the sync that followed found it done.
 */
async function resultOf(deps: Deps, { pipeline, phase }: EndedAttempt): Promise<'changed' | 'no_changes'> {
  const operations = await deps.store.list('syncOperations', { pipelineId: pipeline.id, phase: phase.name })
  const operationId = operations
    .filter(({ startedAt }) => startedAt >= (phase.startedAt ?? 0))
    .map(({ id }) => id)
  const pushes = await deps.store.list('syncSteps', { operationId, kind: 'push_branch' })
  const hasPushed = pushes.some(
    ({ outcome }) => outcome === null || (outcome.kind === 'push' && outcome.result === 'pushed'),
  )
  return hasPushed ? 'changed' : 'no_changes'
}

async function afterFailure(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  const { context, pipeline, phase, attempt, lane } = ended
  const pinned = await pinWorktree(deps, { context, lane, reason: 'failed_attempt' })
  const limit = pipeline.config.phases.find((candidate) => candidate.name === phase.name)?.restarts ?? 0
  // An operator who restarts Belay must not use up the agent's tries.
  const isOperatorStop = attempt.exit?.kind === 'stopped'
  if ((phase.restarts >= limit && !isOperatorStop) || attempt.exit?.kind === 'spawn_failed')
    return phaseFailed(deps, ended)
  const restarts = phase.restarts + (isOperatorStop ? 0 : 1)
  const briefing = renderBriefing({
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
    update('phaseRuns', { where: { id: phase.id }, set: { restarts, briefing } }),
    enqueueStartPhase(deps, context, {
      pipelineId: pipeline.id,
      runEpoch: pipeline.runEpoch,
      delayMs: deps.settings.restartDelayMs * 2 ** Math.max(restarts - 1, 0),
    }),
    refreshStatus(deps, context),
  ]
}

async function phaseFailed(deps: Deps, ended: EndedAttempt): Promise<readonly Change[]> {
  const { context, pipeline, phase, attempt } = ended
  const endedAt = deps.clock.now()
  const failure: Failure = { code: 'agent_failed', detail: exitWords(attempt.exit) }
  const details = { code: failure.code }
  return [
    update('phaseRuns', { where: { id: phase.id }, set: { status: 'failed', failure, endedAt } }),
    update('pipelines', {
      where: { id: pipeline.id },
      set: { status: 'failed', failure, endedAt },
      expect: { runEpoch: pipeline.runEpoch },
    }),
    lifecycle(context, pipeline, { type: 'phase.failed', details }),
    lifecycle(context, pipeline, { type: 'pipeline.failed', details }),
    ...(await keepNews(deps, pipeline)),
    refreshStatus(deps, context),
    respondAfter(deps, context),
  ]
}
