// Step: move the session's branch by compare-and-swap.

import { join } from 'node:path'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { parentsOf, toBytePath } from '../byte-path.ts'
import { inspectHead } from '../inspect-head.ts'
import { lookAt } from '../look-at.ts'
import { refsPlace, type SessionPaths } from '../session-paths.ts'
import { refuseLocks, sessionRef, type Refusal, type StepOf, type StepWorld } from '../step-world.ts'

/** Moves the branch; a branch that is there already was moved by a run of this step that was killed. */
export async function moveBranch(world: StepWorld, step: StepOf<'move_branch'>): Promise<StepOutcome> {
  const { door, paths } = world
  const { branch, from, to } = step
  const { branchSha } = await inspectHead(door, paths, branch)
  if (branchSha === to) return { kind: 'done' }
  if (branchSha !== from) return { kind: 'raced', expected: from, actual: branchSha ?? 'no such branch' }
  const refusal = (await refuseLocks(world)) ?? (await refusePlantedLinks(paths, sessionRef(branch)))
  if (refusal !== null) return refusal
  const args = ['update-ref', '-m', 'belay: sync', '--end-of-options', sessionRef(branch), to, from]
  const { exitCode, stderr } = await door.run({ at: refsPlace(paths), args, expect: [0, 128] })
  if (exitCode === 0) return { kind: 'done' }
  if (/but expected|reference already exists|unable to resolve/i.test(stderr)) {
    return { kind: 'raced', expected: from, actual: stderr.trim() }
  }
  return { kind: 'failed', reason: /\.lock'/.test(stderr) ? 'locked' : 'git_failed', detail: stderr.trim() }
}

/** Git follows links in the folders of refs and reflogs; one planted there would make us write somewhere else. */
async function refusePlantedLinks(paths: SessionPaths, ref: string): Promise<Refusal | null> {
  const name = toBytePath(ref)
  const below = [...parentsOf(name), name].flatMap((part) => [part, `logs/${part}`])
  for (const part of ['logs', ...below]) {
    const found = await lookAt(join(paths.repository, part))
    if (found?.isSymbolicLink() === true)
      return { kind: 'failed', reason: 'git_failed', detail: `${part} is a link` }
  }
  return null
}
