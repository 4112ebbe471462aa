// Removes what a session held on this machine. Everything is moved aside first, worktree before repository, so that a
// kill leaves nothing half removed that looks whole; what lies aside is deleted then, by this run or the next.

import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError, isAppError } from '../../../domain/errors/app-error.ts'
import type { ReleaseOutcome } from '../../../ports/runner.ts'
import { isAnyAlive } from '../attempts/reap-attempt.ts'
import type { GitDoor } from '../git/git-door.ts'
import { listOtherWorktrees } from '../inspection/inspect-registration.ts'
import { lookAt } from '../look-at.ts'
import { PREPARED } from './prepare.ts'
import { removeAll } from './remove-all.ts'
import type { SessionPaths } from './session-paths.ts'
import { findUnsavedCommits } from './unsaved-commits.ts'
import { UnexpectedFile } from './unexpected-file.ts'

type Refused = Extract<ReleaseOutcome, { readonly kind: 'refused' }>

/** Removes the workspace, or says why it stays; done when nothing is there. An attempt that is not over holds it. */
export async function releaseWorkspace(
  door: GitDoor,
  paths: SessionPaths,
  { isHeld }: { readonly isHeld: boolean },
): Promise<ReleaseOutcome> {
  const folder = await lookAt(paths.folder)
  if (folder === null) return { kind: 'released' }
  if (!folder.isDirectory()) {
    throw new AppError('WORKSPACE_INVALID', { session: paths.sessionId, reason: 'its folder is none.' })
  }
  const refusal = (await refuseAlive(paths, isHeld)) ?? (await refuseUnsaved(door, paths))
  if (refusal !== null) return refusal
  const aside = join(paths.folder, 'released')
  await makeFolder(aside)
  // The mark that it was prepared goes last: without it a worktree is made over whatever lies there.
  const { tree, repository, control, agentHome, reviews } = paths
  for (const path of [tree, repository, control, agentHome, reviews, join(paths.folder, PREPARED)]) {
    const found = await lookAt(path)
    if (found === null) continue
    // A folder that may not be written may not be moved either.
    if (found.isDirectory()) await chmod(path, 0o700)
    await rename(path, join(aside, `${basename(path)}.${randomUUID()}`))
  }
  await removeAll(aside)
  return { kind: 'released' }
}

async function refuseAlive({ attempts }: SessionPaths, isHeld: boolean): Promise<Refused | null> {
  if (!isHeld && !(await isAnyAlive(attempts))) return null
  return { kind: 'refused', because: 'process_alive', detail: 'processes of an attempt still run' }
}

/** Once the repository was moved aside, all this was asked already. */
async function refuseUnsaved(door: GitDoor, paths: SessionPaths): Promise<Refused | null> {
  if ((await lookAt(paths.repository)) === null || (await lookAt(paths.control)) === null) return null
  const refuse = (detail: string): Refused => ({ kind: 'refused', because: 'not_saved', detail })
  try {
    const others = await listOtherWorktrees(paths)
    if (others.length > 0) return refuse(`another worktree is there: ${others.join(', ')}`)
    const unsaved = await findUnsavedCommits(door, paths)
    return unsaved.length === 0 ? null : refuse(`commits that no pin holds: ${unsaved.join(', ')}`)
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED') && !(error instanceof UnexpectedFile)) throw error
    return refuse(error.message)
  }
}

/** A link in its place would lead everything somewhere else. */
async function makeFolder(path: string): Promise<void> {
  if ((await lookAt(path))?.isDirectory() === false) await rm(path)
  await mkdir(path, { recursive: true, mode: 0o700 })
}
