// What the steps of a phase hand to each other, and the questions about it that several of them ask.

import type { Change, Job } from '../domain/changes.ts'
import type { PhaseConfig } from '../domain/config/repository-config.ts'
import { prLane } from '../domain/ids.ts'
import type { Attempt, PhaseRun, Pipeline } from '../domain/records.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import type { Deps, JobLane } from './deps.ts'
import { isBeingMerged } from './merge-hold.ts'
import { refreshStatus } from './present-session.ts'
import {
  findHoldingDecision,
  findRunningAttempt,
  loadCurrentPhase,
  loadPipeline,
  loadSession,
  type SessionContext,
} from './queries.ts'

export interface PhaseWork {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly lane: JobLane
  /** What a person chose for the next sync. */
  readonly choice: SyncChoice | undefined
}

/** Returns the work of a pipeline's current phase; null when the world moved on: another epoch, a question, an end. */
export async function loadWork(
  deps: Deps,
  job: { readonly pipelineId: string; readonly runEpoch: number; readonly choice?: SyncChoice },
  lane: JobLane,
): Promise<PhaseWork | null> {
  const pipeline = await loadPipeline(deps.store, job.pipelineId)
  if (pipeline.runEpoch !== job.runEpoch || pipeline.status !== 'running') return null
  if ((await findHoldingDecision(deps.store, pipeline.sessionId)) !== null) return null
  const context = await loadSession(deps.store, pipeline.sessionId)
  const phase = await loadCurrentPhase(deps.store, pipeline)
  return { context, pipeline, phase, lane, choice: job.choice }
}

const DEFAULTS: Omit<PhaseConfig, 'name'> = {
  prompt: '',
  produces: null,
  plan: '',
  reviewers: [],
  timeoutMs: 2 * 60 * 60 * 1000,
  silenceMs: 30 * 60 * 1000,
  restarts: 0,
}

/** Returns what the repository said about a phase when the pipeline began. */
export function phaseConfig(pipeline: Pipeline, name: string): PhaseConfig {
  const found = pipeline.config.phases.find((candidate) => candidate.name === name)
  return found ?? { ...DEFAULTS, name }
}

/**
 * Returns who must acknowledge what a phase brings to the branch, each once.
 *
 * Beside the phase's own reviewers those of earlier work that still lies in the worktree: no other phase may carry past
 * its reviewers what they refused, or never saw.
 */
export function reviewersOf({
  context,
  pipeline,
  phase,
}: Pick<PhaseWork, 'context' | 'pipeline' | 'phase'>): readonly string[] {
  const own = phaseConfig(pipeline, phase.name).reviewers
  return [...new Set([...own, ...context.session.reviewersDue])]
}

/** Returns the producer's last attempt of a phase. */
export async function findLastProducer(deps: Deps, phase: PhaseRun): Promise<Attempt | null> {
  const attempts = await deps.store.list('attempts', { phaseRunId: phase.id, role: 'producer' })
  return attempts.at(-1) ?? null
}

/** How long a job is put off, by what is in its way. */
const PAUSES = {
  /** GitHub is about to merge the pull request. */
  merge: 60_000,
  /** An attempt of an older run epoch was told to stop and has not ended yet. */
  stopping: 2_000,
} as const

export interface PutOff {
  readonly context: SessionContext
  readonly job: Job
  readonly because: keyof typeof PAUSES
}

/** Returns the changes that put a job off until what is in its way may be gone. */
export function putOff(deps: Deps, { context, job, because }: PutOff): readonly Change[] {
  const { project, session } = context
  return [
    {
      kind: 'enqueue',
      lane: prLane(project.repositoryId, session.prNumber),
      idem: `held:${job.kind}:${session.id}:${deps.ids.random(10)}`,
      job,
      runAt: deps.clock.now() + PAUSES[because],
    },
    refreshStatus(deps, context),
  ]
}

/** A second start of what runs already is done; an end waits for whoever still works. */
function isOurs({ runEpoch }: Attempt, pipeline: Pipeline, { kind }: Job): boolean {
  return runEpoch === pipeline.runEpoch && kind !== 'conclude_phase'
}

/**
 * Returns what holds a step of a phase up: nothing, or the changes that put it off; none when an attempt of this very
 * epoch runs, whose end carries the pipeline on.
 */
export async function heldUp(
  deps: Deps,
  { context, pipeline }: Pick<PhaseWork, 'context' | 'pipeline'>,
  job: Job,
): Promise<readonly Change[] | null> {
  const running = await findRunningAttempt(deps.store, pipeline.sessionId)
  if (running !== null)
    return isOurs(running, pipeline, job) ? [] : putOff(deps, { context, job, because: 'stopping' })
  return (await isBeingMerged(deps, context)) ? putOff(deps, { context, job, because: 'merge' }) : null
}
