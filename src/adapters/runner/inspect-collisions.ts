// Which files of the worktree a move to another commit would write over. Git itself does not protect ignored files,
// and a hard reset protects nothing, so this is found out before.

import { readdir } from 'node:fs/promises'
import type { Sha } from '../../domain/ids.ts'
import { isAtOrBelow, onDisk, parentsOf, splitNul, toBytePath, type BytePath } from './byte-path.ts'
import type { GitDoor } from './git-door.ts'
import { inspectFile, type FoundFile } from './hash-files.ts'
import { isNotThere } from './look-at.ts'
import type { ParsedStatus } from './parse-status.ts'
import { mirrorPlace, type SessionPaths } from './session-paths.ts'

/** A path that differs between two commits. */
export interface CommitChange {
  readonly path: BytePath
  /** Whether the later commit has the path. */
  readonly arrives: boolean
  /** What the later commit has there; zeros for nothing. */
  readonly mode: string
  readonly oid: string
}

/** Lists what differs between two commits of the mirror. */
export async function diffCommits(
  door: GitDoor,
  paths: SessionPaths,
  { from, to }: { readonly from: Sha; readonly to: Sha },
): Promise<readonly CommitChange[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--end-of-options', from, to]
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
  /** Every path of the index. */
  readonly tracked: ReadonlySet<string>
  /** Paths that hold already what the later commit has; writing over them loses nothing. */
  readonly moved: ReadonlySet<string>
}

export interface Collisions {
  readonly dirty: readonly BytePath[]
  readonly untracked: readonly BytePath[]
  readonly ignored: readonly BytePath[]
  /** Repositories of their own among the untracked and ignored ones. */
  readonly nested: readonly BytePath[]
}

/** Finds the files that lie where the changes go. */
export async function findCollisions(order: CollisionOrder): Promise<Collisions> {
  const inTheWay = new Map<BytePath, FoundFile['kind'] | 'repository'>()
  const looked = new Map<string, FoundFile>()
  for (const { path, arrives } of order.changes) {
    if (!arrives || order.tracked.has(path)) continue
    for (const found of await findInTheWay({ ...order, looked }, path)) inTheWay.set(found.path, found.kind)
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
  }
}

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

type Looking = CollisionOrder & { readonly looked: Map<string, FoundFile> }

/** Returns what an arriving path meets: something in place of a folder above it, a file, or all files of a folder. */
async function findInTheWay(order: Looking, path: BytePath): Promise<readonly Obstacle[]> {
  for (const parent of parentsOf(path)) {
    const found = await lookOnce(order, parent)
    if (found.kind === 'nothing') return []
    if (found.kind !== 'folder') return order.tracked.has(parent) ? [] : [{ path: parent, kind: found.kind }]
    if (await isRepository(order.tree, parent)) return [{ path: parent, kind: 'repository' }]
  }
  const found = await lookOnce(order, path)
  if (found.kind === 'nothing') return []
  return found.kind === 'folder' ? listFolder(order, path) : [{ path, kind: found.kind }]
}

async function lookOnce({ tree, looked }: Looking, path: BytePath): Promise<FoundFile> {
  const known = looked.get(path)
  if (known !== undefined) return known
  const found = await inspectFile(tree, path)
  looked.set(path, found)
  return found
}

async function listFolder(order: Looking, folder: BytePath): Promise<readonly Obstacle[]> {
  if (await isRepository(order.tree, folder)) return [{ path: folder, kind: 'repository' }]
  const obstacles: Obstacle[] = []
  for (const name of await readdir(onDisk(order.tree, folder), { encoding: 'buffer' })) {
    const path = toBytePath(`${folder}/${name.toString('latin1')}`)
    const found = await inspectFile(order.tree, path)
    if (found.kind === 'folder') obstacles.push(...(await listFolder(order, path)))
    else if (!order.tracked.has(path)) obstacles.push({ path, kind: found.kind })
  }
  return obstacles
}

async function isRepository(tree: string, folder: BytePath): Promise<boolean> {
  try {
    return (await inspectFile(tree, toBytePath(`${folder}/.git`))).kind !== 'nothing'
  } catch (error) {
    if (isNotThere(error)) return false
    throw error
  }
}
