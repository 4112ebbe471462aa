// What a runner reports, entering the lane like any other event. A report about an older run epoch changes nothing but
// the attempt's own row.

import { assertNever } from '../domain/assert-never.ts'
import { update, type Change, type Job } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import {
  isSuccess,
  type AgentExit,
  type AttemptReport,
  type WorkspaceReport,
} from '../domain/session/attempt.ts'
import type { AttemptEvent } from '../domain/pipeline/transitions.ts'
import type { Attempt, Failure } from '../domain/records.ts'
import type { RunnerReport } from '../domain/events.ts'
import type { Deps, JobHandler } from './deps.ts'
import { closeUnborn, freeSoon } from './end-session.ts'
import { keepQuestion } from './handle-door-request.ts'
import { lifecycle } from './lifecycle.ts'
import { moveAttempt, movePhase, movePipeline } from './move.ts'
import { pinWorktree } from './pin-worktree.ts'
import { refreshStatus } from './present-session.ts'
import { loadCurrentPhase, loadPipeline, loadSession } from './queries.ts'
import { respondAfter } from './respond-soon.ts'
import { enqueueStartPhase } from './start-phase.ts'
import { keepNews } from './told-news.ts'

type AttemptEnded = Extract<AttemptReport, { readonly kind: 'attempt_ended' }>

/** Takes a report from the runner; stores it durably before it returns. */
export async function takeReport(deps: Deps, report: RunnerReport): Promise<void> {
  if (report.kind === 'attempt_heartbeat') return renewAttempt(deps, report)
  if (report.kind === 'door_request' && report.request.verb === 'ask') return keepQuestion(deps, report)
  const { project, session } = await loadSession(deps.store, report.sessionId)
  const lane = prLane(project.repositoryId, session.prNumber)
  const job: Job =
    report.kind === 'door_request' ? { kind: 'door_request', report } : { kind: 'handle_report', report }
  await deps.store.commit(
    [{ kind: 'enqueue', lane, idem: identityOf(deps, report), job, runAt: deps.clock.now() }],
    null,
  )
}

function identityOf(
  deps: Deps,
  report: Exclude<RunnerReport, { readonly kind: 'attempt_heartbeat' }>,
): string {
  switch (report.kind) {
    case 'attempt_ended':
      return `ended:${report.attemptId}`
    case 'door_request':
      return `door:${report.attemptId}:${report.requestId}`
    case 'workspace_prepared':
    case 'workspace_failed':
      return `${report.kind}:${report.pipelineId}:${deps.ids.random(6)}`
    default:
      return assertNever(report)
  }
}

/** The attempt's own lease, outside any lane. */
async function renewAttempt(
  deps: Deps,
  { attemptId, activeAt }: Extract<AttemptReport, { readonly kind: 'attempt_heartbeat' }>,
): Promise<void> {
  const leaseUntil = deps.clock.now() + deps.settings.attemptLeaseMs
  const set = { leaseUntil, activeAt }
  await deps.store.commit([update('attempts', { where: { id: attemptId }, set })], null)
}

/** Handles a stored report. */
export const handleReport: JobHandler<'handle_report'> = async (deps, { report }, lane) => {
  switch (report.kind) {
    case 'workspace_prepared':
      return workspacePrepared(deps, report)
    case 'workspace_failed':
      return workspaceFailed(deps, report)
    case 'attempt_ended':
      return attemptEnded(deps, report, lane)
    case 'attempt_heartbeat':
    case 'door_request':
      return []
  }
}

async function workspacePrepared(deps: Deps, report: WorkspaceReport): Promise<readonly Change[]> {
  const context = await loadSession(deps.store, report.sessionId)
  const pipeline = await loadPipeline(deps.store, report.pipelineId)
  if (
    pipeline.status !== 'pending' ||
    context.session.state === 'stopped' ||
    context.session.state === 'closed'
  )
    return []
  const updatedAt = deps.clock.now()
  return [
    update('sessions', { where: { id: context.session.id }, set: { state: 'live', updatedAt } }),
    ...movePipeline(pipeline, 'prepared'),
    lifecycle(context, pipeline, { type: 'pipeline.started' }),
    enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch: pipeline.runEpoch, delayMs: 0 }),
    refreshStatus(deps, context),
  ]
}

async function workspaceFailed(
  deps: Deps,
  report: Extract<WorkspaceReport, { readonly kind: 'workspace_failed' }>,
): Promise<readonly Change[]> {
  const context = await loadSession(deps.store, report.sessionId)
  const pipeline = await loadPipeline(deps.store, report.pipelineId)
  if (pipeline.status !== 'pending') return []
  const endedAt = deps.clock.now()
  const failure: Failure = { code: 'workspace_failed', detail: report.reason }
  const phase = await loadCurrentPhase(deps.store, pipeline)
  return [
    ...movePipeline(pipeline, 'gave_up', { failure, endedAt }),
    ...movePhase(phase, 'gave_up', { failure, endedAt }),
    ...closeUnborn(context.session, endedAt),
    lifecycle(context, pipeline, { type: 'phase.failed', details: { code: failure.code } }),
    lifecycle(context, pipeline, { type: 'pipeline.failed', details: { code: failure.code } }),
    ...(await keepNews(deps, pipeline)),
    refreshStatus(deps, context),
    respondAfter(deps, context),
  ]
}

async function attemptEnded(
  deps: Deps,
  report: AttemptEnded,
  lane: Parameters<JobHandler<'handle_report'>>[2],
): Promise<readonly Change[]> {
  const attempt = await deps.store.find('attempts', { id: report.attemptId })
  if (attempt === null || (attempt.status !== 'starting' && attempt.status !== 'running')) return []
  const context = await loadSession(deps.store, report.sessionId)
  const pipeline = await loadPipeline(deps.store, attempt.pipelineId)
  const ended = moveAttempt(attempt, eventOf(report.exit), {
    exit: report.exit,
    endedAt: deps.clock.now(),
  })
  const isCurrent = pipeline.runEpoch === attempt.runEpoch && pipeline.status === 'running'
  if (!isCurrent) {
    // The job that frees the session pins more than this, and must wait for this end.
    if (context.session.state === 'closed')
      return [...ended, freeSoon(deps, context), refreshStatus(deps, context)]
    // What a reviewer leaves is in no worktree of ours.
    if (attempt.role === 'producer') await pinWorktree(deps, { context, lane, reason: 'stopped' })
    return [...ended, refreshStatus(deps, context)]
  }
  return [
    ...ended,
    {
      kind: 'enqueue',
      lane: lane.key,
      idem: `finish:${attempt.id}`,
      job: followUp(attempt, report),
      runAt: deps.clock.now(),
    },
    refreshStatus(deps, context),
  ]
}

function followUp({ id: attemptId, role, runEpoch }: Attempt, { verdict }: AttemptEnded): Job {
  return role === 'reviewer'
    ? { kind: 'finish_review', attemptId, verdict }
    : { kind: 'finish_attempt', attemptId, runEpoch }
}

function eventOf(exit: AgentExit): AttemptEvent {
  if (isSuccess(exit)) return 'succeeded'
  if (exit.kind === 'lost' || exit.kind === 'stopped') return exit.kind
  return 'failed'
}
