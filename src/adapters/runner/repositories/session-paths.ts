// Where everything of a project and a session lies below BELAY_HOME. Only names; touches no disk.

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
  }
}

/** Returns the folder of one attempt; throws for ids that could name something else on the disk. */
export function attemptFolder(
  home: string,
  ids: { readonly sessionId: string; readonly attemptId: string },
): string {
  const { sessionId, attemptId } = ids
  const isUsable = ID.test(sessionId) && /^[A-Za-z0-9._-]+$/.test(attemptId) && !attemptId.startsWith('.')
  if (!isUsable) {
    throw new AppError('WORKSPACE_INVALID', {
      session: sessionId.slice(0, 80),
      reason: 'the attempt has no usable id.',
    })
  }
  return join(home, 'sessions', sessionId, 'attempts', attemptId)
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
