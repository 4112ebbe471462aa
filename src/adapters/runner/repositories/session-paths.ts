// Where everything of a project and a session lies below BELAY_HOME. Only names; touches no disk.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import type { WorkspaceRef } from '../../../ports/runner.ts'
import type { GitPlace } from '../git/git-door.ts'

/** The files of one session; all paths are absolute. */
export interface SessionPaths {
  readonly sessionId: string
  /** Bare; fetched refs and pins. Only we write it. */
  readonly mirror: string
  readonly folder: string
  /** Bare; the agent's refs. An agent may write here, so none of its configuration is ever used by us. */
  readonly repository: string
  /** The agent's files. */
  readonly tree: string
  /** The worktree's own part of the session repository: HEAD, index, half-done operations. */
  readonly worktreeGitDir: string
  readonly indexFile: string
  /** Our git directory for the same files: our configuration, our HEAD, borrowed objects. */
  readonly control: string
  readonly agentHome: string
  readonly fenceFile: string
  readonly attempts: string
  /** The folders of reviews, one for each attempt that works in a worktree of its own. */
  readonly reviews: string
}

/** What the places of a session's reviews follow from. */
export type ReviewedSession = Pick<SessionPaths, 'sessionId' | 'repository' | 'reviews'>

/** The files of one review; all paths are absolute. */
export interface ReviewPaths {
  readonly folder: string
  readonly tree: string
  /** The reviewer's HOME. */
  readonly agentHome: string
  /** The name of its worktree in the session repository. */
  readonly registration: string
  /** Its own part of the session repository. */
  readonly worktreeGitDir: string
  readonly indexFile: string
}

const ID = /^[a-z0-9-]+$/

/** Returns the paths of a session; throws for ids that could name something else on the disk. */
export function sessionPaths(home: string, ids: Pick<WorkspaceRef, 'projectId' | 'sessionId'>): SessionPaths {
  const { projectId, sessionId } = ids
  if (!ID.test(projectId) || !ID.test(sessionId)) {
    throw new AppError('WORKSPACE_INVALID', {
      session: sessionId.slice(0, 80),
      reason: 'its id is not usable.',
    })
  }
  const folder = join(home, 'sessions', sessionId)
  const repository = join(folder, 'repo.git')
  const worktreeGitDir = join(repository, 'worktrees', 'tree')
  return {
    sessionId,
    mirror: join(home, 'mirrors', `${projectId}.git`),
    folder,
    repository,
    tree: join(folder, 'tree'),
    worktreeGitDir,
    indexFile: join(worktreeGitDir, 'index'),
    control: join(folder, 'control'),
    agentHome: join(folder, 'home'),
    fenceFile: join(folder, 'fence'),
    attempts: join(folder, 'attempts'),
    reviews: join(folder, 'reviews'),
  }
}

/** Returns what of a session its reviews need; throws for ids that could name something else on the disk. */
export function reviewedSession(home: string, sessionId: string): ReviewedSession {
  return sessionPaths(home, { projectId: 'any', sessionId })
}

/** What the registrations of reviews begin with; git would never give a worktree such a name by itself. */
const REVIEW = 'review-'

/** Returns the places of one review; throws for an attempt id that could name something else on the disk. */
export function reviewPaths(session: ReviewedSession, attemptId: string): ReviewPaths {
  refuseUnusable({ sessionId: session.sessionId, attemptId })
  const folder = join(session.reviews, attemptId)
  // An id may be long, and git has its own rules for the names of worktrees.
  const registration = `${REVIEW}${createHash('sha256').update(attemptId).digest('hex').slice(0, 24)}`
  const worktreeGitDir = join(session.repository, 'worktrees', registration)
  return {
    folder,
    tree: join(folder, 'tree'),
    agentHome: join(folder, 'home'),
    registration,
    worktreeGitDir,
    indexFile: join(worktreeGitDir, 'index'),
  }
}

/** Tells whether a worktree of the session repository is that of a review, from its name alone. */
export function isReviewName(registration: string): boolean {
  return /^review-[0-9a-f]{24}$/.test(registration)
}

/** Returns the folder of one attempt; throws for ids that could name something else on the disk. */
export function attemptFolder(
  home: string,
  ids: { readonly sessionId: string; readonly attemptId: string },
): string {
  refuseUnusable(ids)
  return join(home, 'sessions', ids.sessionId, 'attempts', ids.attemptId)
}

function refuseUnusable({
  sessionId,
  attemptId,
}: {
  readonly sessionId: string
  readonly attemptId: string
}): void {
  const isUsable = ID.test(sessionId) && /^[A-Za-z0-9._-]+$/.test(attemptId) && !attemptId.startsWith('.')
  if (isUsable) return
  throw new AppError('WORKSPACE_INVALID', {
    session: sessionId.slice(0, 80),
    reason: 'the attempt has no usable id.',
  })
}

/** Tells whether a name is that of a pin of the session, and of nothing else a ref could be. */
export function isPinOf({ sessionId }: Pick<SessionPaths, 'sessionId'>, prefix: string): boolean {
  const [, name = ''] = prefix.split(`refs/belay/backup/${sessionId}/`)
  return prefix === `refs/belay/backup/${sessionId}/${name}` && /^\d+-[a-z0-9]+$/.test(name)
}

/** What a session repository borrows, as git's file for it says. */
export function borrowedBySession({ mirror }: Pick<SessionPaths, 'mirror'>): string {
  return `${join(mirror, 'objects')}\n`
}

/** The mirror alone: what is found here is safe from every agent. */
export function mirrorPlace(paths: SessionPaths): GitPlace {
  return { gitDir: paths.mirror }
}

/** The session repository, for reading and moving refs; never for a command that looks at files. */
export function refsPlace(paths: SessionPaths): GitPlace {
  return { gitDir: paths.repository, alternates: [join(paths.mirror, 'objects')] }
}

/** The agent's files and index seen through our own git directory. */
export function controlPlace(paths: SessionPaths): GitPlace {
  return { gitDir: paths.control, workTree: paths.tree, indexFile: paths.indexFile, cwd: paths.tree }
}
