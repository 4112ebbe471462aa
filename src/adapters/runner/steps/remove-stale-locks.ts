// Step: remove locks that a killed process of ours left. Planned only while nobody else may work in the worktree.

import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { signatureOf } from '../inspection/hash-files.ts'
import { inspectLocks } from '../inspection/inspect-operations.ts'
import { isGitAlive } from '../git/live-git.ts'
import { isNotThere } from '../look-at.ts'
import type { StepWorld } from './step-world.ts'

const PATIENCE_MS = 10_000
const LOOK_AGAIN_MS = 100

/** Removes the locks; a git process that outlived its parent gets some seconds to finish first. */
export async function removeStaleLocks(
  { paths, workspace }: Pick<StepWorld, 'paths' | 'workspace'>,
  isAlive: typeof isGitAlive = isGitAlive,
): Promise<StepOutcome> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const locks = await inspectLocks(paths, workspace.branch)
    if (locks.length === 0) return { kind: 'done' }
    const files = locks.map((lock) => join(paths.repository, lock))
    const seen = await Promise.all(files.map(identifyLock))
    // One that was made since belongs to a process that nobody asked about; then all is asked again.
    if (!(await isAlive(paths, locks)) && (await removeSeen(files, seen))) return { kind: 'done' }
    if (performance.now() >= until) return { kind: 'failed', reason: 'locked', detail: locks.join(', ') }
    await wait(LOOK_AGAIN_MS)
  }
}

/** Removes those files that are still the ones that were seen; tells whether none of the others is there. */
async function removeSeen(files: readonly string[], seen: readonly (string | null)[]): Promise<boolean> {
  let isAllGone = true
  for (const [position, file] of files.entries()) {
    const now = await identifyLock(file)
    if (now === null) continue
    if (now === seen[position]) await rm(file, { force: true })
    else isAllGone = false
  }
  return isAllGone
}

async function identifyLock(file: string): Promise<string | null> {
  try {
    return signatureOf(await lstat(file, { bigint: true }))
  } catch (error) {
    if (isNotThere(error)) return null
    throw error
  }
}
