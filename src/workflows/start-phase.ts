// Begins the current phase of a pipeline: sync, then one attempt of the agent. The attempt's row, with a new run
// epoch, is committed before the process is spawned; the lane is released and never waits for the agent.

import { demand, insert, update, type Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Attempt, PhaseRun, Pipeline } from '../domain/records.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { attemptPrompt } from './attempt-prompt.ts'
import { openDecision } from './open-decision.ts'
import { refreshStatus } from './present-session.ts'
import {
  findOpenDecision,
  findRunningAttempt,
  loadCurrentPhase,
  loadPipeline,
  loadSession,
  type SessionContext,
} from './queries.ts'
import { syncWorktree } from './sync-worktree.ts'

/** Starts the phase unless the world moved on: another epoch, an open question, an attempt that runs. */
export const startPhase: JobHandler<'start_phase'> = async (deps, job, lane) => {
  const pipeline = await loadPipeline(deps.store, job.pipelineId)
  if (pipeline.runEpoch !== job.runEpoch || pipeline.status !== 'running') return []
  if ((await findOpenDecision(deps.store, pipeline.sessionId)) !== null) return []
  if ((await findRunningAttempt(deps.store, pipeline.sessionId)) !== null) return []
  const context = await loadSession(deps.store, pipeline.sessionId)
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
  const phase = await loadCurrentPhase(deps.store, pipeline)
  const order = { context, pipeline, phase, lane }
  const attempt = attemptRow(deps, order)
  const opened = await deps.store.commit([...report.changes, ...attemptOpened(deps, order, attempt)], lane)
  // Refused: a question or an attempt appeared meanwhile, and whatever it was will carry the pipeline on.
  if (opened.kind === 'refused') return []
  return spawnAttempt(deps, order, attempt)
}

interface PhaseOrder {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly lane: JobLane
}

function attemptRow(deps: Deps, { pipeline, phase }: PhaseOrder): Attempt {
  const now = deps.clock.now()
  return {
    id: `at_${deps.ids.random(12)}`,
    phaseRunId: phase.id,
    pipelineId: pipeline.id,
    sessionId: pipeline.sessionId,
    runEpoch: pipeline.runEpoch + 1,
    status: 'starting',
    pid: null,
    exit: null,
    leaseUntil: now + deps.settings.attemptLeaseMs,
    startedAt: now,
    endedAt: null,
  }
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
    update('phaseRuns', {
      where: { id: phase.id },
      set: {
        status: 'running',
        startedAt: phase.startedAt ?? attempt.startedAt,
        failure: null,
        endedAt: null,
      },
    }),
    insert('attempts', attempt),
    ...(isFirst ? [lifecycle(context, opened, { type: 'phase.started' })] : []),
    refreshStatus(deps, context),
  ]
}

async function spawnAttempt(deps: Deps, order: PhaseOrder, attempt: Attempt): Promise<readonly Change[]> {
  const { context, pipeline, phase, lane } = order
  const config = pipeline.config.phases.find((candidate) => candidate.name === phase.name)
  const { prompt, threads } = await attemptPrompt(deps, { context, pipeline, phase })
  const { pid } = await deps.runner.startAttempt({
    workspace: context.workspace,
    attemptId: attempt.id,
    agent: context.session.agent,
    phase: phase.name,
    role: 'producer',
    prNumber: context.session.prNumber,
    prompt,
    threads,
    runEpoch: attempt.runEpoch,
    timeoutMs: config?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    fence: lane.fence,
  })
  return [
    update('attempts', {
      where: { id: attempt.id },
      set: { status: 'running', pid },
      expect: { status: 'starting' },
    }),
  ]
}

/** Two hours, as the configuration's own default. */
const DEFAULT_TIMEOUT_MS = 2 * 60 * 60 * 1000

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
