// Everything the status comment and the check run of a session are made from, read from committed rows.

import { isMerging } from '../domain/nudge/why-held.ts'
import type { ContractTask } from '../domain/pipeline/records.ts'
import type { Backup, Pipeline, Session } from '../domain/records.ts'
import type { StatusFacts } from '../domain/text/status-comment.ts'
import type { Deps } from './deps.ts'
import { findNewestPipeline, findOpenDecision, listPhases, type SessionContext } from './queries.ts'
import { isSync } from './sync-operation.ts'

const SHOWN_ALERTS = 5

/** Returns the facts of a session as they are stored now. */
export async function statusFacts(deps: Deps, context: SessionContext): Promise<StatusFacts> {
  const { session, project } = context
  const { store } = deps
  const pipeline = await findNewestPipeline(store, session.id)
  const operations = await store.list('syncOperations', { sessionId: session.id })
  const openDecision = await findOpenDecision(store, session.id)
  return {
    session,
    project,
    pipeline,
    phases: pipeline === null ? [] : await listPhases(store, pipeline.id),
    attempts: await store.list('attempts', { sessionId: session.id }),
    ...(await reviews(deps, pipeline)),
    ...(await contractOf(deps, session)),
    openDecision,
    news: await waitingNews(deps, context, openDecision !== null),
    lastSync: operations.filter(isSync).at(-1) ?? null,
    pins: await listPins(deps, session),
    alerts: await newestAlerts(deps, session),
    isDraft: context.pullRequest.isDraft,
  }
}

async function reviews(
  { store }: Deps,
  pipeline: Pipeline | null,
): Promise<Pick<StatusFacts, 'proposals' | 'verdicts'>> {
  if (pipeline === null) return { proposals: [], verdicts: [] }
  const proposals = await store.list('proposals', { pipelineId: pipeline.id })
  const verdicts = proposals.length === 0 ? [] : await store.list('verdicts', { pipelineId: pipeline.id })
  return { proposals: proposals.toSorted((one, other) => one.createdAt - other.createdAt), verdicts }
}

/** A pipeline that answers news makes no plan: the last one that did is the one that counts. */
async function contractOf(
  { store }: Deps,
  { id: sessionId }: Session,
): Promise<Pick<StatusFacts, 'contract' | 'tasks'>> {
  const contracts = await store.list('contracts', { sessionId })
  const contract = contracts.toSorted((one, other) => one.populatedAt - other.populatedAt).at(-1) ?? null
  if (contract === null) return { contract, tasks: [] }
  const { pipelineId } = contract
  const tasks: readonly ContractTask[] = await store.list('contractTasks', { pipelineId })
  return { contract, tasks: tasks.toSorted((one, other) => one.position - other.position) }
}

async function newestAlerts(
  { store, clock }: Deps,
  { id: sessionId }: Session,
): Promise<StatusFacts['alerts']> {
  const alerts = await store.list('alerts', { sessionId })
  const newest = alerts.toSorted((one, other) => other.raisedAt - one.raisedAt).slice(0, SHOWN_ALERTS)
  return { newest, now: clock.now() }
}

/** Earlier sessions of the pull request keep their pins, and people look for them here. */
async function listPins({ store }: Deps, { projectId, prNumber }: Session): Promise<readonly Backup[]> {
  const sessions = await store.list('sessions', { projectId, prNumber })
  const pins = await store.list('backups', { sessionId: sessions.map(({ id }) => id) })
  return pins.toSorted((one, other) => one.createdAt - other.createdAt)
}

async function waitingNews(
  { store }: Deps,
  { session, project }: SessionContext,
  hasOpenQuestion: boolean,
): Promise<StatusFacts['news']> {
  const at = { projectId: project.id, prNumber: session.prNumber }
  const isOver = session.state === 'stopped' || session.state === 'closed'
  const waiting = isOver
    ? []
    : await store.list('nudges', { sessionId: session.id, status: ['pending', 'suppressed'] })
  const mirror = await store.find('mirrors', at)
  return {
    waiting,
    hasOpenQuestion,
    isMerging: isMerging({ mirror, checks: await store.list('checks', at) }),
  }
}
