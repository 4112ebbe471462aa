// Commits of the mirror as bytes: from single files, and with one process for those that are in packs.

import { join } from 'node:path'
import { isSha, type Sha } from '../../../domain/ids.ts'
import { parseBatch, type RawCommit } from './commit-object.ts'
import type { GitDoor } from './git-door.ts'
import { readLooseObject, writeObject } from './loose-object.ts'

/** A mirror and the way to git. */
export interface CommitPlace {
  readonly door: GitDoor
  readonly mirror: string
}

/** Returns those of the commits that the mirror has; what is no commit is not among them. */
export async function readCommits(
  { door, mirror }: CommitPlace,
  shas: readonly Sha[],
): Promise<ReadonlyMap<Sha, RawCommit>> {
  const wanted = [...new Set(shas)]
  const found = new Map<Sha, RawCommit>()
  for (const sha of wanted) {
    const object = await readLooseObject(join(mirror, 'objects'), sha)
    if (object?.type === 'commit') found.set(sha, { sha, bytes: object.bytes })
  }
  const others = wanted.filter((sha) => !found.has(sha))
  if (others.length === 0) return found
  const args = ['cat-file', '--batch']
  const { stdout } = await door.run({ at: { gitDir: mirror }, args, input: `${others.join('\n')}\n` })
  for (const commit of parseBatch(stdout)) if (isSha(commit.sha)) found.set(commit.sha, commit)
  return found
}

export interface CommitText {
  readonly mirror: string
  /** The whole commit, headers and message. */
  readonly bytes: Buffer
  /** Whether it must outlive a power cut. */
  readonly isLasting?: boolean
}

/** Writes a commit into the mirror. */
export async function writeCommit({ mirror, bytes, isLasting }: CommitText): Promise<RawCommit> {
  const objects = join(mirror, 'objects')
  const sha = await writeObject({ objects, type: 'commit', bytes, isLasting: isLasting ?? true })
  return { sha, bytes }
}
