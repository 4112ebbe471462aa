// Trees of the mirror from an index that is not the session's own: a copy of it, or one made from nothing. Knows nothing
// of the disk the files came from.

import { randomUUID } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../../domain/ids.ts'
import { toBytePath, type BytePath } from '../git/byte-path.ts'
import type { GitDoor } from '../git/git-door.ts'
import type { HashedFile } from '../inspection/hash-files.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import { EMPTY_TREE, writeObject } from '../git/loose-object.ts'
import { readIndexFile } from '../git/read-index-file.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

export interface TreePlace {
  readonly door: GitDoor
  readonly paths: SessionPaths
}

/** Writes the tree of the index as it is; it must have no conflicts. */
export function writeIndexTree(place: TreePlace): Promise<Sha> {
  return writeTree(place, { lines: [], from: 'index' })
}

/** The files as they lie, over a copy of the index; what is gone from the disk is gone from the tree. */
export function writeWorktreeTree(
  place: TreePlace,
  { files, gone }: { readonly files: readonly HashedFile[]; readonly gone: readonly BytePath[] },
): Promise<Sha> {
  // Removals first: a file may have become a folder, or a folder a file.
  const lines = [
    ...gone.map((path) => `0 ${'0'.repeat(40)}\t${path}\0`),
    ...files.map(({ path, mode, oid }) => `${mode} ${oid} 0\t${path}\0`),
  ]
  return writeTree(place, { lines, from: 'index' })
}

/** An index with conflicts has no tree of its own: each stage goes into a folder, 0 for what is merged. */
export async function writeStagesTree(place: TreePlace): Promise<Sha> {
  const { door, paths } = place
  const index = await listIndex(door, paths)
  // An intent to add names the empty blob, which need not exist anywhere.
  await writeObject({ objects: join(paths.mirror, 'objects'), type: 'blob', bytes: Buffer.alloc(0) })
  const lines = index.map((entry) =>
    toLine({ ...entry, path: toBytePath(`stage${entry.stage}/${entry.path}`) }),
  )
  return writeTree(place, { lines, from: 'nothing' })
}

function toLine({ mode, oid, path }: Pick<IndexEntry, 'mode' | 'oid' | 'path'>): string {
  return `${mode} ${oid} 0\t${path}\0`
}

/** Writes the tree of nothing, which git takes for present and therefore never stores. */
export function writeEmptyTree({ mirror }: SessionPaths): Promise<Sha> {
  return writeObject({ objects: join(mirror, 'objects'), type: 'tree', bytes: Buffer.alloc(0) })
}

interface TreeOrder {
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
async function writeTree({ door, paths }: TreePlace, order: TreeOrder): Promise<Sha> {
  const indexFile = join(paths.control, `index-${randomUUID()}`)
  const at = { gitDir: paths.mirror, indexFile }
  const isCopied = order.from === 'index' && ((await readIndexFile(paths.indexFile)) ?? []).length > 0
  // An index that leans on other files can not be copied alone.
  const known = order.from === 'nothing' || isCopied ? [] : await listIndex(door, paths)
  const lines = [...known.filter(({ stage }) => stage === 0).map(toLine), ...order.lines]
  try {
    if (isCopied) await copyFile(paths.indexFile, indexFile)
    if (lines.length > 0) {
      const input = Buffer.from(lines.join(''), 'latin1')
      await door.run({ at, args: ['update-index', '-z', '--index-info'], input })
    }
    const tree = toSha(await door.text({ at, args: ['write-tree', '--missing-ok'] }))
    return tree === EMPTY_TREE ? await writeEmptyTree(paths) : tree
  } finally {
    await rm(indexFile, { force: true })
  }
}
