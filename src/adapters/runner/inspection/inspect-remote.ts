// The remote's side of a session: fetched into the mirror, or known to be there already. Looks at no file of a worktree.

import { AppError, isAppError } from '../../../domain/errors/app-error.ts'
import { isBranchName, type Sha } from '../../../domain/ids.ts'
import type { RemoteFact } from '../../../domain/sync/facts.ts'
import type { InspectOrder, RemoteSight } from '../../../ports/runner.ts'
import type { FetchedBranch, Fetcher } from '../repositories/fetch-coalescer.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readNamedRefs, trackingRef } from '../repositories/mirror.ts'
import { mirrorPlace, type SessionPaths } from '../repositories/session-paths.ts'

export interface RemoteWorld {
  readonly door: GitDoor
  readonly fetcher: Fetcher
}

/** The fact, and where the remote's branches are by the names of their tracking refs. */
export interface SeenRemote {
  readonly remote: RemoteFact
  readonly known: ReadonlyMap<string, Sha>
}

/** Fetches head and base; nothing is fetched when the mirror has the head that the caller knows of. */
export async function inspectRemote(
  world: RemoteWorld,
  paths: SessionPaths,
  order: InspectOrder,
): Promise<SeenRemote> {
  const { branch, baseRef, repository } = order.workspace
  const branches = [...new Set([branch, baseRef])].filter((name) => isBranchName(name))
  const kept = await readKept(world, paths, { order, branches })
  if (kept !== null) return kept
  const found = await world.fetcher.fetch({ mirror: paths.mirror, repository, branches, patience: 'short' })
  const known = new Map<string, Sha>()
  for (const [name, result] of found) if (result.kind === 'fetched') known.set(trackingRef(name), result.sha)
  return { remote: toRemoteFact(found.get(branch), known.get(trackingRef(baseRef)) ?? null), known }
}

/** Returns what the mirror has when it has all that is asked for. */
async function readKept(
  { door }: RemoteWorld,
  { mirror }: SessionPaths,
  { order, branches }: { readonly order: InspectOrder; readonly branches: readonly string[] },
): Promise<SeenRemote | null> {
  const { knownHead, workspace } = order
  if (knownHead === undefined || knownHead === null) return null
  const known = await readNamedRefs(door, mirror, branches.map(trackingRef))
  if (known.get(trackingRef(workspace.branch)) !== knownHead || known.size < branches.length) return null
  const base = known.get(trackingRef(workspace.baseRef)) ?? null
  return { remote: { kind: 'fetched', head: knownHead, base }, known }
}

function toRemoteFact(found: FetchedBranch | undefined, base: Sha | null): RemoteFact {
  if (found === undefined)
    return { kind: 'fetch_failed', reason: 'unknown', detail: 'The branch was not asked for.' }
  if (found.kind === 'fetched') return { kind: 'fetched', head: found.sha, base }
  if (found.kind === 'deleted') return { kind: 'deleted' }
  return { kind: 'fetch_failed', reason: found.reason, detail: found.detail }
}

/** Looks at the remote alone, while the worktree belongs to an agent. */
export async function observeRemote(
  world: RemoteWorld,
  paths: SessionPaths,
  order: InspectOrder,
): Promise<RemoteSight> {
  const { remote } = await inspectRemote(world, paths, order)
  const { lastSynced } = order
  if (remote.kind !== 'fetched' || lastSynced === null) return { remote, containsLastSynced: null }
  try {
    const containsLastSynced = await isInRemote(world.door, paths, {
      commit: lastSynced,
      remote: remote.head,
    })
    return { remote, containsLastSynced }
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    return { remote, containsLastSynced: null }
  }
}

/**
 * Tells whether a commit is in the remote branch, as the mirror knows it; one process at most.
 *
 * A commit the mirror does not even know is in no remote branch. Throws `GIT_FAILED` when the history can not be walked.
 */
export async function isInRemote(
  door: GitDoor,
  paths: SessionPaths,
  { commit, remote }: { readonly commit: Sha; readonly remote: Sha },
): Promise<boolean> {
  if (commit === remote) return true
  const args = ['merge-base', '--is-ancestor', commit, remote]
  const { exitCode, stderr } = await door.run({ at: mirrorPlace(paths), args, expect: 'any' })
  if (exitCode === 0) return true
  if (stderr.includes(`Not a valid commit name ${commit}`)) return false
  // Git ends with 1, "no", also where a commit on the way is missing.
  if (exitCode === 1 && stderr.trim() === '') return false
  throw new AppError('GIT_FAILED', { command: 'merge-base', exitCode, detail: stderr.trim() })
}
