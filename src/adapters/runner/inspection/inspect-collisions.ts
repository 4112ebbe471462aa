// Which files of the worktree a move to another commit would write over. Git itself does not protect ignored files,
// and a hard reset protects nothing, so this is found out before.

import { readdir } from 'node:fs/promises'
import type { Sha } from '../../../domain/ids.ts'
import { isAtOrBelow, onDisk, parentsOf, splitNul, toBytePath, type BytePath } from '../git/byte-path.ts'
import { digestNames } from '../pins/covered-state.ts'
import type { GitDoor } from '../git/git-door.ts'
import { inspectFile, type FoundFile } from './hash-files.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { EMPTY_TREE } from '../git/loose-object.ts'
import type { ParsedStatus } from '../git/parse-status.ts'
import { mirrorPlace, type SessionPaths } from '../repositories/session-paths.ts'

/** A path that differs between two commits. */
export interface CommitChange {
  readonly path: BytePath
  /** Whether the later commit has the path. */
  readonly arrives: boolean
  /** What the later commit has there; zeros for nothing. */
  readonly mode: string
  readonly oid: string
}

/** Lists what differs between two commits of the mirror; `from` null is a branch without a commit. */
export async function diffCommits(
  door: GitDoor,
  paths: SessionPaths,
  { from, to }: { readonly from: Sha | null; readonly to: Sha },
): Promise<readonly CommitChange[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--end-of-options', from ?? EMPTY_TREE, to]
  const { stdout } = await door.run({ at: mirrorPlace(paths), args })
  const parts = splitNul(stdout)
  const changes: CommitChange[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode = '', , oid = '', letter = ''] = (parts[at] ?? '').split(' ')
    changes.push({ path: toBytePath(parts[at + 1] ?? ''), arrives: letter !== 'D', mode, oid })
  }
  return changes
}

export interface CollisionOrder {
  readonly tree: string
  readonly changes: readonly CommitChange[]
  readonly status: ParsedStatus
  /** The whole index. */
  readonly index: readonly IndexEntry[]
  /** Paths that hold already what the later commit has; writing over them loses nothing. */
  readonly moved: ReadonlySet<string>
}

export interface Collisions {
  readonly dirty: readonly BytePath[]
  readonly untracked: readonly BytePath[]
  readonly ignored: readonly BytePath[]
  /** Repositories of their own among the untracked and ignored ones. */
  readonly nested: readonly BytePath[]
  /** Everything that was looked at to find this out, as it was then. */
  readonly looked: readonly FoundFile[]
  /** The folders whose files were looked at, with a digest of the names in them. */
  readonly listed: ReadonlyMap<BytePath, string>
}

/**
 * Finds the files that lie where the changes go.
 *
 * A tracked file that is merely edited is `dirty`; one that gave way to a folder, or whose folder gave way to a file, has
 * untracked or ignored files in its place, and those are found too.
 */
export async function findCollisions(order: CollisionOrder): Promise<Collisions> {
  const tracked = new Set<string>(order.index.map(({ path }) => path))
  const doubtful = selectDoubtful(order)
  const looking: Looking = { tree: order.tree, tracked, looked: new Map(), listed: new Map() }
  const inTheWay = new Map<BytePath, Obstacle['kind']>()
  for (const change of order.changes) {
    const isWhereTheIndexSays = tracked.has(change.path) && !doubtful.has(change.path)
    if (!change.arrives || isWhereTheIndexSays) continue
    for (const { path, kind } of await findInTheWay(looking, change)) inTheWay.set(path, kind)
  }
  const untracked = new Set<string>(order.status.untracked)
  const isUntracked = (path: BytePath): boolean =>
    untracked.has(path) || order.status.nested.some((nested) => isAtOrBelow(path, nested))
  const all = [...inTheWay.keys()].filter((path) => !order.moved.has(path))
  return {
    dirty: findDirty(order),
    untracked: all.filter(isUntracked),
    ignored: all.filter((path) => !isUntracked(path)),
    nested: all.filter((path) => inTheWay.get(path) === 'repository'),
    looked: [...looking.looked.values()],
    listed: looking.listed,
  }
}

/**
 * Tracked paths where something else may lie than the index names.
 *
 * Status says so of changed and unmerged ones; it does not look at hidden files, nor into the folder of a submodule.
 */
function selectDoubtful({ status, index }: CollisionOrder): ReadonlySet<string> {
  const unseen = index.filter(({ isHidden, mode }) => isHidden || mode === SUBMODULE_MODE)
  return new Set<string>([...status.changed, ...status.unmerged, ...unseen].map(({ path }) => path))
}

const SUBMODULE_MODE = '160000'

function findDirty({ changes, status, moved }: CollisionOrder): readonly BytePath[] {
  const touched = new Set<string>(changes.flatMap(({ path }) => [path, ...parentsOf(path)]))
  const changed = new Set<string>(changes.map(({ path }) => path))
  const dirty = [...status.changed, ...status.unmerged].map(({ path }) => path)
  const isMet = (path: BytePath): boolean =>
    touched.has(path) || parentsOf(path).some((parent) => changed.has(parent))
  return dirty.filter((path) => !moved.has(path) && isMet(path))
}

interface Obstacle {
  readonly path: BytePath
  readonly kind: FoundFile['kind'] | 'repository'
}

interface Looking {
  readonly tree: string
  readonly tracked: ReadonlySet<string>
  readonly looked: Map<string, FoundFile>
  readonly listed: Map<BytePath, string>
}

/** Returns what an arriving path meets: something in place of a folder above it, a file, or all files of a folder. */
async function findInTheWay(looking: Looking, { path, mode }: CommitChange): Promise<readonly Obstacle[]> {
  const isTracked = looking.tracked.has(path)
  for (const parent of parentsOf(path)) {
    const found = await lookOnce(looking, parent)
    if (found.kind === 'nothing') return []
    if (found.kind !== 'folder')
      return looking.tracked.has(parent) ? [] : [{ path: parent, kind: found.kind }]
    // A tracked file that comes back into its own place takes nothing from a repository that was made around it.
    if (!isTracked && (await isRepository(looking, parent))) return [{ path: parent, kind: 'repository' }]
  }
  const found = await lookOnce(looking, path)
  if (found.kind === 'nothing') return []
  if (found.kind !== 'folder') return isTracked ? [] : [{ path, kind: found.kind }]
  // Git leaves the folder of a submodule alone, whatever lies in it, while it stays a submodule.
  return isTracked && mode === SUBMODULE_MODE ? [] : listFolder(looking, path)
}

async function lookOnce({ tree, looked }: Looking, path: BytePath): Promise<FoundFile> {
  const known = looked.get(path)
  if (known !== undefined) return known
  const found = await inspectFile(tree, path)
  looked.set(path, found)
  return found
}

async function listFolder(looking: Looking, folder: BytePath): Promise<readonly Obstacle[]> {
  if (await isRepository(looking, folder)) return [{ path: folder, kind: 'repository' }]
  const names = await readdir(onDisk(looking.tree, folder), { encoding: 'buffer' })
  looking.listed.set(folder, digestNames(names))
  const obstacles: Obstacle[] = []
  for (const name of names) {
    const path = toBytePath(`${folder}/${name.toString('latin1')}`)
    const found = await lookOnce(looking, path)
    if (found.kind === 'folder') obstacles.push(...(await listFolder(looking, path)))
    else if (!looking.tracked.has(path)) obstacles.push({ path, kind: found.kind })
  }
  return obstacles
}

async function isRepository(looking: Looking, folder: BytePath): Promise<boolean> {
  return (await lookOnce(looking, toBytePath(`${folder}/.git`))).kind !== 'nothing'
}
