// The worktree and the index as trees in the mirror, byte for byte, touching neither. What can not be saved is refused.

import { randomUUID } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../domain/ids.ts'
import { displayPath, toBytePath, type BytePath } from './byte-path.ts'
import { pointControlAt } from './control-directory.ts'
import { findReturning } from './find-returning.ts'
import type { GitDoor } from './git-door.ts'
import {
  hashFiles,
  inspectFile,
  inspectReadable,
  isHashable,
  type FoundFile,
  type UnreadableFile,
} from './hash-files.ts'
import { diffCommits, findCollisions } from './inspect-collisions.ts'
import { findHiddenEdits, listIndex, type IndexEntry } from './inspect-index.ts'
import { readStatus } from './inspect-tree.ts'
import { copyToMirror } from './mirror.ts'
import { isUntouched, type ParsedStatus } from './parse-status.ts'
import { mirrorPlace, type SessionPaths } from './session-paths.ts'

export interface SnapshotOrder {
  readonly door: GitDoor
  readonly paths: SessionPaths
  readonly head: Sha
  /** Where the worktree may be reset to; ignored files in the way of it are saved too. */
  readonly target: Sha | null
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
    }
  | { readonly kind: 'impossible'; readonly detail: string }

/** Saves everything that is not in a commit yet. All objects are in the mirror when it returns. */
export async function takeSnapshot(order: SnapshotOrder): Promise<Snapshot> {
  const { door, paths, head } = order
  await pointControlAt(paths, head)
  const status = await readStatus(door, paths)
  await copyToMirror(door, paths, [head, ...stagedObjects(status)])
  const extra = await findUnseen(order, status)
  if (extra.nested.length > 0) {
    const names = extra.nested.map(displayPath).join(', ')
    return { kind: 'impossible', detail: `A repository of its own would be lost: ${names}` }
  }
  if (isUntouched(status) && extra.paths.length === 0) {
    const tree = toSha(
      await door.text({ at: mirrorPlace(paths), args: ['rev-parse', '--verify', `${head}^{tree}`] }),
    )
    return { kind: 'taken', indexTree: tree, worktreeTree: tree, paths: [], skipped: [] }
  }
  const touched = await inspectTouched(order, await listTouched(paths.tree, status, extra.paths))
  const [indexTree, worktreeTree] = await Promise.all([
    status.unmerged.length === 0 ? writeIndexTree(order, []) : writeStagesTree(order),
    writeWorktreeTree(order, touched.found),
  ])
  const saved = touched.found.map((file) => displayPath(file.path))
  return { kind: 'taken', indexTree, worktreeTree, paths: saved, skipped: touched.skipped.map(displayPath) }
}

/** Blobs that only the index names. A submodule's commit is not in this repository. */
function stagedObjects(status: ParsedStatus): readonly string[] {
  const staged = status.changed
    .filter((entry) => entry.indexOid !== entry.headOid)
    .map(({ indexMode, indexOid }) => ({ mode: indexMode, oid: indexOid }))
  const stages = status.unmerged.flatMap((entry) => entry.stages)
  return [...staged, ...stages]
    .filter(({ mode, oid }) => isBlobMode(mode) && !/^0+$/.test(oid))
    .map(({ oid }) => oid)
}

function isBlobMode(mode: string): boolean {
  return mode.startsWith('100') || mode === '120000'
}

interface Unseen {
  readonly paths: readonly BytePath[]
  readonly nested: readonly BytePath[]
}

/** Finds what status does not show and a reset would write over: hidden edits, and files in the way of the target. */
async function findUnseen(
  { door, paths, head, target }: SnapshotOrder,
  status: ParsedStatus,
): Promise<Unseen> {
  const index = await listIndex(door, paths)
  const hidden = await findHiddenEdits(door, paths, index)
  if (target === null) return { paths: hidden, nested: [] }
  const differing = await diffCommits(door, paths, { from: head, to: target })
  const changes = [...differing, ...findReturning({ status, index, changes: differing })]
  const found = await findCollisions({ tree: paths.tree, changes, status, index, moved: new Set() })
  return { paths: [...hidden, ...found.ignored], nested: found.nested }
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

/** The files as they lie, over a copy of the index; what is gone from the disk is gone from the tree. */
async function writeWorktreeTree({ door, paths }: SnapshotOrder, found: readonly FoundFile[]): Promise<Sha> {
  const files = found.filter(isHashable)
  const gone = found.filter((file) => !isHashable(file)).map(({ path }) => path)
  const hashed = await hashFiles(door, { paths, at: mirrorPlace(paths), mode: 'write', files })
  // Removals first: a file may have become a folder, or a folder a file.
  const lines = [
    ...gone.map((path) => removal(path)),
    ...hashed.map(({ path, mode, oid }) => `${mode} ${oid} 0\t${path}\0`),
  ]
  return writeTree({ door, paths, lines, from: 'index' })
}

function removal(path: BytePath): string {
  return `0 ${'0'.repeat(40)}\t${path}\0`
}

async function writeIndexTree({ door, paths }: SnapshotOrder, lines: readonly string[]): Promise<Sha> {
  return writeTree({ door, paths, lines, from: 'index' })
}

/** An index with conflicts has no tree of its own: each stage goes into a folder, 0 for what is merged. */
async function writeStagesTree({ door, paths }: SnapshotOrder): Promise<Sha> {
  const index = await listIndex(door, paths)
  // An intent to add names the empty blob, which need not exist anywhere.
  await door.run({ at: mirrorPlace(paths), args: ['hash-object', '-w', '-t', 'blob', '/dev/null'] })
  const lines = index.map(
    ({ mode, oid, stage, path }: IndexEntry) => `${mode} ${oid} 0\t${toBytePath(`stage${stage}/${path}`)}\0`,
  )
  return writeTree({ door, paths, lines, from: 'nothing' })
}

interface TreeOrder {
  readonly door: GitDoor
  readonly paths: SessionPaths
  /** Entries for `update-index --index-info -z`. */
  readonly lines: readonly string[]
  readonly from: 'index' | 'nothing'
}

/**
 * Writes the tree of a temporary index into the mirror.
 *
 * The session's objects are not borrowed here: git does not write what it can borrow, and what it borrows an agent can
 * delete. What is missing then is found by reading the pin back.
 */
async function writeTree({ door, paths, lines, from }: TreeOrder): Promise<Sha> {
  const indexFile = join(paths.control, `index-${randomUUID()}`)
  const at = { gitDir: paths.mirror, indexFile }
  try {
    if (from === 'index') await copyFile(paths.indexFile, indexFile)
    if (lines.length > 0) {
      const input = Buffer.from(lines.join(''), 'latin1')
      await door.run({ at, args: ['update-index', '-z', '--index-info'], input })
    }
    return toSha(await door.text({ at, args: ['write-tree', '--missing-ok'] }))
  } finally {
    await rm(indexFile, { force: true })
  }
}
