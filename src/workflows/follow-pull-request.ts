// What follows for a session from how its pull request looks now, whoever saw it: a webhook or a read. Only pull requests
// that Belay knows already are followed.

import { update, type Change } from '../domain/changes.ts'
import type { ObservedPullRequest, Person } from '../domain/events.ts'
import type { Project, PullRequest } from '../domain/records.ts'
import type { Ending } from '../domain/text/session-ending.ts'
import type { Deps } from './deps.ts'
import { endSession } from './end-session.ts'
import { missedPush } from './missed-push.ts'
import { isAsStored, storePullRequest } from './observe-pull-request.ts'
import { refreshStatus } from './present-session.ts'
import { findOpenDecision, loadSession, type SessionContext } from './queries.ts'
import { supersedeDecision } from './supersede-decision.ts'

export interface Sighting {
  readonly project: Project
  readonly known: PullRequest
  readonly observed: ObservedPullRequest
  /** Who did what a webhook tells; nobody is known for a read. */
  readonly by?: Person
}

/** Returns the changes that store a sighting and what follows from it; an older sighting than the stored one changes nothing. */
export async function followPullRequest(
  deps: Deps,
  { project, known, observed, by }: Sighting,
): Promise<readonly Change[]> {
  if (observed.updatedAt < known.observedAt) return []
  const stored = storePullRequest(project.id, observed, known.sessionId)
  // What follows from a sighting is stored together with it, so an equal one has nothing left to do.
  if (known.sessionId === null || isAsStored(known, observed)) return [stored]
  const context = await loadSession(deps.store, known.sessionId)
  const ending = whyOver(context, observed)
  if (ending !== null) return [stored, ...(await endSession(deps, { context, ending })).changes]
  return [
    stored,
    ...missedPush(deps, { project, known, observed, by }),
    ...(await followBase(deps, context, observed)),
    ...(observed.isDraft === known.isDraft ? [] : [refreshStatus(deps, context)]),
  ]
}

/**
 * Returns why the session has nothing to work on any more.
 *
 * GitHub closes a pull request whose branch is renamed, so one that is open and shows another branch is nothing that
 * the worktree could follow: a new session starts from that branch.
 */
function whyOver({ session }: SessionContext, { state, headRef }: ObservedPullRequest): Ending | null {
  if (state !== 'open') return { because: state }
  if (headRef === session.branch) return null
  return { because: 'branch_changed', shown: headRef, branch: session.branch }
}

/** The worktree stays; the next sync fetches the new base, and an open question is asked anew beside it. */
async function followBase(
  deps: Deps,
  context: SessionContext,
  { baseRef }: ObservedPullRequest,
): Promise<readonly Change[]> {
  const { session } = context
  if (baseRef === session.baseRef) return []
  const set = { baseRef, updatedAt: deps.clock.now() }
  return [
    update('sessions', { where: { id: session.id }, set }),
    ...(await askAnew(deps, context)),
    refreshStatus(deps, context),
  ]
}

/** Returns the changes that put an open question in the place of itself, as it is to be asked now. */
export async function askAnew(deps: Deps, context: SessionContext): Promise<readonly Change[]> {
  const decision = await findOpenDecision(deps.store, context.session.id)
  if (decision === null) return []
  const { headSha } = decision
  return (await supersedeDecision(deps, { context, decision, headSha })).changes
}

/** Returns what follows when a read shows that there is no such pull request any more. */
export async function pullRequestGone(
  deps: Deps,
  { project, known }: Pick<Sighting, 'project' | 'known'>,
): Promise<readonly Change[]> {
  if (known.sessionId === null) return []
  const context = await loadSession(deps.store, known.sessionId)
  deps.log.warn({ project: project.id, number: known.number }, 'pull_request_gone')
  return (await endSession(deps, { context, ending: { because: 'gone' } })).changes
}
