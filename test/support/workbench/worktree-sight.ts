// What a worktree looks like from outside, complete enough to say that nothing in it was changed. Plain git and files.

import { createHash } from 'node:crypto'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readRefs } from '../fake-github/git/refs.ts'
import { gitFoldersOf } from '../git-files.ts'
import { tryGit } from '../temp-repo.ts'

/** Everything that a person who works in the worktree could miss. */
export interface WorktreeSight {
  /** HEAD and branches as their files say, index and status as git tells them; its refusal when it can not. */
  readonly git: readonly string[]
  /** Every file with its content's digest, ignored ones included. */
  readonly files: readonly string[]
}

const QUESTIONS = [
  ['ls-files', '--stage', '-v'],
  ['status', '--porcelain=v2', '--untracked-files=all', '--ignored'],
] as const

/** Looks at a worktree; a missing one has no files. */
export async function lookAtWorktree(tree: string): Promise<WorktreeSight> {
  const files = await listFiles(tree, '')
  if (files === null) return { git: [], files: [] }
  const ask = async (question: (typeof QUESTIONS)[number]): Promise<string> => {
    const { exitCode, stdout } = await tryGit({ cwd: tree, args: ['--no-optional-locks', ...question] })
    return `${question[0]} ${exitCode}\n${stdout.toString()}`
  }
  const git = [...(await listPointers(tree)), ...(await Promise.all(QUESTIONS.map(ask)))]
  return { git, files: files.toSorted() }
}

async function listPointers(tree: string): Promise<readonly string[]> {
  const folders = await gitFoldersOf(tree)
  if (folders === null) return ['no git folder']
  const branches = [...readRefs(folders.common)].filter(([ref]) => ref.startsWith('refs/heads/'))
  return [await readFile(join(folders.own, 'HEAD'), 'utf8'), ...branches.map((pair) => pair.join(' '))]
}

async function listFiles(tree: string, folder: string): Promise<readonly string[] | null> {
  const entries = await readdir(join(tree, folder), { withFileTypes: true }).catch(() => null)
  if (entries === null) return null
  const found: string[] = []
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...((await listFiles(tree, path)) ?? []))
    else if (entry.isFile() || entry.isSymbolicLink())
      found.push(`${path} ${await digest(join(tree, path), entry.isSymbolicLink())}`)
    else found.push(`${path} (no file)`)
  }
  return found
}

async function digest(file: string, isLink: boolean): Promise<string> {
  const content = isLink ? await readlink(file) : await readFile(file)
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}
