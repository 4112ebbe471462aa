// Runs a phase again because a person wants it: a new run epoch, the phase from its producer, later phases from their
// beginning. What earlier attempts made stays where it lies.

import type { Change, Job } from '../domain/changes.ts'
import { addBriefing } from '../domain/pipeline/briefings.ts'
import { PIPELINE_TRANSITIONS } from '../domain/pipeline/transitions.ts'
import type { Backup, PhaseRun, Pipeline } from '../domain/records.ts'
import { exitWords } from '../domain/text/exit-words.ts'
import type { Reply } from '../domain/text/reply.ts'
import { restartedBriefing } from '../domain/text/work-briefing.ts'
import type { RestartReply } from '../ports/requests.ts'
import type { Deps, JobHandler } from './deps.ts'
import { endRequest } from './end-request.ts'
import { lifecycle } from './lifecycle.ts'
import { movePhase, movePipeline } from './move.ts'
import { findLastProducer } from './phase-work.ts'
import { refreshStatus } from './present-session.ts'
import { staleProposals } from './propose.ts'
import { findNewestPipeline, listPhases, loadPipeline, loadSession, type SessionContext } from './queries.ts'
import { enqueueStartPhase } from './start-phase.ts'
import { watchersOver } from './watch-phases.ts'
import { whyNotNow } from './why-not-now.ts'

type RestartJob = Extract<Job, { readonly kind: 'restart_phase' }>

/** Starts the phase again, or says why not. */
export const restartPhase: JobHandler<'restart_phase'> = async (deps, job) => {
  const pipeline = await loadPipeline(deps.store, job.pipelineId)
  const context = await loadSession(deps.store, pipeline.sessionId)
  const notNow = await whyNotNow(deps, context, 'retry')
  if (notNow !== null) return ended(deps, { job, context }, notNow)
  const newest = await findNewestPipeline(deps.store, pipeline.sessionId)
  const { status } = pipeline
  if (newest?.id !== pipeline.id || PIPELINE_TRANSITIONS[status].restarted === 'refused') {
    const reply = { kind: 'not_restartable', verb: 'retry', status } as const
    return ended(deps, { job, context }, { said: { kind: 'not_restartable', status }, reply })
  }
  const phases = await listPhases(deps.store, pipeline.id)
  const wanted = job.phase ?? pipeline.currentPhase
  const phase = phases.find(({ name }) => name === wanted)
  const current = phases.find(({ name }) => name === pipeline.currentPhase)
  if (phase === undefined || current === undefined || phase.position > current.position)
    return ended(deps, { job, context }, notThatOne(phases, current))
  const restart = { context, pipeline, phase, later: phases.filter((one) => one.position > phase.position) }
  return [...(await restarted(deps, restart, job.actor)), ...done(deps, { job, context }, restart)]
}

interface Restart {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly later: readonly PhaseRun[]
}

const FROM_ITS_BEGINNING = {
  startedAt: null,
  endedAt: null,
  restarts: 0,
  rounds: 0,
  result: null,
  failure: null,
} as const

async function restarted(
  deps: Deps,
  { context, pipeline, phase, later }: Restart,
  by: string,
): Promise<readonly Change[]> {
  const runEpoch = pipeline.runEpoch + 1
  const last = await findLastProducer(deps, phase)
  const ending = last === null || last.status === 'succeeded' ? '' : exitWords(last.exit)
  const pins = await lastPins(deps, pipeline)
  const text = restartedBriefing({ by, branch: context.session.branch, ending, pins })
  const opened = { ...pipeline, runEpoch, currentPhase: phase.name }
  return [
    ...movePipeline(pipeline, 'restarted', {
      runEpoch,
      currentPhase: phase.name,
      failure: null,
      endedAt: null,
    }),
    ...movePhase(phase, 'restarted', {
      ...FROM_ITS_BEGINNING,
      briefings: addBriefing(phase.briefings, { about: 'turn', text }),
    }),
    ...later.flatMap((one) => movePhase(one, 'rewound', FROM_ITS_BEGINNING)),
    ...(await Promise.all([phase, ...later].map((one) => staleProposals(deps, one)))).flat(),
    ...(await watchersOver(deps, pipeline.id)),
    lifecycle(context, opened, { type: 'pipeline.started', details: { phase: phase.name, by } }),
    enqueueStartPhase(deps, context, { pipelineId: pipeline.id, runEpoch, delayMs: 0 }),
    refreshStatus(deps, context),
  ]
}

/** What the attempts since the pipeline began left behind when they did not end well; the newest is what matters. */
async function lastPins({ store }: Deps, pipeline: Pipeline): Promise<readonly Backup[]> {
  const { sessionId, createdAt } = pipeline
  const pins = await store.list('backups', { sessionId, reason: ['failed_attempt', 'stopped'] })
  return pins.filter((pin) => pin.createdAt >= createdAt).slice(-1)
}

function notThatOne(
  phases: readonly PhaseRun[],
  current: PhaseRun | undefined,
): { readonly said: RestartReply; readonly reply: Reply } {
  const known = phases.filter(({ position }) => position <= (current?.position ?? 0)).map(({ name }) => name)
  const said = { kind: 'phase_not_found', known } as const
  return { said, reply: { kind: 'not_restartable', verb: 'retry', status: 'pending' } }
}

interface Ending {
  readonly job: RestartJob
  readonly context: SessionContext
}

function ended(
  deps: Deps,
  { job, context }: Ending,
  end: { readonly said: RestartReply; readonly reply: Reply },
): readonly Change[] {
  const { pipelineId: target } = job
  return endRequest(deps, { context, asked: job, action: 'restart_phase', target, ...end, isDone: false })
}

function done(deps: Deps, { job, context }: Ending, { pipeline, phase }: Restart): readonly Change[] {
  const said: RestartReply = { kind: 'restarted', phase: phase.name, runEpoch: pipeline.runEpoch + 1 }
  const reply = { kind: 'phase_restarted', phase: phase.name } as const
  const target = pipeline.id
  return endRequest(deps, { context, asked: job, action: 'restart_phase', target, said, reply, isDone: true })
}
