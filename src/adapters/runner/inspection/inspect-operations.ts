// Half-done operations and locks in the worktree's git directory, seen by looking at files. Starts no process.

import { join } from 'node:path'
import { isSha, type Sha } from '../../../domain/ids.ts'
import type { OperationInProgress } from '../../../domain/sync/facts.ts'
import { lookAt, readSmallFile } from '../look-at.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { UnexpectedFile } from '../repositories/unexpected-file.ts'

/** The first that is there names the operation; the order puts the cause before what it leaves beside itself. */
const TRACES: readonly { readonly file: string; readonly operation: OperationInProgress }[] = [
  { file: 'rebase-apply/applying', operation: 'am' },
  { file: 'rebase-apply', operation: 'rebase' },
  { file: 'rebase-merge', operation: 'rebase' },
  { file: 'MERGE_HEAD', operation: 'merge' },
  { file: 'CHERRY_PICK_HEAD', operation: 'cherry_pick' },
  { file: 'REVERT_HEAD', operation: 'revert' },
  { file: 'BISECT_LOG', operation: 'bisect' },
  { file: 'sequencer', operation: 'sequencer' },
]

/** Returns the operation somebody left half done, or null. */
export async function inspectOperation(paths: SessionPaths): Promise<OperationInProgress | null> {
  for (const { file, operation } of TRACES) {
    if ((await lookAt(join(paths.worktreeGitDir, file))) !== null) return operation
  }
  return null
}

/** Where an operation keeps the commits it came from and those it takes in. */
const MEMORIES: readonly string[] = [
  'ORIG_HEAD',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge/orig-head',
  'rebase-apply/orig-head',
]

/** Returns the commits that a half-done operation remembers; throws `UnexpectedFile` where they can not be read. */
export async function readOtherCommits(paths: SessionPaths): Promise<readonly Sha[]> {
  const lines: string[] = []
  for (const name of MEMORIES) {
    const file = join(paths.worktreeGitDir, name)
    const text = await readSmallFile(file, 100_000)
    if (text === null && (await lookAt(file)) !== null) throw new UnexpectedFile(name)
    lines.push(...(text ?? '').split('\n').map((line) => line.trim()))
  }
  return [...new Set(lines.filter(isSha))]
}

/** Returns the lock files in the way of moving files or the branch, relative to the session repository. */
export async function inspectLocks(paths: SessionPaths, branch: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of lockNames(branch)) {
    if ((await lookAt(join(paths.repository, name))) !== null) found.push(name)
  }
  return found
}

/** Returns every lock file that a killed process of ours could leave. */
function lockNames(branch: string): readonly string[] {
  return [
    'worktrees/tree/index.lock',
    'worktrees/tree/HEAD.lock',
    `refs/heads/${branch}.lock`,
    `refs/remotes/origin/${branch}.lock`,
    'packed-refs.lock',
  ]
}
