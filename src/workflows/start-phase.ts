// Begins the current phase of a pipeline: sync, then one attempt of the agent. The attempt's row, with a new run
// epoch, is committed before the process is spawned; the lane is released and never waits for the agent.

import { demand, insert, update, type Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Attempt, PhaseRun, Pipeline } from '../domain/records.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import { attemptPrompt } from './attempt-prompt.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { askAboutContract } from './fill-contract.ts'
import { findPlanningPhase } from './planning-phase.ts'
import { lifecycle } from './lifecycle.ts'
import { moveAttempt, movePhase } from './move.ts'
import { newAttempt } from './new-attempt.ts'
import { openDecision } from './open-decision.ts'
import { heldUp, loadWork, phaseConfig, reviewersOf, type PhaseWork } from './phase-work.ts'
import { refreshStatus } from './present-session.ts'
import { listPhases, type SessionContext } from './queries.ts'
import { remoteAfter } from './sync-heads.ts'
import type { SyncReport } from './sync-operation.ts'
import { syncWorktree } from './sync-worktree.ts'
import { withUntold } from './untold.ts'
import { watchOpened } from './watch-phases.ts'

/** Starts the phase unless the world moved on: another epoch, an open question, an attempt that runs. */
export const startPhase: JobHandler<'start_phase'> = async (deps, job, lane) => {
  const work = await loadWork(deps, job, lane)
  if (work === null) return []
  const { context, pipeline, phase } = work
  const held = await heldUp(deps, work, job)
  if (held !== null) return held
  const { choice } = job
  const report = await syncWorktree(deps, {
    context,
    pipeline,
    trigger: 'phase_start',
    push: false,
    choice,
    lane,
  })
  if (!caseSpec(report.case).mayGoOn) {
    return openDecision(deps, { context, pipeline, report, moment: 'phase_start' })
  }
  const missing = await askAboutMissingContract(deps, work, report)
  if (missing !== null) return [...report.changes, ...missing]
  const briefings = phase.startedAt === null ? await withUntold(deps, work) : phase.briefings
  const order = { context, pipeline, phase: { ...phase, briefings }, lane }
  const attempt = attemptRow(deps, order)
  const opened = await deps.store.commit([...report.changes, ...attemptOpened(deps, order, attempt)], lane)
  // Refused: a question or an attempt appeared meanwhile, and whatever it was will carry the pipeline on.
  if (opened.kind === 'refused') return []
  return spawnAttempt(deps, order, attempt)
}

/** A phase behind the one that makes the contract never starts without its tasks. */
async function askAboutMissingContract(
  deps: Deps,
  { context, pipeline, phase }: PhaseWork,
  report: SyncReport,
): Promise<readonly Change[] | null> {
  const planning = findPlanningPhase(pipeline, await listPhases(deps.store, pipeline.id), {
    position: phase.position - 1,
  })
  if (planning === null) return null
  const tasks = await deps.store.list('contractTasks', { pipelineId: pipeline.id })
  if (tasks.some(({ status }) => status !== 'dropped')) return null
  const { plan: path } = phaseConfig(pipeline, planning.name)
  const headSha = remoteAfter(report) ?? context.pullRequest.headSha
  const filled = { kind: 'empty_result', path } as const
  return askAboutContract(deps, { work: { context, pipeline, phase }, filled, gate: 'phase_start', headSha })
}

interface PhaseOrder {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly lane: JobLane
}

function attemptRow(deps: Deps, { context, pipeline, phase }: PhaseOrder): Attempt {
  return newAttempt(deps, {
    phaseRunId: phase.id,
    pipelineId: pipeline.id,
    sessionId: pipeline.sessionId,
    runEpoch: pipeline.runEpoch + 1,
    role: 'producer',
    agent: context.session.agent,
    proposalId: null,
  })
}

function attemptOpened(
  deps: Deps,
  { context, pipeline, phase }: PhaseOrder,
  attempt: Attempt,
): readonly Change[] {
  const isFirst = phase.startedAt === null
  const opened = { ...pipeline, runEpoch: attempt.runEpoch }
  return [
    demand({ kind: 'no_open_decision', sessionId: pipeline.sessionId }),
    demand({ kind: 'no_running_attempt', sessionId: pipeline.sessionId }),
    update('pipelines', {
      where: { id: pipeline.id },
      set: { runEpoch: attempt.runEpoch },
      expect: { runEpoch: pipeline.runEpoch, status: 'running' },
    }),
    ...movePhase(phase, 'started', {
      startedAt: phase.startedAt ?? attempt.startedAt,
      briefings: phase.briefings,
      failure: null,
      endedAt: null,
    }),
    ...(isFirst ? [watchOpened({ pipeline, phase, runEpoch: attempt.runEpoch }, attempt.startedAt)] : []),
    insert('attempts', attempt),
    // Before the agent can commit anything: what it leaves is theirs to judge, however it ends.
    update('sessions', {
      where: { id: context.session.id },
      set: { reviewersDue: reviewersOf({ context, pipeline, phase }) },
    }),
    ...(isFirst ? [lifecycle(context, opened, { type: 'phase.started' })] : []),
    refreshStatus(deps, context),
  ]
}

async function spawnAttempt(deps: Deps, order: PhaseOrder, attempt: Attempt): Promise<readonly Change[]> {
  const { context, pipeline, phase, lane } = order
  const { timeoutMs, silenceMs } = phaseConfig(pipeline, phase.name)
  const { prompt, threads, tasks } = await attemptPrompt(deps, { context, pipeline, phase })
  const { pid } = await deps.runner.startAttempt({
    workspace: context.workspace,
    attemptId: attempt.id,
    agent: context.session.agent,
    phase: phase.name,
    role: 'producer',
    place: { kind: 'worktree' },
    prNumber: context.session.prNumber,
    prompt,
    threads,
    tasks,
    runEpoch: attempt.runEpoch,
    timeoutMs,
    silenceMs,
    fence: lane.fence,
  })
  return moveAttempt(attempt, 'spawned', { pid })
}

/** Returns the change that has a pipeline's current phase started. */
export function enqueueStartPhase(
  deps: Deps,
  context: SessionContext,
  start: {
    readonly pipelineId: string
    readonly runEpoch: number
    readonly delayMs: number
    readonly choice?: SyncChoice | undefined
  },
): Change {
  const { pipelineId, runEpoch, choice } = start
  return {
    kind: 'enqueue',
    lane: prLane(context.project.repositoryId, context.session.prNumber),
    idem: `start:${pipelineId}:${runEpoch}:${deps.ids.random(6)}`,
    job: { kind: 'start_phase', pipelineId, runEpoch, ...(choice === undefined ? {} : { choice }) },
    runAt: deps.clock.now() + start.delayMs,
  }
}
