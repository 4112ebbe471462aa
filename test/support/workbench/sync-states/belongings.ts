// Everything somebody could miss of a worktree, with the ids git would give it, and the same of a pin: to say that one
// holds the other byte for byte. Plain git and files.

import { createHash } from 'node:crypto'
import { copyFile, lstat, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { headCommitOf } from '../../git-files.ts'
import { git, tryGit } from '../../temp-repo.ts'
import { lookAtWorktree, type WorktreeSight } from '../worktree-sight.ts'
import { inGitDirectory, type Stage } from './stage.ts'

/** Mode and blob by path. */
export type Blobs = ReadonlyMap<string, string>

export interface Belongings {
  /** Null without a commit, or when git can not tell. */
  readonly head: string | null
  /** The tree of what is staged; null when it holds conflicts, or can not be read. */
  readonly index: string | null
  /** Tracked and untracked files as they lie; ignored ones only by name. */
  readonly files: Blobs
  readonly sight: WorktreeSight
}

/** Looks at a worktree; `ignored` names ignored files that count. */
export async function belongingsOf(stage: Stage, ignored: readonly string[] = []): Promise<Belongings> {
  const { tree } = stage
  const head = await headCommitOf(tree).catch(() => null)
  return {
    head,
    index: await stagedTree(stage),
    files: await filesOf(tree, ignored),
    sight: await lookAtWorktree(tree),
  }
}

async function answer(cwd: string, args: readonly string[], env = {}): Promise<string | null> {
  const { exitCode, stdout } = await tryGit({ cwd, args: ['--no-optional-locks', ...args], env }).catch(
    () => ({
      exitCode: -1,
      stdout: '',
    }),
  )
  return exitCode === 0 ? stdout.toString().trimEnd() : null
}

/** Written from a copy, because git refreshes the index it writes a tree from. */
async function stagedTree(stage: Stage): Promise<string | null> {
  const real = await inGitDirectory(stage, 'index').catch(() => null)
  if (real === null) return null
  const copy = `${real}-looked-at`
  if ((await copyFile(real, copy).catch(() => null)) === null) return null
  const written = await answer(stage.tree, ['write-tree'], { GIT_INDEX_FILE: copy })
  await rm(copy)
  return written
}

async function filesOf(tree: string, ignored: readonly string[]): Promise<Blobs> {
  const listed = await answer(tree, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  const found = new Map<string, string>()
  for (const path of new Set([...(listed ?? '').split('\0'), ...ignored])) {
    const blob = path === '' ? null : await blobAt(join(tree, path))
    if (blob !== null) found.set(path, blob)
  }
  return found
}

/** Null for what is no file of the worktree: gone, a folder, a pipe, behind a link. */
async function blobAt(path: string): Promise<string | null> {
  const folder = await realpath(dirname(path)).catch(() => null)
  if (folder !== dirname(path)) return null
  const stats = await lstat(path).catch(() => null)
  if (stats?.isSymbolicLink()) return `120000 ${blobId(Buffer.from(await readlink(path)))}`
  if (stats === null || !stats.isFile()) return null
  return `${stats.mode & 0o100 ? '100755' : '100644'} ${blobId(await readFile(path))}`
}

function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Returns what a commit in the mirror holds; submodules are no files. */
export async function pinnedFiles({ mirror }: Stage, ref: string): Promise<Blobs> {
  const listed = await git(mirror, 'ls-tree', '-r', '-z', ref)
  const entries = listed.split('\0').flatMap((line) => {
    const [, mode = '', id = '', path = ''] = /^(\d{6}) blob (\w+)\t(.*)$/su.exec(line) ?? []
    return path === '' ? [] : [[path, `${mode} ${id}`] as const]
  })
  return new Map(entries)
}

/** Returns the bytes of one pinned file. */
export async function pinnedBytes({ mirror }: Stage, name: string): Promise<Buffer> {
  const { exitCode, stdout } = await tryGit({ cwd: mirror, args: ['cat-file', 'blob', name] })
  if (exitCode !== 0) throw new Error(`The mirror has no ${name}`)
  return stdout
}
