// Step: make index and files those of the target. The one destructive step; it trusts nobody's word for the pin.

import type { Sha } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { inspectFile } from '../inspection/hash-files.ts'
import { listIndex } from '../inspection/inspect-index.ts'
import type { PinCheck } from '../pins/pins.ts'
import { controlPlace } from '../repositories/session-paths.ts'
import { refuseLocks, refuseOtherCommit, type Refusal, type StepOf, type StepWorld } from './step-world.ts'
import { moveTree } from './move-tree.ts'

/** Resets index and tracked files. Untracked files that are not in the way stay; nothing is ever cleaned. */
export async function resetTree(world: StepWorld, step: StepOf<'reset_tree'>): Promise<StepOutcome> {
  const { from, target, isGentle } = step
  if (isGentle === true && from !== null) {
    const check = await world.pins.verifyRefs({ paths: world.paths, prefix: step.prefix })
    return refuseCheck(check, from) ?? moveTree(world, { kind: 'move_tree', from, target })
  }
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
  const { paths, pins } = world
  const { prefix, from, target } = step
  const check = await pins.verify({ paths, prefix })
  const refusal = refuseCheck(check, from)
  if (refusal !== null || check.kind === 'unverified') return refusal
  if (await pins.covers({ paths, prefix, head: from, target })) return null
  const actual = 'files changed after the pin was made'
  return { kind: 'raced', expected: check.commits.worktree, actual }
}

function refuseCheck(check: PinCheck, from: Sha | null): Refusal | null {
  const refuse = (detail: string): Refusal => ({ kind: 'failed', reason: 'not_pinned', detail })
  if (check.kind === 'unverified') return refuse(check.detail)
  const { head } = check.commits
  return head === from ? null : refuse(`the pin holds ${head ?? 'no commit'}`)
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
