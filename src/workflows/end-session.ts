// Ends a session and keeps everything: the agent is stopped, an open question withdrawn. What happens to its files is
// seen to afterwards, when no agent writes there any more.

import { update, type Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type {
  Decision,
  EndCause,
  Failure,
  Pipeline,
  Session,
  SessionEnding,
  SessionState,
} from '../domain/records.ts'
import { endReason, type Ending } from '../domain/text/session-ending.ts'
import type { Deps } from './deps.ts'
import { lifecycle } from './lifecycle.ts'
import { movePhase, movePipeline } from './move.ts'
import { refreshStatus } from './present-session.ts'
import { staleProposals } from './propose.ts'
import {
  findNewestPipeline,
  findHoldingDecision,
  findOpenDecision,
  listRunningAttempts,
  loadCurrentPhase,
  isTerminal,
  type SessionContext,
} from './queries.ts'
import { decisionLog } from './supersede-decision.ts'
import { watchersOver } from './watch-phases.ts'

export interface SessionEnd {
  readonly context: SessionContext
  readonly ending: Ending
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
  const { because } = end.ending
  const { session } = context
  for (const { id: attemptId } of await listRunningAttempts(deps.store, session.id))
    await deps.runner.stopAttempt({ sessionId: session.id, attemptId })
  const pipeline = await findNewestPipeline(deps.store, session.id)
  const open = await findOpenDecision(deps.store, session.id)
  const holding = await findHoldingDecision(deps.store, session.id)
  const updatedAt = deps.clock.now()
  const { projectId, prNumber: number } = session
  const ending: SessionEnding = { because, reason: endReason(end.ending), workspace: 'kept' }
  const state = stateAfter(because)
  return {
    withdrawn: open,
    changes: [
      ...(open === null ? [] : withdraw(open, state)),
      ...(pipeline === null || isTerminal(pipeline, holding) ? [] : await cancel(deps, end, pipeline)),
      update('sessions', { where: { id: session.id }, set: { state, ending, updatedAt } }),
      update('pullRequests', { where: { projectId, number }, set: { sessionId: null } }),
      ...(await dropNews(deps, session)),
      // A person who stops a session may still look into its worktree, and brings it back when he likes.
      ...(because === 'person' ? [] : [freeSoon(deps, context)]),
      refreshStatus(deps, context),
    ],
  }
}

/** What no agent of the session will hear of any more. */
async function dropNews({ store }: Deps, { id: sessionId }: Session): Promise<readonly Change[]> {
  const waiting = await store.list('nudges', { sessionId, status: ['pending', 'suppressed'] })
  return waiting.map(({ id }) => update('nudges', { where: { id }, set: { status: 'expired' } }))
}

/** Only a pull request that is over needs nothing of the workspace any more. */
function stateAfter(because: EndCause): Extract<SessionState, 'stopped' | 'closed'> {
  return because === 'merged' || because === 'closed' ? 'closed' : 'stopped'
}

/** Returns the change that has the files of an ended session saved, and freed when its pull request is over. */
export function freeSoon(deps: Deps, { project, session }: SessionContext): Change {
  return {
    kind: 'enqueue',
    lane: prLane(project.repositoryId, session.prNumber),
    idem: `free:${session.id}:${deps.ids.random(10)}`,
    job: { kind: 'free_session', sessionId: session.id },
    runAt: deps.clock.now(),
  }
}

function withdraw(open: Decision, state: SessionState): readonly Change[] {
  const { projectId, id } = open
  const cancelReason = state === 'closed' ? 'pull_request_over' : 'session_stopped'
  return [
    update('decisions', {
      where: { projectId, id },
      set: { status: 'cancelled', cancelReason },
      expect: { status: 'pending' },
    }),
    decisionLog(open, { type: 'decision.cancelled', details: { reason: cancelReason } }),
  ]
}

/** The new epoch makes every later report and job of the old one stale. */
async function cancel(deps: Deps, end: SessionEnd, pipeline: Pipeline): Promise<readonly Change[]> {
  const reason = endReason(end.ending)
  const failure: Failure = { code: 'session_stopped', detail: reason }
  const endedAt = deps.clock.now()
  const phase = await loadCurrentPhase(deps.store, pipeline)
  return [
    ...movePipeline(pipeline, 'session_ended', { failure, endedAt, runEpoch: pipeline.runEpoch + 1 }),
    ...movePhase(phase, 'session_ended', { failure, endedAt }),
    ...(await staleProposals(deps, phase)),
    ...(await watchersOver(deps, pipeline.id)),
    lifecycle(end.context, pipeline, { type: 'pipeline.cancelled', details: { reason } }),
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
