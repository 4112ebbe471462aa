// The overseer at work: the facts of the phases that are watched, what is wrong with them, and the alerts about it. It
// needs no agent and no memory of its own. The alert and the memory of it are one transaction, so none is raised twice and
// none is lost: what could not be stored is logged and tried again like every job.

import { update, type Change } from '../domain/changes.ts'
import { phaseRunId, prLane } from '../domain/ids.ts'
import { fingerprint } from '../domain/nudge/signature.ts'
import { findAnomalies, type Finding, type Refusal } from '../domain/pipeline/oversee.ts'
import type { Anomaly, Overseer } from '../domain/pipeline/records.ts'
import type { AlertCode, Pipeline } from '../domain/records.ts'
import type { Deps, JobHandler } from './deps.ts'
import { refreshStatus } from './present-session.ts'
import { loadSession } from './queries.ts'
import { raiseAlert } from './raise-alert.ts'

const CODES: Readonly<Record<Anomaly, AlertCode>> = {
  stall: 'overseer_stall',
  loop: 'overseer_loop',
  budget: 'overseer_budget',
}

/** A look that was given up is asked for again after this time. */
const ASK_AGAIN_MS = 10 * 60_000

/** Raises what is wrong with a watched phase and was not raised yet. */
export const oversee: JobHandler<'oversee'> = async (deps, job) => {
  const overseer = await deps.store.find('overseers', { id: job.overseerId, status: 'watching' })
  if (overseer === null) return []
  const [watch] = await lookAt(deps, [overseer])
  if (watch === undefined) return []
  const context = await loadSession(deps.store, overseer.sessionId)
  const { id: projectId } = context.project
  const { sessionId, pipelineId, runEpoch } = overseer
  const subject = { projectId, prNumber: context.session.prNumber, sessionId, pipelineId }
  const alerts = await Promise.all(
    watch.findings.map(({ anomaly, about, details }) =>
      raiseAlert(deps, {
        code: CODES[anomaly],
        subject,
        details: { ...details, about, run_epoch: runEpoch },
      }),
    ),
  )
  const raised = [...overseer.raised, ...watch.findings.map(({ anomaly, about }) => ({ anomaly, about }))]
  return [
    ...alerts.flat(),
    update('overseers', {
      where: { id: overseer.id },
      set: { raised },
      expect: { status: 'watching' },
    }),
    refreshStatus(deps, context),
  ]
}

/** Has every phase looked at in its lane in which something new is wrong; returns how many. */
export async function overseeAll(deps: Deps): Promise<number> {
  const watches = await lookAt(deps, await deps.store.list('overseers', { status: 'watching' }))
  const changes = await Promise.all(watches.map((watch) => askFor(deps, watch)))
  if (changes.length > 0) await deps.store.commit(changes, null)
  return changes.length
}

interface Watch {
  readonly overseer: Overseer
  readonly findings: readonly Finding[]
}

async function askFor(deps: Deps, { overseer, findings }: Watch): Promise<Change> {
  const { project, session } = await loadSession(deps.store, overseer.sessionId)
  const now = deps.clock.now()
  const about = fingerprint(JSON.stringify(findings.map(({ anomaly, about: of }) => [anomaly, of])))
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, session.prNumber),
    idem: `oversee:${overseer.id}:${about}:${Math.floor(now / ASK_AGAIN_MS)}`,
    job: { kind: 'oversee', overseerId: overseer.id },
    runAt: now,
  }
}

/** Returns the watches with something new to raise; how many are looked at changes nothing in how often the store is asked. */
async function lookAt(deps: Deps, overseers: readonly Overseer[]): Promise<readonly Watch[]> {
  const pipelines = await listWatchable(deps, overseers)
  if (pipelines.length === 0) return []
  const facts = await loadFacts(deps, pipelines)
  const watches = overseers.flatMap((overseer) => {
    const pipeline = pipelines.find(({ id }) => id === overseer.pipelineId)
    return pipeline === undefined
      ? []
      : [{ overseer, findings: findingsOf(deps, { overseer, pipeline, facts }) }]
  })
  return watches.filter(({ findings }) => findings.length > 0)
}

/** A pipeline that ended, waits, or asks has no agent that could be at fault. */
async function listWatchable({ store }: Deps, overseers: readonly Overseer[]): Promise<readonly Pipeline[]> {
  if (overseers.length === 0) return []
  const running = await store.list('pipelines', {
    id: overseers.map(({ pipelineId }) => pipelineId),
    status: 'running',
  })
  if (running.length === 0) return []
  const asking = await store.list('decisions', {
    sessionId: running.map(({ sessionId }) => sessionId),
    status: 'pending',
  })
  const asks = new Set(asking.map(({ sessionId }) => sessionId))
  return running.filter(({ sessionId }) => !asks.has(sessionId))
}

type Facts = Awaited<ReturnType<typeof loadFacts>>

async function loadFacts({ store }: Deps, pipelines: readonly Pipeline[]) {
  const pipelineId = pipelines.map(({ id }) => id)
  const [attempts, questions, proposals, verdicts, overseers] = await Promise.all([
    store.list('attempts', { pipelineId }),
    store.list('decisions', { pipelineId }),
    store.list('proposals', { pipelineId }),
    store.list('verdicts', { pipelineId, status: 'nack' }),
    store.list('overseers', { pipelineId }),
  ])
  return { attempts, questions, proposals, verdicts, overseers }
}

/** The phase that the pipeline stands at: a watch over another one has nothing left to see. */
function findingsOf(
  { clock }: Deps,
  { overseer, pipeline, facts }: { overseer: Overseer; pipeline: Pipeline; facts: Facts },
): readonly Finding[] {
  const name = pipeline.currentPhase
  const id = phaseRunId(pipeline.id, name)
  if (overseer.phaseRunId !== id) return []
  const ofPipeline = ({ pipelineId }: { readonly pipelineId: string }): boolean => pipelineId === pipeline.id
  return findAnomalies({
    now: clock.now(),
    limits: pipeline.config.overseer,
    pipelineId: pipeline.id,
    phase: { id, name },
    attempts: facts.attempts.filter(ofPipeline),
    questions: facts.questions.filter(ofPipeline),
    refusals: refusalsOf(facts, id),
    raised: facts.overseers.filter(ofPipeline).flatMap(({ raised }) => raised),
  })
}

function refusalsOf({ proposals, verdicts }: Facts, phaseRun: string): readonly Refusal[] {
  const ids = new Set(proposals.filter((proposal) => proposal.phaseRunId === phaseRun).map(({ id }) => id))
  return verdicts.filter(({ proposalId }) => ids.has(proposalId))
}
