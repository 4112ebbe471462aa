// Somebody moved a branch that a session works on. What follows depends on who owns the worktree at that moment: an
// open question is asked anew, a running attempt is left alone, an idle worktree is synced.

import { update, type Change } from '../domain/changes.ts'
import type { LaneEvent, ObservedPullRequest } from '../domain/events.ts'
import type { Sha } from '../domain/ids.ts'
import type { Deps, JobLane } from './deps.ts'
import { observePullRequest } from './observe-pull-request.ts'
import { refreshStatus } from './present-session.ts'
import {
  findLiveSession,
  findOpenDecision,
  findRunningAttempt,
  listRunningAttempts,
  loadSession,
  type SessionContext,
} from './queries.ts'
import { supersedeDecision } from './supersede-decision.ts'

type BranchPushed = Extract<LaneEvent, { readonly kind: 'branch_pushed' }>

/** Handles a push in the lane of the pull request whose branch it moved. */
export async function handleBranchPush(
  deps: Deps,
  event: BranchPushed,
  lane: JobLane,
): Promise<readonly Change[]> {
  const context = await sessionOnLane(deps, event, lane)
  if (context === null) return []
  if (event.after === null) return branchDeleted(deps, { context, by: event.sender.login, lane })
  const live = await observePullRequest(deps, context)
  if (live === null || !isNews(live, event)) return []
  const { session } = context
  const moved = headMoved(deps, context, { after: event.after, live })
  // Our own push: it moves what we know of the head, but starts nothing and voids nothing. Somebody who takes the branch
  // back to what we once pushed does more than that.
  if (event.after === session.lastPushedSha && event.after === session.lastSyncedSha) return moved
  const seen = [...moved, ...personPushed(deps, context, event)]
  const open = await findOpenDecision(deps.store, session.id)
  if (open !== null) {
    if (open.headSha === event.after) return seen
    const { changes } = await supersedeDecision(deps, { context, decision: open, headSha: event.after })
    return [...seen, ...changes]
  }
  const attempt = await findRunningAttempt(deps.store, session.id)
  if (attempt !== null) {
    const news = { context, sha: event.after, by: event.sender.login }
    return [...seen, ...(await whileAgentWorks(deps, news, lane))]
  }
  return [...seen, syncWhenIdle(deps, context, { laneKey: lane.key, seen: event.after })]
}

/** A person at work on the branch gives the agent its rounds back; another bot does not. */
function personPushed(deps: Deps, { session }: SessionContext, { sender }: BranchPushed): readonly Change[] {
  if (sender.isBot || sender.login === '') return []
  const now = deps.clock.now()
  return [update('sessions', { where: { id: session.id }, set: { personActedAt: now, updatedAt: now } })]
}

interface NewsForAgent {
  readonly context: SessionContext
  /** Null for a branch that is gone. */
  readonly sha: Sha | null
  readonly by: string
}

/**
 * The worktree belongs to the agent: the remote is only fetched and shown.
 *
 * Work on a branch that was rewritten or deleted under it would be in vain: the attempt is stopped, and its end pins
 * everything and asks. The note is stored before the stop, so that the end finds it whatever happens in between. When the
 * remote can not be read now, the end of the attempt finds out.
 */
async function whileAgentWorks(deps: Deps, news: NewsForAgent, lane: JobLane): Promise<readonly Change[]> {
  const { context, sha, by } = news
  const { session, workspace } = context
  const sight = await deps.runner.observeRemote({ workspace, lastSynced: session.lastSyncedSha })
  const wasRewritten = session.remoteMoved?.isRewritten === true
  const isRewritten = wasRewritten || sight.remote.kind === 'deleted' || sight.containsLastSynced === false
  const remoteMoved = { sha, by, ...(isRewritten ? { isRewritten } : {}) } as const
  const set = { remoteMoved, updatedAt: deps.clock.now() }
  const noted = [update('sessions', { where: { id: session.id }, set }), refreshStatus(deps, context)]
  if (!isRewritten) return noted
  await deps.store.commit(noted, lane)
  for (const { id: attemptId } of await listRunningAttempts(deps.store, session.id))
    await deps.runner.stopAttempt({ sessionId: session.id, attemptId })
  return []
}

interface Deletion {
  readonly context: SessionContext
  readonly by: string
  readonly lane: JobLane
}

/** Hosts delete branches of merged pull requests; only one that is still open misses its branch. */
async function branchDeleted(deps: Deps, { context, by, lane }: Deletion): Promise<readonly Change[]> {
  const live = await observePullRequest(deps, context)
  if (live === null || live.state !== 'open') return []
  if ((await findOpenDecision(deps.store, context.session.id)) !== null) return []
  const attempt = await findRunningAttempt(deps.store, context.session.id)
  if (attempt !== null) return whileAgentWorks(deps, { context, sha: null, by }, lane)
  return [syncWhenIdle(deps, context, { laneKey: lane.key, seen: null })]
}

/**
 * Tells whether the event shows the branch as it is: webhooks arrive late and in any order.
 *
 * The API may still show the commit before the push; then the event is the newer of the two.
 */
function isNews(live: ObservedPullRequest, event: BranchPushed): boolean {
  return live.headSha === event.after || live.headSha === event.before
}

async function sessionOnLane(deps: Deps, event: BranchPushed, lane: JobLane): Promise<SessionContext | null> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return null
  const prNumber = Number(lane.key.slice(lane.key.lastIndexOf('#') + 1))
  const session = await findLiveSession(deps.store, { projectId: project.id, prNumber })
  return session === null || session.branch !== event.branch ? null : loadSession(deps.store, session.id)
}

/**
 * Stores the new head with GitHub's own time of it: without that time, a webhook of an earlier push that comes later
 * would take the head back. What else the look showed is left to a read, which also does what follows from it.
 */
function headMoved(
  deps: Deps,
  context: SessionContext,
  { after, live }: { readonly after: Sha; readonly live: ObservedPullRequest },
): readonly Change[] {
  const { projectId, number, observedAt } = context.pullRequest
  const seenAt = live.headSha === after ? Math.max(observedAt, live.updatedAt) : observedAt
  const set = { headSha: after, observedAt: seenAt }
  return [update('pullRequests', { where: { projectId, number }, set }), refreshStatus(deps, context)]
}

/** Harmless beside a phase that is about to start: it syncs as well, and the second one finds nothing to do. */
function syncWhenIdle(
  deps: Deps,
  context: SessionContext,
  push: { readonly laneKey: string; readonly seen: Sha | null },
): Change {
  const { laneKey, seen } = push
  return {
    kind: 'enqueue',
    lane: laneKey,
    idem: `push:${context.session.id}:${seen ?? 'deleted'}:${deps.ids.random(6)}`,
    job: {
      kind: 'sync_session',
      sessionId: context.session.id,
      trigger: 'push',
      source: null,
      ...(seen === null ? {} : { knownHead: seen }),
    },
    runAt: deps.clock.now(),
  }
}
