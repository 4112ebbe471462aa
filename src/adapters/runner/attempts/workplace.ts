// Where an attempt works: the session's worktree, or one of its own that goes when it ends. Starts no agent.

import type { AttemptOrder } from '../../../ports/runner.ts'
import type { Log } from '../../../ports/surroundings.ts'
import type { GitDoor } from '../git/git-door.ts'
import { makeReview, removeLeftReviews, removeReview } from '../repositories/review-worktree.ts'
import {
  attemptFolder,
  reviewedSession,
  sessionPaths,
  type ReviewPaths,
} from '../repositories/session-paths.ts'
import { isAttemptAlive, reapAttempt, reapSession } from './reap-attempt.ts'

export type Workplace = Pick<ReviewPaths, 'tree' | 'agentHome' | 'worktreeGitDir' | 'indexFile'>

export interface PlaceWorld {
  /** BELAY_HOME. */
  readonly home: string
  readonly git: GitDoor
  readonly graceMs: number
  readonly log: Log
}

/**
 * Makes the place ready, and free of what older attempts left.
 *
 * Who takes the session's worktree takes the whole session: every older attempt is ended and every review removed. A
 * review ends nothing but an older start of itself, and removes reviews only that nobody works in any more; `held` are
 * those this runner starts or watches. Throws as `makeReview` does.
 */
export async function takePlace(
  world: PlaceWorld,
  order: AttemptOrder,
  held: ReadonlySet<string>,
): Promise<Workplace> {
  const { home, graceMs, log } = world
  const { workspace, attemptId, place } = order
  const paths = sessionPaths(home, workspace)
  const folderOf = (id: string): string => attemptFolder(home, { sessionId: paths.sessionId, attemptId: id })
  if (place.kind === 'worktree') {
    const reaped = await reapSession({ attempts: paths.attempts, graceMs })
    if (reaped === 'reaped')
      log.warn({ session: paths.sessionId }, 'Processes of an older attempt were ended')
    await removeLeftReviews(paths, () => Promise.resolve(false))
    return paths
  }
  await reapAttempt({ folder: folderOf(attemptId), graceMs })
  await removeLeftReviews(paths, async (id) => held.has(id) || (await isAttemptAlive(folderOf(id))))
  return makeReview(world.git, paths, { attemptId, commit: place.commit })
}

/** Removes what was made for one attempt alone; never throws: what stays is removed by whoever takes a place next. */
export async function leavePlace(
  { home, log }: Pick<PlaceWorld, 'home' | 'log'>,
  { sessionId, attemptId }: { readonly sessionId: string; readonly attemptId: string },
): Promise<void> {
  try {
    await removeReview(reviewedSession(home, sessionId), attemptId)
  } catch (error) {
    log.warn(
      { error, session: sessionId, attempt: attemptId },
      'The worktree of a review could not be removed',
    )
  }
}
