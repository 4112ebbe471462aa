// What half-done operations leave in a worktree's git directory: which files they are, and the uncommitted work that
// some of them keep there and nowhere else.

import { join } from 'node:path'
import { isSha, type Sha } from '../../../domain/ids.ts'
import { readSmallFile } from '../look-at.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

/** Files and folders whose removal makes git forget the operation; what makes git see one goes first. */
export const OPERATION_TRACES: readonly string[] = [
  'rebase-merge',
  'rebase-apply',
  'sequencer',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'REBASE_HEAD',
  'MERGE_MSG',
  'MERGE_MODE',
  'MERGE_RR',
  'MERGE_AUTOSTASH',
  'AUTO_MERGE',
  'SQUASH_MSG',
  'BISECT_LOG',
  'BISECT_START',
  'BISECT_TERMS',
  'BISECT_NAMES',
  'BISECT_RUN',
  'BISECT_EXPECTED_REV',
  'BISECT_ANCESTORS_OK',
  'BISECT_FIRST_PARENT',
]

const AUTOSTASHES: readonly string[] = ['rebase-merge/autostash', 'rebase-apply/autostash', 'MERGE_AUTOSTASH']

/** Returns the commits that hold what was uncommitted when an operation began; no ref names them. */
export async function readAutostashes({ worktreeGitDir }: SessionPaths): Promise<readonly Sha[]> {
  const found = await Promise.all(AUTOSTASHES.map((name) => readSmallFile(join(worktreeGitDir, name), 1000)))
  return found.map((text) => text?.trim() ?? '').filter((text) => isSha(text))
}
