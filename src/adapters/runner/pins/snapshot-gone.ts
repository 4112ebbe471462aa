// A worktree whose folder is gone, as trees in the mirror: what its index still holds, which is then all there is.

import type { Sha } from '../../../domain/ids.ts'
import { displayPath, splitNul } from '../git/byte-path.ts'
import type { GitDoor } from '../git/git-door.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import { lookAt } from '../look-at.ts'
import { EMPTY_TREE } from '../git/loose-object.ts'
import { isBlob } from './pinned-objects.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { writeEmptyTree, writeIndexTree, writeStagesTree } from './snapshot-trees.ts'

export interface GonePlace {
  readonly door: GitDoor
  readonly paths: SessionPaths
  readonly head: Sha | null
}

/** What the index has and the head has not. */
export interface GoneIndex {
  readonly paths: readonly string[]
  readonly blobs: readonly string[]
  readonly entries: readonly IndexEntry[]
}

/** Reads the index of a worktree without files; no index is nothing staged. */
export async function readGoneIndex({ door, paths, head }: GonePlace): Promise<GoneIndex> {
  if ((await lookAt(paths.indexFile)) === null) return { paths: [], blobs: [], entries: [] }
  const entries = await listIndex(door, paths)
  const args = ['diff-index', '--cached', '--name-only', '--no-renames', '-z', head ?? EMPTY_TREE]
  const at = { gitDir: paths.control, indexFile: paths.indexFile }
  const staged = new Set(splitNul((await door.run({ at, args })).stdout))
  const blobs = entries.filter((entry) => staged.has(entry.path) && isBlob(entry)).map(({ oid }) => oid)
  return { paths: [...staged].map(displayPath), blobs: [...new Set(blobs)], entries }
}

/** Writes the index's tree; its blobs are in the mirror already. */
export async function writeGoneTree(
  place: GonePlace & { readonly headTree: Sha | null },
  index: GoneIndex,
): Promise<Sha> {
  if (index.entries.some(({ stage }) => stage > 0)) return writeStagesTree(place)
  if (index.paths.length > 0) return writeIndexTree(place)
  return place.headTree ?? writeEmptyTree(place.paths)
}
