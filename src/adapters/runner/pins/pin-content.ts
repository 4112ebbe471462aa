// What goes into a pin: brings the objects into the mirror and makes the trees. Knows no ref and no commit of a pin.

import type { Sha } from '../../../domain/ids.ts'
import type { GitDoor } from '../git/git-door.ts'
import { bringObjects, stagedBlobs, type Brought } from './pinned-objects.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { readGoneIndex, writeGoneTree } from './snapshot-gone.ts'
import { readStatusAt, takeSnapshot, type Snapshot } from './snapshot.ts'

export interface ContentOrder {
  readonly paths: SessionPaths
  /** Null for a branch without a commit. */
  readonly head: Sha | null
  /** Where a reset would go; what can not be saved is refused then. */
  readonly target: Sha | null
  /** Whether a step that writes over things may follow; then everything in its way is saved too. */
  readonly hasReset: boolean
  /** More commits to keep. */
  readonly also: readonly Sha[]
  /** The worktree's folder is not there, and its index is all there is. */
  readonly isGone: boolean
}

export type PinContent =
  | (Extract<Snapshot, { kind: 'taken' }> & Pick<Brought, 'also' | 'lacking'>)
  | Exclude<Snapshot, { kind: 'taken' }>

/** Saves everything of a worktree that is not in a commit, and the commits. */
export async function makePinContent(door: GitDoor, order: ContentOrder): Promise<PinContent> {
  return order.isGone ? ofGone(door, order) : ofWorktree(door, order)
}

async function ofWorktree(door: GitDoor, order: ContentOrder): Promise<PinContent> {
  const { paths, head, also, target, hasReset } = order
  const status = await readStatusAt({ door, paths }, head)
  const blobs = stagedBlobs(status)
  const isHeadRead = target !== null && hasReset
  const mayLack = target === null
  const brought = await bringObjects({ door, paths, head, isHeadRead, also, blobs, mayLack })
  const { headTree, lacking } = brought
  const snapshot = await takeSnapshot({ door, paths, head, headTree, target, hasReset }, status)
  return snapshot.kind === 'taken' ? { ...snapshot, also: brought.also, lacking } : snapshot
}

async function ofGone(door: GitDoor, { paths, head, also }: ContentOrder): Promise<PinContent> {
  const index = await readGoneIndex({ door, paths, head })
  const blobs = index.blobs
  const brought = await bringObjects({ door, paths, head, isHeadRead: false, also, blobs, mayLack: true })
  const tree = await writeGoneTree({ door, paths, head, headTree: brought.headTree }, index)
  return {
    kind: 'taken',
    indexTree: tree,
    worktreeTree: tree,
    paths: index.paths,
    skipped: [],
    covered: null,
    also: brought.also,
    lacking: brought.lacking,
  }
}
