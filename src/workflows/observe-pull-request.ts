// Reads a pull request from GitHub and says what to store of it.

import { upsert, type Change } from '../domain/changes.ts'
import type { ObservedPullRequest } from '../domain/events.ts'
import type { PullRequest } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

/** Reads the live state of a session's pull request; null when it is gone. */
export async function observePullRequest(
  deps: Deps,
  context: SessionContext,
): Promise<ObservedPullRequest | null> {
  return deps.github.readPullRequest(context.repository, context.session.prNumber)
}

/** Returns the row for an observation; `sessionId` says whose primary it is. */
function pullRequestRow(
  projectId: string,
  observed: ObservedPullRequest,
  sessionId: string | null,
): PullRequest {
  const { author, updatedAt, ...rest } = observed
  return {
    ...rest,
    projectId,
    sessionId,
    author: author.login,
    authorIsBot: author.isBot,
    observedAt: updatedAt,
  }
}

/** Tells whether an observation shows a pull request as it is stored; its time alone is nothing new. */
export function isAsStored(known: PullRequest, observed: ObservedPullRequest): boolean {
  const row = pullRequestRow(known.projectId, observed, known.sessionId)
  return (Object.keys(row) as (keyof PullRequest)[]).every(
    (field) => field === 'observedAt' || row[field] === known[field],
  )
}

/** Returns the change that stores an observation; the store keeps a newer one. */
export function storePullRequest(
  projectId: string,
  observed: ObservedPullRequest,
  sessionId: string | null,
): Change {
  return upsert('pullRequests', pullRequestRow(projectId, observed, sessionId))
}
