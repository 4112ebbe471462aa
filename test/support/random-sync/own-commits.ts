// Commits in the worktree, as an agent or a person makes them with git. What git refuses there does not happen.

import { tryGit } from '../temp-repo.ts'
import { changeFiles, type Ink } from './file-changes.ts'
import type { FileChange, OwnCommit } from './operations.ts'

export interface CommitOrder {
  readonly tree: string
  readonly as: OwnCommit
  readonly changes: readonly FileChange[]
  readonly ink: Ink
}

/** Returns whether git made the commit. */
export async function makeOwnCommit(order: CommitOrder): Promise<boolean> {
  const { tree, as, changes, ink } = order
  const message = ink.next('Own commit')
  switch (as) {
    case 'empty':
      return succeeds(tree, ['commit', '--quiet', '--allow-empty', `--message=${message}`])
    case 'merge':
    case 'merge_with_own_change':
      return (await mergeSide(tree, ink)) && (as === 'merge' || amend(order))
    case 'plain':
    case 'staged_only':
      if (!(await stage(tree, await changeFiles(tree, changes, ink))))
        await stage(tree, await changeFiles(tree, ANY_CHANGE, ink))
      if (as === 'staged_only') return true
      return succeeds(tree, ['commit', '--quiet', `--message=${message}`])
  }
}

/** In the place of changes that do not fit what lies there. */
const ANY_CHANGE: readonly FileChange[] = [{ kind: 'replace', at: 0, line: 0 }]

/** Adds what was touched, deletions and ignored files too. */
export async function stage(tree: string, paths: readonly string[]): Promise<boolean> {
  let isAnyAdded = false
  for (const path of paths) {
    const isAdded = await succeeds(tree, ['add', '--all', '--force', '--', `:(literal)${path}`])
    isAnyAdded = isAdded || isAnyAdded
  }
  return isAnyAdded
}

/** Tells whether git did what it was asked for. */
export async function succeeds(cwd: string, args: readonly string[]): Promise<boolean> {
  return (await tryGit({ cwd, args })).exitCode === 0
}

/** Returns what git printed, or null when it failed. */
export async function answerOf(cwd: string, args: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await tryGit({ cwd, args })
  return exitCode === 0 ? stdout.toString().trimEnd() : null
}

/** A side line without changes of its own, joined: files and index are never touched. */
async function mergeSide(tree: string, ink: Ink): Promise<boolean> {
  const base =
    (await answerOf(tree, ['rev-parse', '--verify', 'HEAD~1'])) ??
    (await answerOf(tree, ['rev-parse', 'HEAD']))
  if (base === null) return false
  const side = await answerOf(tree, ['commit-tree', `${base}^{tree}`, '-p', base, '-m', ink.next('Side')])
  return (
    side !== null && succeeds(tree, ['merge', '--quiet', '--no-ff', `--message=${ink.next('Join')}`, side])
  )
}

/** Changes that exist in the merge only: what a rebase would drop. */
async function amend({ tree, changes, ink }: CommitOrder): Promise<boolean> {
  await stage(tree, await changeFiles(tree, changes, ink))
  return succeeds(tree, ['commit', '--quiet', '--amend', '--no-edit'])
}
