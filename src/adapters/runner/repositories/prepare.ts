// Makes mirror, session repository, our git directory and worktree ready. Repeatable, and finishes what a kill left.

import { join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import { isBranchName, type Sha } from '../../../domain/ids.ts'
import type { PrepareOrder } from '../../../ports/runner.ts'
import { recordConfiguration } from './configuration-record.ts'
import { makeControlDirectory } from './control-directory.ts'
import type { FetchedBranch, Fetcher } from './fetch-coalescer.ts'
import type { GitDoor } from '../git/git-door.ts'
import { lookAt } from '../look-at.ts'
import { ensureMirror, hasFetched } from './mirror.ts'
import type { OneAtATime } from '../one-at-a-time.ts'
import type { Remotes } from './remote.ts'
import type { SessionPaths } from './session-paths.ts'
import { makeSessionRepository } from './session-repository.ts'
import { inspectGitFiles, makeWorktree } from './worktree.ts'
import { writeDurably } from '../write-durably.ts'

export interface PrepareWorld {
  readonly door: GitDoor
  readonly remotes: Remotes
  readonly fetcher: Fetcher
  readonly oneAtATime: OneAtATime
}

/** The file that says: from here on an agent may have worked in the session, so nothing of it is made over again. */
export const PREPARED = 'prepared'

/** Tells whether the session was prepared completely. */
async function isPrepared(paths: SessionPaths): Promise<boolean> {
  return (await lookAt(join(paths.folder, PREPARED))) !== null
}

/**
 * Makes the workspace of a session.
 *
 * Throws `GITHUB_UNAVAILABLE` when the remote can not be read, and `WORKSPACE_INVALID` for a missing branch or a
 * broken worktree.
 */
export async function prepareWorkspace(
  world: PrepareWorld,
  paths: SessionPaths,
  order: PrepareOrder,
): Promise<void> {
  const { door, remotes } = world
  // Two sessions of a new project may be prepared at once.
  await world.oneAtATime.run(paths.mirror, () => ensureMirror(door, paths.mirror))
  const fetched = await fetchBoth(world, paths, order)
  if (await isPrepared(paths)) return refuseBrokenWorktree(paths)
  const head = headOf(fetched, order)
  await checkHead(door, paths, { wanted: order.head, found: head })
  const start = await makeSessionRepository(door, {
    paths,
    branch: order.workspace.branch,
    head,
    identity: order.identity,
    remoteUrl: remotes.urlOf(order.workspace.repository),
    remoteBranches: knownBranches(fetched),
  })
  await makeControlDirectory(paths, order.identity)
  await makeWorktree(door, paths, { branch: order.workspace.branch, head: start })
  await recordConfiguration(paths)
  await writeDurably(join(paths.folder, PREPARED), '')
}

async function fetchBoth(
  { fetcher }: PrepareWorld,
  paths: SessionPaths,
  { workspace }: PrepareOrder,
): Promise<ReadonlyMap<string, FetchedBranch>> {
  const branches = [workspace.branch, workspace.baseRef].filter((name) => isBranchName(name))
  // Lanes of other sessions wait behind this fetch, but none can while the mirror has nothing yet.
  const patience = (await hasFetched(paths.mirror)) ? 'short' : 'first_clone'
  return fetcher.fetch({ mirror: paths.mirror, repository: workspace.repository, branches, patience })
}

async function refuseBrokenWorktree(paths: SessionPaths): Promise<void> {
  const fault = await inspectGitFiles(paths)
  if (fault === null) return
  const reason =
    fault.kind === 'missing' ? 'its worktree is not there any more.' : 'its git files were changed.'
  throw new AppError('WORKSPACE_INVALID', { session: paths.sessionId, reason })
}

function headOf(fetched: ReadonlyMap<string, FetchedBranch>, { workspace }: PrepareOrder): Sha {
  const found = fetched.get(workspace.branch)
  if (found?.kind === 'fetched') return found.sha
  if (found?.kind === 'failed') {
    throw new AppError('GITHUB_UNAVAILABLE', { route: 'git fetch', reason: found.detail })
  }
  const reason = `the branch ${workspace.branch} is not on the remote.`
  throw new AppError('WORKSPACE_INVALID', { session: workspace.sessionId, reason })
}

/** Git servers can lag behind the event that named the commit; a commit that is there and not in the branch is a rewrite. */
async function checkHead(
  door: GitDoor,
  paths: SessionPaths,
  { wanted, found }: { readonly wanted: Sha; readonly found: Sha },
): Promise<void> {
  if (wanted === found) return
  const args = ['merge-base', '--is-ancestor', wanted, found]
  const { exitCode } = await door.run({ at: { gitDir: paths.mirror }, args, expect: 'any' })
  if (exitCode === 0) return
  if (exitCode === 1) {
    const reason = 'the branch was rewritten meanwhile.'
    throw new AppError('WORKSPACE_INVALID', { session: paths.sessionId, reason })
  }
  throw new AppError('GITHUB_UNAVAILABLE', {
    route: 'git fetch',
    reason: `commit ${wanted} has not arrived yet`,
  })
}

function knownBranches(fetched: ReadonlyMap<string, FetchedBranch>): ReadonlyMap<string, Sha> {
  return new Map(
    [...fetched].flatMap(([branch, found]): readonly (readonly [string, Sha])[] =>
      found.kind === 'fetched' ? [[branch, found.sha]] : [],
    ),
  )
}
