// Step: make index and files those of the target. The one destructive step; it trusts nobody's word for the pin.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import { controlPlace } from '../session-paths.ts'
import { refuseLocks, refuseOtherHead, type Refusal, type StepOf, type StepWorld } from '../step-world.ts'

/** Resets index and tracked files. Untracked files that are not in the way stay; nothing is ever cleaned. */
export async function resetTree(world: StepWorld, step: StepOf<'reset_tree'>): Promise<StepOutcome> {
  const refusal =
    (await refuseOtherHead(world, step.from)) ??
    (await refuseLocks(world)) ??
    (await refuseUnpinned(world, step))
  if (refusal !== null) return refusal
  await world.door.run({ at: controlPlace(world.paths), args: ['read-tree', '--reset', '-u', step.target] })
  return { kind: 'done' }
}

/** Reads the pin back once more, and compares it with what lies in the worktree at this moment. */
async function refuseUnpinned(
  { pins, paths }: StepWorld,
  step: StepOf<'reset_tree'>,
): Promise<Refusal | null> {
  const { prefix, from, target } = step
  const check = await pins.verify({ paths, prefix })
  if (check.kind === 'unverified') return { kind: 'failed', reason: 'not_pinned', detail: check.detail }
  if (check.commits.head !== from) {
    return { kind: 'failed', reason: 'not_pinned', detail: `the pin holds ${check.commits.head}` }
  }
  if (await pins.covers({ paths, prefix, head: from, target })) return null
  return { kind: 'raced', expected: check.commits.worktree, actual: 'files changed after the pin was made' }
}
