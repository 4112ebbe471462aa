// Tells the session repository where the remote's branches are, as a fetch of the agent's own would have. Only names that
// an agent reads; nothing of ours is decided by them.

import { isAppError } from '../../../domain/errors/app-error.ts'
import { isBranchName, type Sha } from '../../../domain/ids.ts'
import type { WorkspaceRef } from '../../../ports/runner.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readNamedRefs, readRefs, trackingRef } from './mirror.ts'
import { refsPlace, type SessionPaths } from './session-paths.ts'

/** What a session repository does not know yet: a tracking ref, where it is there and where it shall be. */
export interface TrackingNews {
  readonly ref: string
  /** Null when the session has no such ref. */
  readonly from: Sha | null
  readonly to: Sha
}

/** Compares with what was just fetched; starts no process. */
export async function readTrackingNews(
  door: GitDoor,
  paths: SessionPaths,
  known: ReadonlyMap<string, Sha>,
): Promise<readonly TrackingNews[]> {
  const seen = await readNamedRefs(door, paths.repository, [...known.keys()])
  return [...known].flatMap(([ref, to]) => {
    const from = seen.get(ref) ?? null
    return from === to ? [] : [{ ref, from, to }]
  })
}

/**
 * Returns the lines for the `update-ref --stdin` that moves a branch, so that what it stands on is told with it.
 *
 * Only refs the session has already: a new name can clash with an old one, and must not hold up the branch.
 */
export async function trackingLinesWithMove(
  door: GitDoor,
  paths: SessionPaths,
  { branch, baseRef }: Pick<WorkspaceRef, 'branch' | 'baseRef'>,
): Promise<readonly string[]> {
  const names = [branch, baseRef].filter((name) => isBranchName(name)).map(trackingRef)
  const news = await readTrackingNews(door, paths, await readNamedRefs(door, paths.mirror, names))
  return news.filter(({ from }) => from !== null).map(toLine)
}

/** Tells the news with one process; what an agent holds locked is told at the next look. */
export async function tellTrackingRefs(
  door: GitDoor,
  paths: SessionPaths,
  news: readonly TrackingNews[],
): Promise<void> {
  if (news.length === 0) return
  if (await update(door, paths, news.map(toLine))) return
  if (await removeClashes(door, paths, news)) await update(door, paths, news.map(toLine))
}

/** A tracking ref that an agent made a name for its branch must not move that branch. */
function toLine({ ref, to }: TrackingNews): string {
  return `option no-deref\nupdate ${ref} ${to}\n`
}

async function update(door: GitDoor, paths: SessionPaths, lines: readonly string[]): Promise<boolean> {
  const args = ['update-ref', '--stdin']
  try {
    await door.run({ at: refsPlace(paths), args, input: lines.join('') })
    return true
  } catch (error) {
    if (isAppError(error, 'GIT_FAILED')) return false
    throw error
  }
}

/** A branch `x` that was known as `x/y`, or the other way round: the old name is the remote's no more. */
async function removeClashes(
  door: GitDoor,
  paths: SessionPaths,
  news: readonly TrackingNews[],
): Promise<boolean> {
  const seen = await readRefs(door, paths.repository, ['refs/remotes/origin/'])
  const stale = [...seen.keys()].filter((old) =>
    news.some(({ ref }) => old.startsWith(`${ref}/`) || ref.startsWith(`${old}/`)),
  )
  if (stale.length === 0) return false
  return update(
    door,
    paths,
    stale.map((ref) => `option no-deref\ndelete ${ref}\n`),
  )
}
