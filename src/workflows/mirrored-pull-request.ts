// A pull request that Belay keeps a copy of, as it is stored.

import type { StoredLists } from '../domain/mirror/diff-observation.ts'
import type { Mirror } from '../domain/mirror/records.ts'
import type { Project, PullRequest } from '../domain/records.ts'
import type { Deps } from './deps.ts'

export interface MirroredPullRequest {
  readonly project: Project
  readonly known: PullRequest
  /** Null before the first read. */
  readonly mirror: Mirror | null
}

/** Tells whether Belay keeps a copy of what GitHub shows of a pull request: open ones with a session. */
export function isMirrored({ state, sessionId }: PullRequest): boolean {
  return state === 'open' && sessionId !== null
}

/** Returns a pull request with its mirror; null when it is not mirrored. */
export async function loadMirrored(
  { store }: Deps,
  { projectId, number }: { readonly projectId: string; readonly number: number },
): Promise<MirroredPullRequest | null> {
  const project = await store.find('projects', { id: projectId })
  const known = await store.find('pullRequests', { projectId, number })
  if (project === null || known === null || !isMirrored(known)) return null
  return { project, known, mirror: await store.find('mirrors', { projectId, prNumber: number }) }
}

/** Returns the copied lists of a pull request as they are stored. */
export async function loadLists(
  { store }: Deps,
  at: { readonly projectId: string; readonly prNumber: number },
): Promise<StoredLists> {
  const [threads, comments, reviews, checks] = await Promise.all([
    store.list('reviewThreads', at),
    store.list('reviewComments', at),
    store.list('reviews', at),
    store.list('checks', at),
  ])
  return { threads, comments, reviews, checks }
}
