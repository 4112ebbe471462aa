// Brings into the mirror what a pin names and only the session has: commits and staged files. What is there already is
// not copied again.

import { join } from 'node:path'
import { isAppError } from '../../../domain/errors/app-error.ts'
import type { Sha } from '../../../domain/ids.ts'
import { treeOf, type RawCommit } from '../git/commit-object.ts'
import type { GitDoor } from '../git/git-door.ts'
import { hasLooseObject, readLooseObject } from '../git/loose-object.ts'
import { copyToMirror } from '../repositories/mirror.ts'
import type { ParsedStatus } from '../git/parse-status.ts'
import { readCommits } from '../git/read-commit.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

export interface BringOrder {
  readonly door: GitDoor
  readonly paths: SessionPaths
  readonly head: Sha | null
  /** Whether the head's files are read in the mirror at once. */
  readonly isHeadRead: boolean
  readonly also: readonly Sha[]
  /** Blobs that only the index names. */
  readonly blobs: readonly string[]
  /** Whether one of `also` that can not be read is passed over. */
  readonly mayLack: boolean
}

export interface Brought {
  readonly headTree: Sha | null
  /** Those of `also` that are in the mirror now. */
  readonly also: readonly Sha[]
  readonly lacking: readonly Sha[]
}

/** Copies what is missing, with one process at most unless something of `also` can not be read. */
export async function bringObjects(order: BringOrder): Promise<Brought> {
  const { door, paths, head } = order
  const place = { door, mirror: paths.mirror }
  const blobs = await selectMissing(paths, order.blobs)
  const there = order.also.length === 0 ? new Map() : await readCommits(place, order.also)
  const others = order.also.filter((sha) => !there.has(sha))
  const known =
    head === null ? null : await findHead(order, { head, isCopying: blobs.length + others.length > 0 })
  const unknown = head !== null && known?.isToCopy !== false ? [head] : []
  const lacking = await copyAll(order, { missing: [...unknown, ...others], blobs })
  const also = order.also.filter((sha) => !lacking.includes(sha))
  if (head === null) return { headTree: null, also, lacking }
  const commit = known?.commit ?? (await readCommits(place, [head])).get(head)
  if (commit === undefined) throw new Error(`Commit ${head} is not in the mirror after it was copied`)
  return { headTree: treeOf(commit), also, lacking }
}

interface KnownHead {
  readonly commit: RawCommit
  readonly isToCopy: boolean
}

/**
 * Reads the head where that takes no process, else from the mirror; null when nobody has it.
 *
 * Bytes that hash to the commit's name are the commit, whoever keeps them. One that only the session has is copied along
 * with anything else, looked for when it is needed there, and else noticed when the pin's refs are made: git names no
 * object it does not have.
 */
async function findHead(
  { door, paths, isHeadRead }: BringOrder,
  { head, isCopying }: { readonly head: Sha; readonly isCopying: boolean },
): Promise<KnownHead | null> {
  const mirrored = await readLoose(paths.mirror, head)
  if (mirrored !== null) return { commit: mirrored, isToCopy: false }
  const own = await readLoose(paths.repository, head)
  if (own !== null && (isCopying || !isHeadRead)) return { commit: own, isToCopy: isCopying }
  const packed = (await readCommits({ door, mirror: paths.mirror }, [head])).get(head)
  if (packed !== undefined) return { commit: packed, isToCopy: false }
  return own === null ? null : { commit: own, isToCopy: true }
}

async function readLoose(repository: string, sha: Sha): Promise<RawCommit | null> {
  const object = await readLooseObject(join(repository, 'objects'), sha)
  return object?.type === 'commit' ? { sha, bytes: object.bytes } : null
}

async function selectMissing({ mirror }: SessionPaths, blobs: readonly string[]): Promise<readonly string[]> {
  const objects = join(mirror, 'objects')
  const found = await Promise.all(blobs.map((oid) => hasLooseObject(objects, oid)))
  return blobs.filter((_oid, position) => found[position] !== true)
}

/** Returns those of `also` that could not be copied. */
async function copyAll(
  { door, paths, head, also, mayLack }: BringOrder,
  { missing, blobs }: { readonly missing: readonly Sha[]; readonly blobs: readonly string[] },
): Promise<readonly Sha[]> {
  try {
    await copyToMirror(door, paths, [...missing, ...blobs])
    return []
  } catch (error) {
    if (!mayLack || !isAppError(error, 'GIT_FAILED') || missing.every((sha) => sha === head)) throw error
  }
  await copyToMirror(door, paths, [...missing.filter((sha) => sha === head), ...blobs])
  const lacking: Sha[] = []
  for (const sha of missing.filter((one) => one !== head && also.includes(one))) {
    if (!(await tryCopy(door, paths, sha))) lacking.push(sha)
  }
  return lacking
}

async function tryCopy(door: GitDoor, paths: SessionPaths, sha: Sha): Promise<boolean> {
  try {
    await copyToMirror(door, paths, [sha])
    return true
  } catch (error) {
    if (isAppError(error, 'GIT_FAILED')) return false
    throw error
  }
}

/** Returns the blobs that only the index names. A submodule's commit is not in this repository. */
export function stagedBlobs(status: ParsedStatus): readonly string[] {
  const staged = status.changed
    .filter((entry) => entry.indexOid !== entry.headOid)
    .map(({ indexMode, indexOid }) => ({ mode: indexMode, oid: indexOid }))
  const stages = status.unmerged.flatMap((entry) => entry.stages)
  return [...staged, ...stages].filter(isBlob).map(({ oid }) => oid)
}

/** Tells whether an entry of the index names a file's or a link's bytes. */
export function isBlob({ mode, oid }: { readonly mode: string; readonly oid: string }): boolean {
  return (mode.startsWith('100') || mode === '120000') && !/^0+$/.test(oid)
}
