// Ends a session and keeps everything: the agent is stopped, an open question withdrawn, worktree and pins stay.

import { update, type Change } from '../domain/changes.ts'
import { phaseRunId } from '../domain/ids.ts'
import type { Decision, Failure, Pipeline, Session } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { refreshStatus } from './present-session.ts'
import {
  findNewestPipeline,
  findOpenDecision,
  findRunningAttempt,
  isTerminal,
  type SessionContext,
} from './queries.ts'
import { decisionLog } from './supersede-decision.ts'

export interface SessionEnd {
  readonly context: SessionContext
  readonly state: 'stopped' | 'closed'
  /** One sentence: who or what ended it. */
  readonly reason: string
}

export interface EndedSession {
  readonly withdrawn: Decision | null
  readonly changes: readonly Change[]
}

/**
 * Returns the changes that end a session.
 *
 * The agent is told to stop before they are committed: a repetition after a crash tells it again, which is harmless,
 * while a process that nobody was told to stop would go on.
 */
export async function endSession(deps: Deps, end: SessionEnd): Promise<EndedSession> {
  const { context } = end
  const { session } = context
  const attempt = await findRunningAttempt(deps.store, session.id)
  if (attempt !== null) await deps.runner.stopAttempt({ sessionId: session.id, attemptId: attempt.id })
  const pipeline = await findNewestPipeline(deps.store, session.id)
  const open = await findOpenDecision(deps.store, session.id)
  const updatedAt = deps.clock.now()
  const { projectId, prNumber: number } = session
  return {
    withdrawn: open,
    changes: [
      ...(open === null ? [] : withdraw(open)),
      ...(pipeline === null || isTerminal(pipeline, open) ? [] : cancel(deps, end, pipeline)),
      update('sessions', { where: { id: session.id }, set: { state: end.state, updatedAt } }),
      update('pullRequests', { where: { projectId, number }, set: { sessionId: null } }),
      refreshStatus(deps, context),
    ],
  }
}

function withdraw(open: Decision): readonly Change[] {
  const { projectId, id } = open
  const set = { status: 'cancelled', cancelReason: 'session_stopped' } as const
  return [
    update('decisions', { where: { projectId, id }, set, expect: { status: 'pending' } }),
    decisionLog(open, { type: 'decision.cancelled', details: { reason: 'session_stopped' } }),
  ]
}

/** The new epoch makes every later report and job of the old one stale. */
function cancel(deps: Deps, end: SessionEnd, pipeline: Pipeline): readonly Change[] {
  const failure: Failure = { code: 'session_stopped', detail: end.reason }
  const endedAt = deps.clock.now()
  const set = { status: 'cancelled', failure, endedAt } as const
  return [
    update('pipelines', {
      where: { id: pipeline.id },
      set: { ...set, runEpoch: pipeline.runEpoch + 1 },
      expect: { runEpoch: pipeline.runEpoch },
    }),
    update('phaseRuns', { where: { id: phaseRunId(pipeline.id, pipeline.currentPhase) }, set }),
    lifecycle(end.context, pipeline, { type: 'pipeline.cancelled', details: { reason: end.reason } }),
  ]
}

/** A session whose workspace was never made has nothing to keep; it makes room for another one. */
export function closeUnborn(session: Session, updatedAt: number): readonly Change[] {
  if (session.state !== 'spawning') return []
  const { id, projectId, prNumber: number } = session
  return [
    update('sessions', { where: { id }, set: { state: 'closed', updatedAt } }),
    update('pullRequests', { where: { projectId, number }, set: { sessionId: null } }),
  ]
}
