// The worktree and the index as trees in the mirror, byte for byte, touching neither. What can not be saved is refused.

import { join } from 'node:path'
import type { Sha } from '../../../domain/ids.ts'
import { displayPath, type BytePath } from '../git/byte-path.ts'
import { pointControlAt } from '../repositories/control-directory.ts'
import { digestIndex, digestStatus, type CoveredState } from './covered-state.ts'
import { findReturning } from '../inspection/find-returning.ts'
import type { GitDoor } from '../git/git-door.ts'
import {
  inspectFile,
  inspectReadable,
  isHashable,
  type FoundFile,
  type HashableFile,
  type HashedFile,
  type UnreadableFile,
} from '../inspection/hash-files.ts'
import { diffCommits, findCollisions, type Collisions } from '../inspection/inspect-collisions.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { findHiddenEdits, listIndex } from '../inspection/inspect-index.ts'
import { readStatus } from '../inspection/inspect-tree.ts'
import type { ParsedStatus } from '../git/parse-status.ts'
import { identify, saveFiles } from './save-files.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { writeEmptyTree, writeIndexTree, writeStagesTree, writeWorktreeTree } from './snapshot-trees.ts'

export interface SnapshotOrder {
  readonly door: GitDoor
  readonly paths: SessionPaths
  /** Null for a branch without a commit. */
  readonly head: Sha | null
  readonly headTree: Sha | null
  /** Where the worktree may be reset to; what can not be saved is refused then. */
  readonly target: Sha | null
  /** Whether files in the way of the target are saved too; a move that refuses to write over them needs that not. */
  readonly hasReset: boolean
}

export type Snapshot =
  | {
      readonly kind: 'taken'
      readonly indexTree: Sha
      readonly worktreeTree: Sha
      /** Every path whose bytes differ from the head's, for people. */
      readonly paths: readonly string[]
      /** What could not be read; never anything when there is a target. */
      readonly skipped: readonly string[]
      /** What a later comparison needs; null when no reset may follow. */
      readonly covered: CoveredState | null
    }
  | { readonly kind: 'impossible'; readonly detail: string }
  /** Something was written while the snapshot was taken. */
  | { readonly kind: 'changed'; readonly path: string }

/** Everything seen before the first byte is read. */
interface Sight {
  readonly sinceMs: number
  readonly indexDigest: string
  readonly status: ParsedStatus
  readonly index: readonly IndexEntry[]
  /** The marked files and whatever lies there, before they are compared. */
  readonly marked: readonly FoundFile[]
  readonly hidden: readonly BytePath[]
  readonly collisions: Collisions | null
}

/** Saves everything that is not in a commit yet. The head and the staged blobs are in the mirror already. */
export async function takeSnapshot(order: SnapshotOrder, status: ParsedStatus): Promise<Snapshot> {
  const sight = await see(order, status)
  const nested = sight.collisions?.nested ?? []
  if (nested.length > 0) {
    const names = nested.map(displayPath).join(', ')
    return { kind: 'impossible', detail: `A repository of its own would be lost: ${names}` }
  }
  const extra = [...sight.hidden, ...findHiddenDeletions(sight), ...(sight.collisions?.ignored ?? [])]
  const touched = await inspectTouched(order, await listTouched(order.paths.tree, status, extra))
  const files = touched.found.filter(isHashable)
  const objects = join(order.paths.mirror, 'objects')
  const saving = await saveFiles({ tree: order.paths.tree, objects, files })
  if (saving.kind === 'changed') return { kind: 'changed', path: displayPath(saving.path) }
  const gone = findGone(touched.found, sight)
  const indexTree = await treeOfIndex(order, status)
  return {
    kind: 'taken',
    indexTree,
    worktreeTree:
      touched.found.length === 0 && status.unmerged.length === 0
        ? indexTree
        : await writeWorktreeTree(order, { files: saving.files, gone }),
    paths: touched.found.map((file) => displayPath(file.path)),
    skipped: touched.skipped.map(displayPath),
    covered: await toCovered(order, sight, { found: touched.found, saved: saving.files }),
  }
}

/** Reads what git says of the worktree; the head is what it compares with. */
export async function readStatusAt(
  { door, paths }: Pick<SnapshotOrder, 'door' | 'paths'>,
  head: Sha | null,
): Promise<ParsedStatus> {
  await pointControlAt(paths, head)
  return readStatus(door, paths)
}

/** Finds what status does not show and a reset would write over: hidden edits, and files in the way of the target. */
async function see(order: SnapshotOrder, status: ParsedStatus): Promise<Sight> {
  const { door, paths, head, target, hasReset } = order
  const sinceMs = Date.now()
  const indexDigest = await digestIndex(paths)
  const index = await listIndex(door, paths)
  const marks = index.filter((entry) => entry.isHidden && entry.stage === 0)
  const marked = await Promise.all(marks.map(({ path }) => inspectFile(paths.tree, path)))
  const hidden = await findHiddenEdits(door, paths, index)
  const seen = { sinceMs, indexDigest, status, index, marked, hidden }
  if (target === null || !hasReset) return { ...seen, collisions: null }
  const differing = await diffCommits(door, paths, { from: head, to: target })
  const changes = [...differing, ...findReturning({ status, index, changes: differing })]
  const collisions = await findCollisions({ tree: paths.tree, changes, status, index, moved: new Set() })
  return { ...seen, collisions }
}

/** Every path whose file differs from the index; of submodules only those a file has taken the place of. */
async function listTouched(
  tree: string,
  status: ParsedStatus,
  extra: readonly BytePath[],
): Promise<readonly BytePath[]> {
  const submodules = status.changed.filter((entry) => entry.isSubmodule)
  const found = await Promise.all(submodules.map(({ path }) => inspectFile(tree, path)))
  const replaced = found.filter(isHashable).map(({ path }) => path)
  const files = status.changed.filter((entry) => !entry.isSubmodule)
  const tracked = [...files, ...status.unmerged].map(({ path }) => path)
  return [...new Set([...tracked, ...replaced, ...status.untracked, ...extra])]
}

/** A file whose absence git was told not to notice; one that a sparse checkout leaves out is meant to be absent. */
function findHiddenDeletions({ index, marked }: Sight): readonly BytePath[] {
  const sparse = sparsePaths(index)
  return marked.filter(({ kind, path }) => kind === 'nothing' && !sparse.has(path)).map(({ path }) => path)
}

/** Paths without a file; what a sparse checkout leaves out keeps the version of the index. */
function findGone(found: readonly FoundFile[], { index }: Sight): readonly BytePath[] {
  const sparse = sparsePaths(index)
  const isLeftOut = ({ kind, path }: FoundFile): boolean => kind === 'nothing' && sparse.has(path)
  return found.filter((file) => !isHashable(file) && !isLeftOut(file)).map(({ path }) => path)
}

function sparsePaths(index: readonly IndexEntry[]): ReadonlySet<string> {
  return new Set<string>(index.filter(({ isSparse }) => isSparse).map(({ path }) => path))
}

interface Touched {
  readonly found: readonly FoundFile[]
  readonly skipped: readonly BytePath[]
}

/**
 * Looks at the files. One that can not be read is skipped only when no reset follows, so that the rest is saved.
 *
 * Before a reset it is passed on as it is, and reading it fails the whole snapshot.
 */
async function inspectTouched(
  { paths, target }: SnapshotOrder,
  touched: readonly BytePath[],
): Promise<Touched> {
  const look = target === null ? inspectReadable : inspectFile
  const found: readonly (FoundFile | UnreadableFile)[] = await Promise.all(
    touched.map((path) => look(paths.tree, path)),
  )
  return {
    found: found.filter((file) => file.kind !== 'unreadable'),
    skipped: found.filter((file) => file.kind === 'unreadable').map(({ path }) => path),
  }
}

/** With nothing staged it is the head's own; an index with conflicts has a tree of stages. */
async function treeOfIndex(order: SnapshotOrder, status: ParsedStatus): Promise<Sha> {
  const { paths, headTree } = order
  if (status.unmerged.length > 0) return writeStagesTree(order)
  const isStaged = status.changed.some(
    (entry) => entry.indexOid !== entry.headOid || entry.indexMode !== entry.headMode || entry.xy[0] !== '.',
  )
  if (isStaged) return writeIndexTree(order)
  return headTree ?? writeEmptyTree(paths)
}

/** What was looked at first stands first; what was looked at again before it was read takes its place. */
async function toCovered(
  { paths, target, hasReset }: SnapshotOrder,
  sight: Sight,
  { found, saved }: { readonly found: readonly FoundFile[]; readonly saved: readonly HashedFile[] },
): Promise<CoveredState | null> {
  if (target === null || !hasReset) return null
  const oids = new Map<string, Sha | null>(saved.map(({ path, oid }) => [path, oid]))
  const hashable = (file: FoundFile): file is HashableFile => isHashable(file) && !oids.has(file.path)
  for (const file of sight.marked.filter(hashable)) oids.set(file.path, await identify(paths.tree, file))
  const all = [...(sight.collisions?.looked ?? []), ...sight.marked, ...found]
  const files = new Map(all.map((file) => [file.path, file.signature]))
  return {
    target,
    sinceMs: sight.sinceMs,
    index: sight.indexDigest,
    status: digestStatus(sight.status),
    files: [...files].map(([path, signature]) => [path, signature, oids.get(path) ?? null]),
    folders: [...(sight.collisions?.listed ?? [])],
  }
}
