// Our own git directory for a session's files. Looking at and moving the files through it reads none of the
// configuration, hooks, filters and refs that an agent can write.

import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isBranchName, isSha, type Sha } from '../../../domain/ids.ts'
import type { GitIdentity } from '../../../ports/runner.ts'
import { readSmallFile } from '../look-at.ts'
import { quoted } from './session-repository.ts'
import type { SessionPaths } from './session-paths.ts'
import { writeDurably } from '../write-durably.ts'

/** Makes the directory, or makes it anew. */
export async function makeControlDirectory(paths: SessionPaths, identity: GitIdentity): Promise<void> {
  const { control } = paths
  await mkdir(join(control, 'refs', 'heads'), { recursive: true })
  await writeDurably(join(control, 'config'), controlConfig(identity))
  await writeDurably(join(control, 'identity.json'), JSON.stringify(identity))
  await writeDurably(join(control, 'objects', 'info', 'alternates'), borrowedByControl(paths))
  await writeDurably(join(control, 'HEAD'), UNBORN)
}

/** What our git directory borrows, as git's file for it says. */
export function borrowedByControl({ repository, mirror }: SessionPaths): string {
  return [repository, mirror].map((folder) => `${join(folder, 'objects')}\n`).join('')
}

const UNBORN = 'ref: refs/heads/none\n'

/** Our own branch for the local commit, and what it follows: the remote's. */
const LOCAL = 'refs/heads/local'
const REMOTE = 'refs/heads/remote'

/** Settings for a process that shall count commits between both; the file of settings stays as it was made. */
export const UPSTREAM_ENVIRONMENT = {
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'branch.local.remote',
  GIT_CONFIG_VALUE_0: '.',
  GIT_CONFIG_KEY_1: 'branch.local.merge',
  GIT_CONFIG_VALUE_1: REMOTE,
} as const

/**
 * Says which commit our git directory takes for HEAD; null for a branch without a commit.
 *
 * With an upstream, HEAD is a branch of ours that follows it, and `git status` can say how far both are apart.
 */
export async function pointControlAt(
  paths: SessionPaths,
  head: Sha | null,
  upstream: Sha | null = null,
): Promise<void> {
  if (head !== null && upstream !== null) {
    await point(join(paths.control, LOCAL), `${head}\n`)
    await point(join(paths.control, REMOTE), `${upstream}\n`)
    return point(join(paths.control, 'HEAD'), `ref: ${LOCAL}\n`)
  }
  return point(join(paths.control, 'HEAD'), head === null ? UNBORN : `${head}\n`)
}

/** Needs no sync to the disk: whoever uses our git directory points it first. */
async function point(file: string, wanted: string): Promise<void> {
  if ((await readSmallFile(file, 1000)) === wanted) return
  const temporary = `${file}.${randomUUID()}`
  await writeFile(temporary, wanted, { flag: 'wx', mode: 0o600 })
  await rename(temporary, file)
}

/** Returns who commits in this session, as it was given when the session was prepared. */
export async function readIdentity(paths: SessionPaths): Promise<GitIdentity> {
  const text = await readSmallFile(join(paths.control, 'identity.json'), 10_000)
  const value: unknown = text === null ? null : JSON.parse(text)
  const isIdentity = typeof value === 'object' && value !== null && 'name' in value && 'email' in value
  return isIdentity
    ? { name: String(value.name), email: String(value.email) }
    : { name: 'Belay', email: 'belay@localhost' }
}

/** The whole configuration of our git directory; it is compared byte for byte before it is used. */
export function controlConfig(identity: GitIdentity): string {
  const folded = process.platform === 'darwin' ? '\tignorecase = true\n\tprecomposeunicode = true\n' : ''
  return `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogAllRefUpdates = false
${folded}[uploadpack]
\tallowAnySHA1InWant = true
[user]
\tname = ${quoted(identity.name)}
\temail = ${quoted(identity.email)}
`
}

/** What the worktree's HEAD file says. */
export type HeadFile =
  | { readonly kind: 'branch'; readonly ref: string }
  | { readonly kind: 'commit'; readonly sha: Sha }
  | { readonly kind: 'unreadable' }

/** Reads the worktree's HEAD; git never packs it, so the file is the truth and needs no process. */
export async function readHeadFile(paths: SessionPaths): Promise<HeadFile> {
  const text = (await readSmallFile(join(paths.worktreeGitDir, 'HEAD'), 1000))?.trim() ?? ''
  const [, name] = /^ref: refs\/heads\/(.+)$/.exec(text) ?? []
  // A name that git would refuse must not lead us out of the repository.
  if (name !== undefined && isBranchName(name)) return { kind: 'branch', ref: `refs/heads/${name}` }
  return isSha(text) ? { kind: 'commit', sha: text } : { kind: 'unreadable' }
}
