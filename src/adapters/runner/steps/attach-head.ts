// Step: put HEAD back on the session's branch. No file is touched; the branch need not exist yet.

import type { StepOutcome } from '../../../domain/sync/step.ts'
import { refusePlantedLinks } from '../repositories/planted-links.ts'
import {
  readPinBack,
  readStanding,
  refuseForeignFiles,
  refuseLocks,
  sessionRef,
  type StepOf,
  type StepWorld,
} from './step-world.ts'

/** Attaches HEAD; the commit it stands on must be the pinned one, or nothing would name it any more. */
export async function attachHead(world: StepWorld, step: StepOf<'attach_head'>): Promise<StepOutcome> {
  const { door, paths } = world
  const { prefix, branch } = step
  const foreign = await refuseForeignFiles(world)
  if (foreign !== null) return foreign
  const standing = await readStanding(world)
  if (standing.kind !== 'at') return standing
  if (standing.branch === branch) return { kind: 'done' }
  const pin = await readPinBack(world, prefix)
  if (pin.kind !== 'verified') return pin
  if (standing.sha !== pin.commits.head)
    return { kind: 'raced', expected: pin.commits.head, actual: standing.sha ?? 'no commit' }
  const refusal =
    (await refuseLocks(world)) ?? (await refusePlantedLinks(paths.worktreeGitDir, ['logs/HEAD']))
  if (refusal !== null) return refusal
  const args = ['symbolic-ref', '-m', 'belay: sync', 'HEAD', sessionRef(branch)]
  await door.run({ at: { gitDir: paths.worktreeGitDir }, args })
  return { kind: 'done' }
}
