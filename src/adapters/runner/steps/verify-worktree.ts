// Step: check that branch and files really are where the plan put them.

import type { Sha } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { displayPath, type BytePath } from '../git/byte-path.ts'
import { pointControlAt } from '../repositories/control-directory.ts'
import { diffCommits } from '../inspection/inspect-collisions.ts'
import { readStatus } from '../inspection/inspect-tree.ts'
import { omitUntouched } from '../inspection/omit-untouched.ts'
import { refuseLocks, refuseOtherHead, type StepOf, type StepWorld } from './step-world.ts'

/** After a move that kept changes none of the moved files may differ; in every other plan no tracked one. */
export async function verifyWorktree(
  world: StepWorld,
  { head }: StepOf<'verify_worktree'>,
): Promise<StepOutcome> {
  const refusal = (await refuseOtherHead(world, head)) ?? (await refuseLocks(world))
  if (refusal !== null) return refusal
  await pointControlAt(world.paths, head)
  const status = await omitUntouched(world.paths.tree, await readStatus(world.door, world.paths))
  const differing = [...status.changed, ...status.unmerged].map(({ path }) => path)
  const wrong = await selectWrong(world, head, differing)
  if (wrong.length === 0) return { kind: 'done' }
  return {
    kind: 'raced',
    expected: head,
    actual: `differs in ${wrong.map(displayPath).slice(0, 20).join(', ')}`,
  }
}

async function selectWrong(
  world: StepWorld,
  head: Sha,
  differing: readonly BytePath[],
): Promise<readonly BytePath[]> {
  if (differing.length === 0 || world.plan.some((step) => step.kind === 'reset_tree')) return differing
  const move = world.plan.find((step) => step.kind === 'move_tree')
  if (move === undefined) return differing
  const changes = await diffCommits(world.door, world.paths, { from: move.from, to: head })
  const moved = new Set<string>(changes.map(({ path }) => path))
  return differing.filter((path) => moved.has(path))
}
