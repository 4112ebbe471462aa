// Short words for what a scenario finds in a worktree afterwards. Plain git and files.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { headCommitOf } from '../../git-files.ts'
import { git } from '../../temp-repo.ts'
import type { Stage } from './stage.ts'

/** Returns `XY path` for everything that is not as committed, sorted. */
export async function statusOf({ tree }: Stage): Promise<readonly string[]> {
  const text = await git(tree, '--no-optional-locks', 'status', '--porcelain', '--untracked-files=all')
  return text === '' ? [] : text.split('\n').toSorted()
}

/** Returns the text of a file, or null. */
export async function textIn({ tree }: Stage, path: string): Promise<string | null> {
  return readFile(join(tree, path), 'utf8').catch(() => null)
}

/** Returns the commit HEAD is on. */
export function headOf({ tree }: Stage, revision = 'HEAD'): Promise<string> {
  return revision === 'HEAD' ? headCommitOf(tree) : git(tree, 'rev-parse', revision)
}
