// Step: move index and files to another commit and keep what is uncommitted. Any overlap is refused before it is touched.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { displayPath } from '../byte-path.ts'
import { pointControlAt } from '../control-directory.ts'
import { findMoved, pathsOf } from '../find-moved.ts'
import { diffCommits, findCollisions, type CommitChange } from '../inspect-collisions.ts'
import { listIndex } from '../inspect-index.ts'
import { readStatus } from '../inspect-tree.ts'
import { controlPlace } from '../session-paths.ts'
import { refuseLocks, refuseOtherHead, type Refusal, type StepOf, type StepWorld } from '../step-world.ts'

/** Moves the files; repeating it after a kill finishes the move. */
export async function moveTree(world: StepWorld, step: StepOf<'move_tree'>): Promise<StepOutcome> {
  const refusal = (await refuseOtherHead(world, step.from)) ?? (await refuseLocks(world))
  if (refusal !== null) return refusal
  const ground = await inspectGround(world, step)
  if (ground.kind !== 'free') return ground
  await adoptMoved(world, ground.moved)
  const args = ['read-tree', '-m', '-u', step.from, step.target]
  try {
    await world.door.run({ at: controlPlace(world.paths), args })
    return { kind: 'done' }
  } catch (error) {
    const detail = isAppError(error, 'GIT_FAILED') ? error.details.detail : ''
    if (!/not uptodate|would be overwritten|Cannot merge|would lose untracked/i.test(detail)) throw error
    return { kind: 'failed', reason: 'collision', detail }
  }
}

type Ground = { readonly kind: 'free'; readonly moved: readonly CommitChange[] } | Refusal

/** Git protects changed and untracked files by itself, but neither ignored files nor a deletion. */
async function inspectGround({ door, paths }: StepWorld, step: StepOf<'move_tree'>): Promise<Ground> {
  await pointControlAt(paths, step.from)
  const status = await readStatus(door, paths)
  const changes = await diffCommits(door, paths, { from: step.from, to: step.target })
  const index = await listIndex(door, paths)
  const tracked = new Set<string>(index.map(({ path }) => path))
  const moved = await findMoved({ door, paths, changes, status, tracked })
  const found = await findCollisions({ tree: paths.tree, changes, status, index, moved: pathsOf(moved) })
  const inTheWay = [...found.dirty, ...found.untracked, ...found.ignored]
  if (inTheWay.length === 0) return { kind: 'free', moved }
  const detail = inTheWay.map(displayPath).slice(0, 20).join(', ')
  return { kind: 'failed', reason: 'collision', detail }
}

/** Tells the index what a killed move had written already, so that git takes those files for done and not for changed. */
async function adoptMoved({ door, paths }: StepWorld, moved: readonly CommitChange[]): Promise<void> {
  if (moved.length === 0) return
  // Removals first: a file may have become a folder.
  const lines = moved
    .toSorted((one, other) => Number(one.arrives) - Number(other.arrives))
    .map(
      ({ path, arrives, mode, oid }) => `${arrives ? `${mode} ${oid} 0` : `0 ${'0'.repeat(40)}`}\t${path}\0`,
    )
  const input = Buffer.from(lines.join(''), 'latin1')
  await door.run({ at: controlPlace(paths), args: ['update-index', '-z', '--index-info'], input })
}
