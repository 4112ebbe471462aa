// What follows for a session from how its pull request looks now, whoever saw it: a webhook or a read. Only pull requests
// that Belay knows already are followed.

import { update, type Change } from '../domain/changes.ts'
import type { ObservedPullRequest } from '../domain/events.ts'
import type { Project, PullRequest } from '../domain/records.ts'
import type { Deps, JobLane } from './deps.ts'
import { endSession } from './end-session.ts'
import { storePullRequest } from './observe-pull-request.ts'
import { loadSession } from './queries.ts'

export interface Sighting {
  readonly project: Project
  readonly known: PullRequest
  readonly observed: ObservedPullRequest
}

/** Returns the changes that store a sighting and what follows from it; an older sighting than the stored one changes nothing. */
export async function followPullRequest(
  deps: Deps,
  { project, known, observed }: Sighting,
  _lane: JobLane,
): Promise<readonly Change[]> {
  if (observed.updatedAt < known.observedAt) return []
  const stored = storePullRequest(project.id, observed, known.sessionId)
  if (observed.state === 'open' || known.sessionId === null) return [stored]
  const context = await loadSession(deps.store, known.sessionId)
  const closed = { context, state: 'closed', reason: `The pull request was ${observed.state}.` } as const
  const { changes } = await endSession(deps, closed)
  const { number } = observed
  return [
    stored,
    ...changes,
    update('pullRequests', { where: { projectId: project.id, number }, set: { sessionId: null } }),
  ]
}

/** Returns what follows when a read shows that there is no such pull request any more. */
export async function pullRequestGone(
  deps: Deps,
  { project, known }: Pick<Sighting, 'project' | 'known'>,
  _lane: JobLane,
): Promise<readonly Change[]> {
  if (known.sessionId === null) return []
  const context = await loadSession(deps.store, known.sessionId)
  const gone = { context, state: 'stopped', reason: 'The pull request is gone from GitHub.' } as const
  deps.log.warn({ project: project.id, number: known.number }, 'pull_request_gone')
  return (await endSession(deps, gone)).changes
}
