// Step: make index and files those of the target. The one destructive step; it trusts nobody's word for the pin.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import { inspectFile } from '../inspection/hash-files.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import { controlPlace } from '../repositories/session-paths.ts'
import {
  readPinBack,
  refuseLocks,
  refuseOtherCommit,
  type Refusal,
  type StepOf,
  type StepWorld,
} from './step-world.ts'
import { moveTree } from './move-tree.ts'

/** Resets index and tracked files. Untracked files that are not in the way stay; nothing is ever cleaned. */
export async function resetTree(world: StepWorld, step: StepOf<'reset_tree'>): Promise<StepOutcome> {
  const { from, target, isGentle } = step
  if (isGentle === true && from !== null) return moveTree(world, { kind: 'move_tree', from, target })
  const refusal =
    (await refuseOtherCommit(world, step.from)) ??
    (await refuseLocks(world)) ??
    (await refuseUnpinned(world, step))
  if (refusal !== null) return refusal
  await unhide(world)
  await world.door.run({ at: controlPlace(world.paths), args: ['read-tree', '--reset', '-u', step.target] })
  return { kind: 'done' }
}

/** Reads the pin back once more, and compares it with what lies in the worktree at this moment. */
async function refuseUnpinned(world: StepWorld, step: StepOf<'reset_tree'>): Promise<Refusal | null> {
  const { prefix, from, target } = step
  const pin = await readPinBack(world, prefix)
  if (pin.kind !== 'verified') return pin
  const { head, worktree } = pin.commits
  if (head !== from)
    return { kind: 'failed', reason: 'not_pinned', detail: `the pin holds ${head ?? 'no commit'}` }
  if (await world.pins.covers({ paths: world.paths, prefix, head: from, target })) return null
  return { kind: 'raced', expected: worktree, actual: 'files changed after the pin was made' }
}

/**
 * Takes the marks from files that are there: git would keep the bytes of some and refuse because of others.
 *
 * A file of a sparse checkout that is not there stays away.
 */
async function unhide({ door, paths }: StepWorld): Promise<void> {
  const marked = (await listIndex(door, paths)).filter((entry) => entry.isHidden && entry.stage === 0)
  const found = await Promise.all(marked.map(({ path }) => inspectFile(paths.tree, path)))
  const lines = marked
    .filter((entry, position) => !entry.isSparse || found[position]?.kind !== 'nothing')
    .map(({ mode, oid, path }) => `${mode} ${oid} 0\t${path}\0`)
  if (lines.length === 0) return
  const input = Buffer.from(lines.join(''), 'latin1')
  await door.run({ at: controlPlace(paths), args: ['update-index', '-z', '--index-info'], input })
}
