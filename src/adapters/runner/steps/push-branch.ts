// Step: push the session's branch from the mirror. Never a forced push: the lease and the history are both checked.

import { branchRef, type Sha } from '../../../domain/ids.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { inspectHead } from '../inspection/inspect-head.ts'
import { copyToMirror } from '../repositories/mirror.ts'
import { pushRef } from '../repositories/push-ref.ts'
import { mirrorPlace, refsPlace } from '../repositories/session-paths.ts'
import type { StepOf, StepWorld } from './step-world.ts'

/** Pushes the branch; objects go through the mirror, so the process that has the credential reads no agent's files. */
export async function pushBranch(world: StepWorld, step: StepOf<'push_branch'>): Promise<StepOutcome> {
  const { door, paths, workspace } = world
  const { branch, head, expected } = step
  const { branchSha } = await inspectHead(door, paths, branch)
  // A branch that is gone may come back as it was, below what has been made on top of it since.
  const isAsPlanned = branchSha === head || (expected === null && (await isBelow(world, head, branchSha)))
  if (!isAsPlanned) return { kind: 'raced', expected: head, actual: branchSha ?? 'no such branch' }
  await copyToMirror(door, paths, [head])
  if (expected !== null) {
    const args = ['merge-base', '--is-ancestor', expected, head]
    const { exitCode } = await door.run({ at: mirrorPlace(paths), args, expect: 'any' })
    if (exitCode !== 0)
      return { kind: 'push', result: 'non_fast_forward', detail: `${expected} is not in ${head}` }
  }
  const { repository } = workspace
  const order = { mirror: paths.mirror, repository, sha: head, ref: branchRef(branch), expected }
  return { kind: 'push', ...(await pushRef(world, order)) }
}

async function isBelow({ door, paths }: StepWorld, head: Sha, branchSha: Sha | null): Promise<boolean> {
  if (branchSha === null) return false
  const args = ['merge-base', '--is-ancestor', head, branchSha]
  return (await door.run({ at: refsPlace(paths), args, expect: 'any' })).exitCode === 0
}
