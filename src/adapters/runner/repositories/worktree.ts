// The agent's worktree: made once, checked before every use. A worktree whose git files were exchanged is not used.

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import type { BranchName, Sha } from '../../../domain/ids.ts'
import type { WorktreeFault } from '../../../domain/sync/facts.ts'
import { pointControlAt } from './control-directory.ts'
import type { GitDoor } from '../git/git-door.ts'
import { lookAt, readSmallFile } from '../look-at.ts'
import { controlPlace, refsPlace, type SessionPaths } from './session-paths.ts'
import { findTampering } from './tampering.ts'

/**
 * Registers the worktree and fills it; finishes what a killed run of itself left.
 *
 * Only for a session no agent has worked in: files that lie there are ours and are written over.
 */
export async function makeWorktree(
  door: GitDoor,
  paths: SessionPaths,
  start: { readonly branch: BranchName; readonly head: Sha },
): Promise<void> {
  if ((await inspectGitFiles(paths)) !== null) await register(door, paths, start.branch)
  await rm(join(paths.worktreeGitDir, 'index.lock'), { force: true })
  await pointControlAt(paths, start.head)
  await door.run({ at: controlPlace(paths), args: ['read-tree', '--reset', '-u', start.head] })
}

async function register(door: GitDoor, paths: SessionPaths, branch: BranchName): Promise<void> {
  await refuseForeignFiles(paths)
  await rm(paths.worktreeGitDir, { recursive: true, force: true })
  await rm(paths.tree, { recursive: true, force: true })
  const args = ['worktree', 'add', '--no-checkout', '--lock', paths.tree, branch]
  await door.run({ at: { ...refsPlace(paths), cwd: paths.folder }, args })
}

/** A killed registration leaves at most a `.git` file; anything more is somebody's work and stays. */
async function refuseForeignFiles(paths: SessionPaths): Promise<void> {
  const found = await lookAt(paths.tree)
  if (found === null) return
  const names = found.isDirectory() ? await readdir(paths.tree) : ['a file']
  if (names.some((name) => name !== '.git')) {
    const reason = 'files lie where its worktree would be made.'
    throw new AppError('WORKSPACE_INVALID', { session: paths.sessionId, reason })
  }
}

/**
 * Returns what is wrong with the worktree's git files, or null when they are the ones we made.
 *
 * A folder that is gone is `missing` only while its registration is ours; where its HEAD is, is not looked for here.
 */
export async function inspectGitFiles(paths: SessionPaths): Promise<WorktreeFault | null> {
  const tree = await lookAt(paths.tree)
  if (tree?.isDirectory() === false) return { kind: 'tampered', what: 'the worktree is not a folder' }
  const expected = tree === null ? registrationFiles(paths) : expectedFiles(paths)
  for (const { file, content, what } of expected) {
    const found = await readSmallFile(file, 5000)
    if (found?.trim() !== content) return { kind: 'tampered', what }
  }
  const index = await lookAt(paths.indexFile)
  if (index !== null && !index.isFile()) return { kind: 'tampered', what: 'the index is not a regular file' }
  const what = await findTampering(paths)
  if (what !== null) return { kind: 'tampered', what }
  return tree === null ? { kind: 'missing', head: null } : null
}

interface ExpectedFile {
  readonly file: string
  readonly content: string
  readonly what: string
}

function expectedFiles(paths: SessionPaths): readonly ExpectedFile[] {
  const file = join(paths.tree, '.git')
  const gitFile = { file, content: `gitdir: ${paths.worktreeGitDir}`, what: 'the .git file of the worktree' }
  return [gitFile, ...registrationFiles(paths)]
}

function registrationFiles({ tree, worktreeGitDir }: SessionPaths): readonly ExpectedFile[] {
  return [
    {
      file: join(worktreeGitDir, 'gitdir'),
      content: join(tree, '.git'),
      what: 'the registration of the worktree',
    },
    { file: join(worktreeGitDir, 'commondir'), content: '../..', what: 'the registration of the worktree' },
  ]
}
