// What an agent left uncommitted, and what the rules for leftovers must know of each path. Of a file that git was told
// not to look at, the staged version is what a commit would hold, so that one is judged and never the file.

import { readFile } from 'node:fs/promises'
import { holdsToken, LEFTOVER_MAX_BYTES, type Leftover } from '../../../domain/sync/leftovers.ts'
import { onDisk, type BytePath } from '../git/byte-path.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import type { ChangedEntry, ParsedStatus } from '../git/parse-status.ts'
import { inspectFile } from '../inspection/hash-files.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import { readStatus } from '../inspection/inspect-tree.ts'
import { omitUntouched } from '../inspection/omit-untouched.ts'
import { findTelling, sizesOf } from '../pins/telling-blobs.ts'
import { controlPlace } from '../repositories/session-paths.ts'
import type { StepWorld } from './step-world.ts'

/** Everything that differs from the head. */
export interface Left {
  readonly status: ParsedStatus
  /** The staged paths that git was told not to look at. */
  readonly marked: ReadonlyMap<string, IndexEntry>
}

/** Reads what was left; our git directory must point at the head before. */
export async function readLeft({ door, paths }: StepWorld): Promise<Left> {
  const status = await omitUntouched(paths.tree, await readStatus(door, paths))
  const staged = new Set<string>(status.changed.map(({ path }) => path))
  const index = staged.size === 0 ? [] : await listIndex(door, paths)
  const marked = index.filter(({ path, isHidden }) => isHidden && staged.has(path))
  return { status, marked: new Map(marked.map((entry) => [entry.path, entry])) }
}

/** Returns every path in git's order, nested repositories last. */
export async function listLeftovers(
  world: StepWorld,
  { status, marked }: Left,
): Promise<readonly Leftover<BytePath>[]> {
  const { tree } = world.paths
  const files = status.changed.filter((entry) => !entry.isSubmodule)
  const staged = await judgeStaged(
    world,
    files.filter(({ path }) => marked.has(path)),
  )
  const tracked = files.map(({ path }) => staged.get(path) ?? judgeFile(tree, path))
  const untracked = status.untracked.map((path) => judgeFile(tree, path))
  const submodules = status.changed.filter((entry) => entry.isSubmodule).map(({ path }) => path)
  const nested = [...status.nested, ...submodules]
  return [
    ...(await Promise.all([...tracked, ...untracked])),
    ...nested.map((path) => ({ path, kind: 'nested_repository' as const, size: 0, holdsToken: false })),
  ]
}

async function judgeStaged(
  { door, paths }: StepWorld,
  entries: readonly ChangedEntry[],
): Promise<ReadonlyMap<BytePath, Leftover<BytePath>>> {
  const place = { door, at: controlPlace(paths) }
  const sizes = await sizesOf(place, [...new Set(entries.map(({ indexOid }) => indexOid))])
  const telling = await findTelling(place, sizes, LEFTOVER_MAX_BYTES)
  const judged = entries.map(({ path, indexMode, indexOid }): Leftover<BytePath> => {
    const size = sizes.get(indexOid)
    if (size === undefined) return { path, kind: 'unreadable', size: 0, holdsToken: false }
    const kind = indexMode === '120000' ? 'link' : 'file'
    return { path, kind, size, holdsToken: telling.has(indexOid) }
  })
  return new Map(judged.map((leftover) => [leftover.path, leftover]))
}

async function judgeFile(tree: string, path: BytePath): Promise<Leftover<BytePath>> {
  const found = await inspectFile(tree, path)
  if (found.kind === 'link') return { path, kind: 'link', size: found.size, holdsToken: false }
  if (found.kind !== 'file') return { path, kind: 'deletion', size: 0, holdsToken: false }
  if (found.size >= LEFTOVER_MAX_BYTES) return { path, kind: 'file', size: found.size, holdsToken: false }
  try {
    const text = await readFile(onDisk(tree, path), 'latin1')
    return { path, kind: 'file', size: found.size, holdsToken: holdsToken(text) }
  } catch {
    // Named as left out; the pin that follows skips it too and says so.
    return { path, kind: 'unreadable', size: found.size, holdsToken: false }
  }
}
