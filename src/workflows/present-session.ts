// What GitHub shows of a session: status comment, check run and questions, made from committed rows. Every change of
// state enqueues a refresh; equal content writes nothing, so refreshing too often costs nothing.

import { upsert, type Change } from '../domain/changes.ts'
import type { Effect } from '../domain/effects.ts'
import { prLane } from '../domain/ids.ts'
import type { Decision } from '../domain/records.ts'
import { neededRole } from '../domain/command/may-run.ts'
import { checkRunTarget, planCheckRun } from '../domain/session/check-run.ts'
import { renderCheckRun, renderContinuedAt } from '../domain/text/check-run.ts'
import { renderQuestion } from '../domain/text/question-comment.ts'
import { renderStatus, type StatusFacts } from '../domain/text/status-comment.ts'
import type { Deps, JobHandler } from './deps.ts'
import { configOf } from './load-config.ts'
import { loadSession, type SessionContext } from './queries.ts'
import { rescueNotes, withPinsOfNow } from './rescue-notes.ts'
import { statusFacts } from './status-facts.ts'

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
    closesAfterMs: configOf(context.project).decisions.expireMs,
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
