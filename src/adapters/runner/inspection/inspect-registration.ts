// What the session repository says of its worktrees, read from files alone. Starts no process; knows no commit.

import { join } from 'node:path'
import type { WorktreeFault } from '../../../domain/sync/facts.ts'
import { listFolder, lookAt, readSmallFile } from '../look-at.ts'
import { isReview } from '../repositories/review-worktree.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

/** Returns the worktree's new place when its folder was moved inside the session, or null. */
export async function findMovedFolder(paths: SessionPaths): Promise<WorktreeFault | null> {
  const ours = `gitdir: ${paths.worktreeGitDir}`
  const found: string[] = []
  for (const entry of await listFolder(paths.folder)) {
    if (!entry.isDirectory()) continue
    const text = await readSmallFile(join(paths.folder, entry.name, '.git'), 5000)
    if (text?.trim() === ours) found.push(entry.name)
  }
  const [to, ...others] = found
  if (to === undefined) return null
  // Taking the wrong one of two would leave somebody's files behind.
  return others.length === 0 ? { kind: 'moved', to } : { kind: 'tampered', what: 'the place of the worktree' }
}

/** Files of a worktree's git directory that name the branch it stands on, or will go back to. */
const BRANCH_FILES = ['HEAD', 'rebase-merge/head-name', 'rebase-apply/head-name']

/** Returns the name of another worktree that has the branch checked out, or null; what a reviewer does in its own is its own. */
export async function findOtherCheckout(paths: SessionPaths, branch: string): Promise<string | null> {
  const registrations = join(paths.repository, 'worktrees')
  for (const entry of await listFolder(registrations)) {
    const gitDir = join(registrations, entry.name)
    if (gitDir === paths.worktreeGitDir) continue
    if (!(await isOn(gitDir, branch)) || !(await hasFolder(gitDir))) continue
    if (!(await isReview(paths, entry.name))) return entry.name
  }
  return null
}

/** Returns the names of all other worktrees of the session repository that have a folder and are no reviews. */
export async function listOtherWorktrees(paths: SessionPaths): Promise<readonly string[]> {
  const registrations = join(paths.repository, 'worktrees')
  const others: string[] = []
  for (const { name } of await listFolder(registrations)) {
    const gitDir = join(registrations, name)
    if (gitDir === paths.worktreeGitDir || (await isReview(paths, name))) continue
    if (await hasFolder(gitDir)) others.push(name)
  }
  return others
}

async function isOn(gitDir: string, branch: string): Promise<boolean> {
  for (const name of BRANCH_FILES) {
    const text = (await readSmallFile(join(gitDir, name), 1000))?.trim()
    if (text === `ref: refs/heads/${branch}` || text === `refs/heads/${branch}`) return true
  }
  return false
}

/** A worktree whose folder is gone uses nothing any more; one that does not say where it lies is taken to be there. */
async function hasFolder(gitDir: string): Promise<boolean> {
  const gitFile = (await readSmallFile(join(gitDir, 'gitdir'), 5000))?.trim() ?? ''
  return !gitFile.startsWith('/') || (await lookAt(gitFile)) !== null
}

/** Tells whether somebody's shallow fetch cut off the session repository's history. */
export async function isShallow({ repository }: SessionPaths): Promise<boolean> {
  return (await lookAt(join(repository, 'shallow'))) !== null
}
