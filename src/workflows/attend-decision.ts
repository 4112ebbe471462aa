// Sees to questions that nobody answers: a reminder after a day, two, four and so on, and, where the repository wants it,
// their end. Whatever is due is judged once more in the lane, so that an answer that came meanwhile always wins.

import { insert, update, type Change } from '../domain/changes.ts'
import { dutyOf, remindersDue, type Duty, type WaitingQuestion } from '../domain/decision/waiting.ts'
import { prLane } from '../domain/ids.ts'
import type { Decision, Failure } from '../domain/records.ts'
import { cancelPipeline } from './cancel-pipeline.ts'
import { replyComment } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import { configOf } from './load-config.ts'
import { refreshStatus } from './present-session.ts'
import { loadSession, type SessionContext } from './queries.ts'
import { respondAfter } from './respond-soon.ts'
import { leaveNewsToPeople } from './told-news.ts'

/** A duty whose job was given up is asked for again after this time. */
const ASK_AGAIN_MS = 60 * 60_000

/** Has every question seen to that waited long enough; returns how many. */
export async function attendDecisions(deps: Deps): Promise<number> {
  const { store } = deps
  const pending = await store.list('decisions', { status: 'pending' })
  if (pending.length === 0) return 0
  const roots = await store.list('decisions', { id: pending.map(({ rootId }) => rootId) })
  const projects = await store.list('projects', { id: pending.map(({ projectId }) => projectId) })
  const now = deps.clock.now()
  const changes = pending.flatMap((decision): readonly Change[] => {
    const project = projects.find(({ id }) => id === decision.projectId)
    const question = waitingOf(decision, roots)
    if (project === undefined) return []
    const limits = configOf(project).decisions
    const duty = dutyOf(question, limits, now)
    if (duty === null) return []
    const lane = prLane(project.repositoryId, decision.prNumber)
    return [askFor({ decision, duty, lane, now })]
  })
  if (changes.length > 0) await store.commit(changes, null)
  return changes.length
}

function askFor(order: { decision: Decision; duty: Duty; lane: string; now: number }): Change {
  const { decision, duty, lane, now } = order
  const { projectId, id: decisionId, reminders } = decision
  return {
    kind: 'enqueue',
    lane,
    idem: `attend:${projectId}:${decisionId}:${duty}:${reminders}:${Math.floor(now / ASK_AGAIN_MS)}`,
    job: { kind: 'attend_decision', projectId, decisionId, duty },
    runAt: now,
  }
}

function waitingOf(decision: Decision, chain: readonly Decision[]): WaitingQuestion {
  const { projectId, rootId, status, reminders, createdAt } = decision
  const root = chain.find((other) => other.projectId === projectId && other.id === rootId)
  return { status, reminders, askedAt: root?.createdAt ?? createdAt }
}

/** Reminds of a question or ends it, when that is due now; a question that was closed meanwhile is left alone. */
export const attendDecision: JobHandler<'attend_decision'> = async (deps, job) => {
  const decision = await deps.store.find('decisions', { projectId: job.projectId, id: job.decisionId })
  if (decision === null) return []
  const { projectId, rootId } = decision
  const context = await loadSession(deps.store, decision.sessionId)
  const question = waitingOf(decision, await deps.store.list('decisions', { projectId, id: rootId }))
  const limits = configOf(context.project).decisions
  const now = deps.clock.now()
  const waiting = { context, decision, openMs: now - question.askedAt }
  switch (dutyOf(question, limits, now)) {
    case null:
      return []
    case 'remind':
      return remind(waiting, remindersDue(question, limits, now))
    case 'expire':
      return expire(deps, waiting)
  }
}

interface Waiting {
  readonly context: SessionContext
  readonly decision: Decision
  /** Since the first question of the chain was asked. */
  readonly openMs: number
}

function remind({ context, decision, openMs }: Waiting, reminders: number): readonly Change[] {
  const { projectId, id, status } = decision
  const place = { repository: context.repository, number: decision.prNumber }
  const asks = context.session.startedBy
  return [
    update('decisions', {
      where: { projectId, id },
      set: { reminders },
      expect: { status, reminders: decision.reminders },
    }),
    replyComment(place, `remind:${projectId}:${id}:${reminders}`, {
      kind: 'reminder',
      asks,
      question: decision,
      openMs,
      url: null,
    }),
  ]
}

/** The end of the wait does what the question's way out does; nobody answered, so nobody is named. */
async function expire(deps: Deps, waiting: Waiting): Promise<readonly Change[]> {
  const { context, decision, openMs } = waiting
  const { projectId, id } = decision
  const failure: Failure = { code: 'question_expired', detail: `Question ${id}.` }
  const cancelled = await cancelPipeline(deps, { context, decision, failure })
  const place = { repository: context.repository, number: decision.prNumber }
  return [
    update('decisions', {
      where: { projectId, id },
      set: { status: 'expired' },
      expect: { status: 'pending' },
    }),
    expiredLog(decision),
    insert('auditLog', {
      id: `au_${deps.ids.random(12)}`,
      at: deps.clock.now(),
      actor: 'belay',
      via: 'timer',
      action: 'expire_decision',
      target: `${projectId}/${id}`,
      details: { head_sha: decision.headSha, open_ms: openMs },
    }),
    ...cancelled,
    ...(await expiredNews(deps, decision)),
    replyComment(place, `expired:${projectId}:${id}`, {
      kind: 'question_expired',
      asks: context.session.startedBy,
      id,
      afterMs: openMs,
      cancelled: cancelled.length > 0,
    }),
    refreshStatus(deps, context),
    // As after an answer: who lets a pipeline end expects no agent to start in the same moment.
    ...(decision.concerns === 'pipeline' ? [] : [respondAfter(deps, context)]),
  ]
}

function expiredLog(decision: Decision): Change {
  const { projectId, id, prNumber, sessionId, pipelineId } = decision
  return {
    kind: 'log',
    type: 'decision.expired',
    projectId,
    prNumber,
    sessionId,
    payload: { v: 1, decision_id: id, pipeline_id: pipelineId },
    once: `decision.expired:${projectId}:${id}`,
  }
}

/** The way out of the question about news leaves them to people: else it would be asked again at once. */
function expiredNews(deps: Deps, { kind, sessionId }: Decision): Promise<readonly Change[]> {
  return kind === 'nudge_budget' ? leaveNewsToPeople(deps, sessionId) : Promise.resolve([])
}
