// What GitHub shows of a session: status comment, check run and questions, made from committed rows. Every change of
// state enqueues a refresh; equal content writes nothing, so refreshing too often costs nothing.

import { upsert, type Change } from '../domain/changes.ts'
import type { Effect } from '../domain/effects.ts'
import { prLane } from '../domain/ids.ts'
import type { Backup, Decision, Session } from '../domain/records.ts'
import { neededRole } from '../domain/command/may-run.ts'
import { isMerging } from '../domain/nudge/why-held.ts'
import { checkRunTarget, planCheckRun } from '../domain/session/check-run.ts'
import { renderCheckRun, renderContinuedAt } from '../domain/text/check-run.ts'
import { renderQuestion } from '../domain/text/question-comment.ts'
import { renderStatus, type StatusFacts } from '../domain/text/status-comment.ts'
import type { Deps, JobHandler } from './deps.ts'
import {
  findNewestPipeline,
  findOpenDecision,
  listPhases,
  loadSession,
  type SessionContext,
} from './queries.ts'
import { rescueNotes, withPinsOfNow } from './rescue-notes.ts'
import { isSync } from './sync-operation.ts'

/** Whose status it is, and where. */
export interface StatusOf {
  readonly project: { readonly repositoryId: number }
  readonly session: { readonly id: string; readonly prNumber: number }
}

/** Returns the change that has status comment, check run and closed questions brought up to date after the commit. */
export function refreshStatus(deps: Deps, context: StatusOf): Change {
  return {
    kind: 'enqueue',
    lane: prLane(context.project.repositoryId, context.session.prNumber),
    idem: `refresh:${context.session.id}:${deps.ids.random(12)}`,
    job: { kind: 'refresh_status', sessionId: context.session.id },
    runAt: deps.clock.now(),
  }
}

/** Brings everything GitHub shows of the session up to date. */
export const handleRefreshStatus: JobHandler<'refresh_status'> = async (deps, job) => {
  const context = await loadSession(deps.store, job.sessionId)
  const facts = await statusFacts(deps, context)
  const decisions = await deps.store.list('decisions', { sessionId: context.session.id })
  const newestOfChain = new Map(decisions.map((decision) => [decision.rootId, decision]))
  const closed = [...newestOfChain.values()].filter((decision) => decision.status !== 'pending')
  const questions = await Promise.all(closed.map((decision) => presentDecision(deps, context, decision)))
  return [statusEffect(context, facts), ...(await checkRunChanges(deps, context, facts)), ...questions.flat()]
}

function statusEffect(context: SessionContext, facts: StatusFacts): Change {
  const { project, session } = context
  return put({
    kind: 'comment',
    target: `status:${project.id}#${session.prNumber}`,
    repository: context.repository,
    issueNumber: session.prNumber,
    body: renderStatus(facts),
  })
}

async function statusFacts(deps: Deps, context: SessionContext): Promise<StatusFacts> {
  const { session, project } = context
  const pipeline = await findNewestPipeline(deps.store, session.id)
  const operations = await deps.store.list('syncOperations', { sessionId: session.id })
  const openDecision = await findOpenDecision(deps.store, session.id)
  return {
    session,
    project,
    pipeline,
    phases: pipeline === null ? [] : await listPhases(deps.store, pipeline.id),
    attempts: await deps.store.list('attempts', { sessionId: session.id }),
    openDecision,
    news: await waitingNews(deps, context, openDecision !== null),
    lastSync: operations.filter(isSync).at(-1) ?? null,
    pins: await listPins(deps, session),
    isDraft: context.pullRequest.isDraft,
  }
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

/** Returns the effect that shows a question as it is stored now: open, answered or withdrawn. */
export async function presentDecision(
  deps: Deps,
  context: SessionContext,
  decision: Decision,
): Promise<readonly Change[]> {
  const chain = await deps.store.list('decisions', { projectId: decision.projectId, rootId: decision.rootId })
  const earlier = chain.filter((other) => other.createdAt <= decision.createdAt && other.id !== decision.id)
  const body = renderQuestion(await withPinsOfNow(deps, decision), {
    asks: asked(context),
    needs: neededRole({ verb: 'answer', configured: context.project.config?.permissions ?? {} }),
    rescues: await rescueNotes(deps, context, decision),
    replaces: earlier.map((other) => other.id),
  })
  return [
    put({
      kind: 'comment',
      target: `question:${decision.projectId}:${decision.rootId}`,
      repository: context.repository,
      issueNumber: decision.prNumber,
      body,
    }),
  ]
}

/** Who is mentioned: the person who started the session. */
function asked(context: SessionContext): string | null {
  return context.session.startedBy
}

async function checkRunChanges(
  deps: Deps,
  context: SessionContext,
  facts: StatusFacts,
): Promise<readonly Change[]> {
  const { project, session, pullRequest } = context
  const shown = renderCheckRun(facts)
  const rows = await deps.store.list('checkRuns', { projectId: project.id, prNumber: session.prNumber })
  const plan = planCheckRun(rows, { headSha: pullRequest.headSha, state: shown.state })
  const key = { projectId: project.id, prNumber: session.prNumber, ...plan.current }
  const closing = renderContinuedAt(pullRequest.headSha)
  return [
    ...plan.toClose.flatMap((row) => [
      upsert('checkRuns', { ...row, isCompleted: true }),
      put({
        ...closing,
        kind: 'check_run',
        target: checkRunTarget(row),
        repository: context.repository,
        headSha: row.headSha,
        externalId: row.externalId,
      }),
    ]),
    upsert('checkRuns', {
      ...key,
      externalId: shown.externalId,
      isCompleted: shown.state.status === 'completed',
      createdAt:
        rows.find((row) => row.headSha === key.headSha && row.generation === key.generation)?.createdAt ??
        deps.clock.now(),
    }),
    put({
      ...shown,
      kind: 'check_run',
      target: checkRunTarget(key),
      repository: context.repository,
      headSha: key.headSha,
    }),
  ]
}

function put(effect: Effect): Change {
  return { kind: 'put_effect', effect }
}
