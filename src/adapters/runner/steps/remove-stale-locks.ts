// Step: remove locks that a killed process of ours left. Planned only while nobody else may work in the worktree.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { inspectLocks } from '../inspection/inspect-operations.ts'
import { isGitAlive } from '../git/live-git.ts'
import type { StepWorld } from './step-world.ts'

const PATIENCE_MS = 10_000
const LOOK_AGAIN_MS = 100

/** Removes the locks; a git process that outlived its parent gets some seconds to finish first. */
export async function removeStaleLocks({ paths, workspace }: StepWorld): Promise<StepOutcome> {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const locks = await inspectLocks(paths, workspace.branch)
    if (locks.length === 0) return { kind: 'done' }
    if (!(await isGitAlive(paths, locks))) {
      for (const lock of locks) await rm(join(paths.repository, lock), { force: true })
      return { kind: 'done' }
    }
    if (performance.now() >= until) return { kind: 'failed', reason: 'locked', detail: locks.join(', ') }
    await wait(LOOK_AGAIN_MS)
  }
}
