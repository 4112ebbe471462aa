// The frame around every job: run its handler, finish it in one transaction, look again when the world moved, and end
// visibly what can not be done. Nothing is left without an end that a person can see.

import { update, type Change, type CommandSource, type Job } from '../domain/changes.ts'
import type { RunnerReport } from '../domain/events.ts'
import { isAppError } from '../domain/errors/app-error.ts'
import { ERRORS } from '../domain/errors/catalogue.ts'
import { isTransient } from '../domain/errors/is-transient.ts'
import { isLastTry } from '../domain/is-last-try.ts'
import type { Failure } from '../domain/records.ts'
import type { JobContext } from '../ports/lanes.ts'
import type { CommitOutcome } from '../ports/store.ts'
import { cancelPipeline } from './cancel-pipeline.ts'
import { commandRefused } from './command-life.ts'
import type { Deps } from './deps.ts'
import { closeUnborn } from './end-session.ts'
import { askFromJournal } from './ask-from-journal.ts'
import { lifecycle } from './lifecycle.ts'
import { moveAttempt, movePhase, movePipeline } from './move.ts'
import { refreshStatus } from './present-session.ts'
import { staleProposals } from './propose.ts'
import { loadCurrentPhase, loadPipeline, loadSession, repositoryOf } from './queries.ts'
import { raiseWorkspaceHeld } from './raise-alert.ts'
import { respondAfter } from './respond-soon.ts'
import { runJob } from './run-job.ts'
import { keepNews } from './told-news.ts'
import { watchersOver } from './watch-phases.ts'

/** A refused commit means the facts changed meanwhile; then the handler looks again. */
const MOST_LOOKS = 3

/** Runs and finishes one job. Throws what the lane should try again later. */
export async function handleJob(deps: Deps, context: JobContext): Promise<void> {
  const { job, attempts } = context.job
  const lane = { ...context.lane, attempt: attempts + 1 }
  let refusal: CommitOutcome | null = null
  try {
    for (let looks = 1; looks <= MOST_LOOKS; looks += 1) {
      const outcome = await context.finish(await runJob(deps, job, lane))
      if (outcome.kind === 'committed') return
      refusal = outcome
    }
    throw new Error(`The changes of ${job.kind} were refused: ${JSON.stringify(refusal)}`)
  } catch (error) {
    const ageMs = deps.clock.now() - context.job.createdAt
    const isLast = isLastTry({ attempts, isTransient: isTransient(error), ageMs })
    if (isAppError(error, 'LANE_LOST') || !isLast) throw error
    deps.log.error({ error, lane: lane.key, kind: job.kind }, 'job_given_up')
    const ending = await giveUp(deps, job, error)
    // Nobody waits for it: it becomes a dead job, which the doctor shows.
    if (ending === null) throw error
    await context.finish(ending)
  }
}

/** Returns what tells people that a job was given up; null for a job that nobody waits for. */
async function giveUp(deps: Deps, job: Job, error: unknown): Promise<readonly Change[] | null> {
  switch (job.kind) {
    case 'run_command':
      return refuseCommand(deps, {
        projectOf: job.repository.repositoryId,
        number: job.number,
        source: job.source,
        error,
      })
    case 'prepare_workspace':
    case 'start_phase':
    case 'conclude_phase':
      return failPipeline(deps, job.pipelineId, error)
    case 'start_review': {
      const proposal = await deps.store.find('proposals', { id: job.proposalId })
      return proposal === null ? null : failPipeline(deps, proposal.pipelineId, error)
    }
    case 'finish_attempt':
    case 'finish_review': {
      const attempt = await deps.store.find('attempts', { id: job.attemptId })
      return attempt === null ? null : failPipeline(deps, attempt.pipelineId, error)
    }
    case 'act_on_answer':
      return failAction(deps, job, error)
    case 'handle_report':
      return job.report.kind === 'attempt_ended' ? endUnsaved(deps, job.report, error) : null
    case 'sync_session':
    case 'answer_decision':
    case 'populate_contract':
    case 'restart_phase':
    case 'rescue_commits':
    case 'rescue_backup':
      return job.source === null ? null : refuseFromSource(deps, job.source, error)
    default:
      return null
  }
}

async function refuseFromSource(
  deps: Deps,
  source: CommandSource,
  error: unknown,
): Promise<readonly Change[]> {
  const command = await deps.store.find('commands', { id: source.commandId })
  const project = command === null ? null : await deps.store.find('projects', { id: command.projectId })
  if (command === null || project === null) return []
  return refuseCommand(deps, { projectOf: project.repositoryId, number: command.prNumber, source, error })
}

async function refuseCommand(
  deps: Deps,
  facts: {
    readonly projectOf: number
    readonly number: number
    readonly source: CommandSource
    readonly error: unknown
  },
): Promise<readonly Change[]> {
  const project = await deps.store.find('projects', { repositoryId: facts.projectOf })
  if (project === null) return []
  const place = { repository: repositoryOf(project), number: facts.number }
  const command = await deps.store.find('commands', { id: facts.source.commandId })
  const verb = command?.verb ?? 'command'
  return commandRefused(place, facts.source, { kind: 'broken', verb, ...wordsFor(facts.error) })
}

async function failPipeline(deps: Deps, pipelineId: string, error: unknown): Promise<readonly Change[]> {
  const pipeline = await loadPipeline(deps.store, pipelineId)
  if (pipeline.status !== 'running' && pipeline.status !== 'pending') return []
  const context = await loadSession(deps.store, pipeline.sessionId)
  const asked = await askFromJournal(deps, context, pipeline)
  if (asked !== null) return asked
  const endedAt = deps.clock.now()
  const failure: Failure = { code: 'internal', detail: wordsFor(error).message }
  const phase = await loadCurrentPhase(deps.store, pipeline)
  return [
    ...movePipeline(pipeline, 'gave_up', { failure, endedAt }),
    ...movePhase(phase, 'gave_up', { failure, endedAt }),
    ...(await staleProposals(deps, phase)),
    ...(await watchersOver(deps, pipeline.id)),
    lifecycle(context, pipeline, { type: 'phase.failed', details: { code: failure.code } }),
    lifecycle(context, pipeline, { type: 'pipeline.failed', details: { code: failure.code } }),
    ...closeUnborn(context.session, endedAt),
    ...(await keepNews(deps, pipeline)),
    refreshStatus(deps, context),
    respondAfter(deps, context),
  ]
}

/** An attempt whose end can not be seen to has ended all the same: what waits for it must not wait for ever. */
async function endUnsaved(
  deps: Deps,
  { attemptId, exit }: Extract<RunnerReport, { readonly kind: 'attempt_ended' }>,
  error: unknown,
): Promise<readonly Change[] | null> {
  const attempt = await deps.store.find('attempts', { id: attemptId })
  if (attempt === null || attempt.endedAt !== null) return null
  const { session } = await loadSession(deps.store, attempt.sessionId)
  const pipeline = await loadPipeline(deps.store, attempt.pipelineId)
  const isCurrent = pipeline.runEpoch === attempt.runEpoch
  const detail = `What attempt ${attemptId} left could not be pinned: ${wordsFor(error).message}`
  return [
    ...moveAttempt(attempt, exit.kind === 'lost' ? 'lost' : 'stopped', {
      exit,
      endedAt: deps.clock.now(),
    }),
    ...(isCurrent ? await failPipeline(deps, pipeline.id, error) : []),
    ...(await raiseWorkspaceHeld(deps, { session, detail })),
  ]
}

/** An answer whose effect is given up must not hold everything up for ever: the pipeline ends, and can be run again. */
async function failAction(
  deps: Deps,
  { projectId, decisionId, source }: Extract<Job, { readonly kind: 'act_on_answer' }>,
  error: unknown,
): Promise<readonly Change[] | null> {
  const decision = await deps.store.find('decisions', { projectId, id: decisionId })
  if (decision === null) return null
  const context = await loadSession(deps.store, decision.sessionId)
  const failure: Failure = { code: 'internal', detail: wordsFor(error).message }
  return [
    update('decisions', {
      where: { projectId, id: decisionId },
      set: { actedAt: deps.clock.now() },
      expect: { status: 'resolved', actedAt: null },
    }),
    ...(await cancelPipeline(deps, { context, decision, failure })),
    ...(source === null ? [] : await refuseFromSource(deps, source, error)),
    refreshStatus(deps, context),
  ]
}

/** Only texts of the catalogue reach people; anything else stays in the log. */
function wordsFor(error: unknown): { readonly message: string; readonly hint: string } {
  if (isAppError(error) && ERRORS[error.code].audience === 'user')
    return { message: error.message, hint: error.hint }
  return {
    message: 'Something went wrong inside Belay. Nothing was discarded.',
    hint: 'The operator finds the cause in the log.',
  }
}
