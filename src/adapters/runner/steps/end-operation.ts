// Step: make git forget a half-done operation. Files, index and HEAD stay as they are, and what the operation knew is
// kept beside our own files.

import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sha } from '../../../domain/ids.ts'
import { pinId } from '../../../domain/sync/pin.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { parentsIn } from '../git/commit-object.ts'
import { lookAt } from '../look-at.ts'
import { OPERATION_TRACES, readAutostashes } from '../inspection/operation-traces.ts'
import { readCommits } from '../git/read-commit.ts'
import {
  readPinBack,
  refuseForeignFiles,
  refuseLocks,
  type Refusal,
  type StepOf,
  type StepWorld,
} from './step-world.ts'

/** Takes the operation's traces away; none is fine. */
export async function endOperation(
  world: StepWorld,
  { prefix }: StepOf<'end_operation'>,
): Promise<StepOutcome> {
  const refusal = (await refuseForeignFiles(world)) ?? (await refuseLocks(world))
  if (refusal !== null) return refusal
  const pin = await readPinBack(world, prefix)
  if (pin.kind !== 'verified') return pin
  const unpinned = await refuseUnpinnedStash(world, pin.commits.index)
  if (unpinned !== null) return unpinned
  const { worktreeGitDir, control } = world.paths
  const kept = join(control, 'ended', `${pinId(prefix)}-${String(world.now())}`)
  for (const name of OPERATION_TRACES) {
    if ((await lookAt(join(worktreeGitDir, name))) === null) continue
    await mkdir(kept, { recursive: true })
    // Never removed: patches that `git am` had not applied yet lie nowhere else.
    await rename(join(worktreeGitDir, name), join(kept, name))
  }
  return { kind: 'done' }
}

/** What an operation put aside is named by its own files alone; without a pin of it they must stay. */
async function refuseUnpinnedStash({ door, paths }: StepWorld, index: Sha): Promise<Refusal | null> {
  const stashes = await readAutostashes(paths)
  if (stashes.length === 0) return null
  const commit = (await readCommits({ door, mirror: paths.mirror }, [index])).get(index)
  const pinned = commit === undefined ? [] : parentsIn(commit)
  const missing = stashes.filter((sha) => !pinned.includes(sha))
  if (missing.length === 0) return null
  return { kind: 'failed', reason: 'not_pinned', detail: `the pin lacks ${missing.join(', ')}` }
}
