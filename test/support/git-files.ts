// What git keeps in plain files of a worktree, read without starting git. Shares no code with src.

import { readFile, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { git } from './temp-repo.ts'

/** Where git keeps what belongs to one worktree, and what belongs to its whole repository. */
export interface GitFolders {
  readonly own: string
  readonly common: string
}

/** Returns the git folders of a worktree; null where they are not as git makes them. */
export async function gitFoldersOf(tree: string): Promise<GitFolders | null> {
  const named = await textOf(join(tree, '.git'))
  const link = /^gitdir: (.+)\n$/u.exec(named ?? '')?.[1]
  const own = link === undefined ? join(tree, '.git') : resolve(tree, link)
  const common = resolve(own, (await textOf(join(own, 'commondir')))?.trimEnd() ?? '.')
  const isWhole = (await isFolder(join(common, 'objects'))) && (await textOf(join(own, 'HEAD'))) !== null
  return isWhole ? { own: await realpath(own), common: await realpath(common) } : null
}

/** Returns the commit HEAD is on: what `git rev-parse HEAD` says, which is asked when the files do not tell. */
export async function headCommitOf(tree: string): Promise<string> {
  const folders = await gitFoldersOf(tree)
  return (folders && (await followHead(folders))) ?? git(tree, 'rev-parse', 'HEAD')
}

async function followHead({ own, common }: GitFolders): Promise<string | null> {
  const head = await textOf(join(own, 'HEAD'))
  const branch = /^ref: (refs\/heads\/.+)\n$/u.exec(head ?? '')?.[1]
  const text = branch === undefined ? head : await textOf(join(common, branch))
  return /^[0-9a-f]{40}\n$/u.test(text ?? '') ? (text?.trimEnd() ?? null) : null
}

/** Null for what can not be read as a file. */
async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null)
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

/** Returns the git directory of a worktree itself, as `git rev-parse --absolute-git-dir` says it. */
export async function gitDirectoryOf(tree: string): Promise<string> {
  return (await gitFoldersOf(tree))?.own ?? git(tree, 'rev-parse', '--absolute-git-dir')
}
