// Step: move the session's branch by compare-and-swap, and tell the session what is known of the remote's branches.

import { ZERO_SHA } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { inspectHead } from '../inspection/inspect-head.ts'
import { refusePlantedLinks } from '../repositories/planted-links.ts'
import { refsPlace } from '../repositories/session-paths.ts'
import { refuseLocks, sessionRef, type StepOf, type StepWorld } from './step-world.ts'
import { trackingLinesWithMove } from '../repositories/tracking-refs.ts'

/** Moves the branch; a branch that is there already was moved by a run of this step that was killed. */
export async function moveBranch(world: StepWorld, step: StepOf<'move_branch'>): Promise<StepOutcome> {
  const { door, paths, workspace } = world
  const { branch, from, to } = step
  const { branchSha } = await inspectHead(door, paths, branch)
  if (branchSha === to) return { kind: 'done' }
  if (branchSha !== from) return { kind: 'raced', expected: from, actual: branchSha ?? 'no such branch' }
  const told = await trackingLinesWithMove(door, paths, workspace)
  const ref = sessionRef(branch)
  const refusal =
    (await refuseLocks(world)) ?? (await refusePlantedLinks(paths.repository, [ref, `logs/${ref}`]))
  if (refusal !== null) return refusal
  // A branch that an agent made a name for another must not move that other one.
  const move = `option no-deref\nupdate ${ref} ${to} ${from ?? ZERO_SHA}\n`
  const first = await update(world, [move, ...told])
  // What an agent made of the tracking refs must not keep its branch where it is.
  const { exitCode, words } = first.exitCode === 0 || told.length === 0 ? first : await update(world, [move])
  if (exitCode === 0) return { kind: 'done' }
  if (/but expected|reference already exists|unable to resolve/i.test(words))
    return { kind: 'raced', expected: from, actual: words }
  return { kind: 'failed', reason: /\.lock'/.test(words) ? 'locked' : 'git_failed', detail: words }
}

async function update(
  { door, paths }: StepWorld,
  lines: readonly string[],
): Promise<{ readonly exitCode: number; readonly words: string }> {
  const args = ['update-ref', '-m', 'belay: sync', '--stdin']
  const input = ['start\n', ...lines, 'prepare\n', 'commit\n'].join('')
  const { exitCode, stderr } = await door.run({ at: refsPlace(paths), args, input, expect: [0, 128] })
  return { exitCode, words: stderr.trim() }
}
