// Step: move index and files to another commit and keep what is uncommitted. Any overlap is refused before it is touched.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { displayPath } from '../byte-path.ts'
import { pointControlAt } from '../control-directory.ts'
import { diffCommits, findCollisions } from '../inspect-collisions.ts'
import { listIndex } from '../inspect-index.ts'
import { readStatus } from '../inspect-tree.ts'
import { controlPlace } from '../session-paths.ts'
import { refuseLocks, refuseOtherHead, type Refusal, type StepOf, type StepWorld } from '../step-world.ts'

/** Moves the files; repeating it after a kill finishes the move. */
export async function moveTree(world: StepWorld, step: StepOf<'move_tree'>): Promise<StepOutcome> {
  const refusal =
    (await refuseOtherHead(world, step.from)) ??
    (await refuseLocks(world)) ??
    (await refuseCollision(world, step))
  if (refusal !== null) return refusal
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

/** Git refuses changed and untracked files by itself, and writes over ignored ones without a word. */
async function refuseCollision(
  { door, paths }: StepWorld,
  step: StepOf<'move_tree'>,
): Promise<Refusal | null> {
  await pointControlAt(paths, step.from)
  const status = await readStatus(door, paths)
  const changes = await diffCommits(door, paths, { from: step.from, to: step.target })
  const tracked = new Set<string>((await listIndex(door, paths)).map(({ path }) => path))
  const { untracked, ignored } = await findCollisions({ tree: paths.tree, changes, status, tracked })
  const inTheWay = [...untracked, ...ignored]
  if (inTheWay.length === 0) return null
  return { kind: 'failed', reason: 'collision', detail: inTheWay.map(displayPath).slice(0, 20).join(', ') }
}
