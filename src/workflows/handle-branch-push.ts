// Somebody moved a branch that a session works on. What follows depends on who owns the worktree at that moment: an
// open question is asked anew, a running attempt is left alone, an idle worktree is synced.

import { update, type Change } from '../domain/changes.ts'
import type { AppEvent } from '../domain/events.ts'
import type { Sha } from '../domain/ids.ts'
import type { Deps, JobLane } from './deps.ts'
import { observePullRequest } from './observe-pull-request.ts'
import { refreshStatus } from './present-session.ts'
import {
  findLiveSession,
  findOpenDecision,
  findRunningAttempt,
  loadSession,
  type SessionContext,
} from './queries.ts'
import { supersedeDecision } from './supersede-decision.ts'

type BranchPushed = Extract<AppEvent, { readonly kind: 'branch_pushed' }>

/** Handles a push in the lane of the pull request whose branch it moved. */
export async function handleBranchPush(
  deps: Deps,
  event: BranchPushed,
  lane: JobLane,
): Promise<readonly Change[]> {
  const context = await sessionOnLane(deps, event, lane)
  if (context === null || event.after === null) return []
  if (!(await isNews(deps, context, event))) return []
  const { session } = context
  const moved = headMoved(deps, context, event.after)
  // Our own push: it moves what we know of the head, but starts nothing and voids nothing.
  if (event.after === session.lastPushedSha) return moved
  const open = await findOpenDecision(deps.store, session.id)
  if (open !== null) {
    if (open.headSha === event.after) return moved
    const { changes } = await supersedeDecision(deps, { context, decision: open, headSha: event.after })
    return [...moved, ...changes]
  }
  if ((await findRunningAttempt(deps.store, session.id)) !== null) {
    const remoteMoved = { sha: event.after, by: event.sender.login }
    return [
      ...moved,
      update('sessions', { where: { id: session.id }, set: { remoteMoved, updatedAt: deps.clock.now() } }),
    ]
  }
  return [...moved, syncWhenIdle(deps, context, { laneKey: lane.key, after: event.after })]
}

/**
 * Tells whether the event shows the branch as it is: webhooks arrive late and in any order.
 *
 * The API may still show the commit before the push; then the event is the newer of the two.
 */
async function isNews(deps: Deps, context: SessionContext, event: BranchPushed): Promise<boolean> {
  const live = await observePullRequest(deps, context)
  return live !== null && (live.headSha === event.after || live.headSha === event.before)
}

async function sessionOnLane(deps: Deps, event: BranchPushed, lane: JobLane): Promise<SessionContext | null> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return null
  const prNumber = Number(lane.key.slice(lane.key.lastIndexOf('#') + 1))
  const session = await findLiveSession(deps.store, { projectId: project.id, prNumber })
  return session === null || session.branch !== event.branch ? null : loadSession(deps.store, session.id)
}

function headMoved(deps: Deps, context: SessionContext, headSha: Sha): readonly Change[] {
  const { projectId, number } = context.pullRequest
  return [
    update('pullRequests', { where: { projectId, number }, set: { headSha } }),
    refreshStatus(deps, context),
  ]
}

/** Harmless beside a phase that is about to start: it syncs as well, and the second one finds nothing to do. */
function syncWhenIdle(
  deps: Deps,
  context: SessionContext,
  push: { readonly laneKey: string; readonly after: Sha },
): Change {
  return {
    kind: 'enqueue',
    lane: push.laneKey,
    idem: `push:${context.session.id}:${push.after}:${deps.ids.random(6)}`,
    job: { kind: 'sync_session', sessionId: context.session.id, trigger: 'push', source: null },
    runAt: deps.clock.now(),
  }
}
