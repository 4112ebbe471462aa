// Our own git directory for a session's files. Looking at and moving the files through it reads none of the
// configuration, hooks, filters and refs that an agent can write.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSha, type Sha } from '../../domain/ids.ts'
import type { GitIdentity } from '../../ports/runner.ts'
import { readSmallFile } from './look-at.ts'
import { quoted } from './session-repository.ts'
import type { SessionPaths } from './session-paths.ts'
import { writeDurably } from './write-durably.ts'

/** Makes the directory, or makes it anew. */
export async function makeControlDirectory(paths: SessionPaths, identity: GitIdentity): Promise<void> {
  const { control } = paths
  await mkdir(join(control, 'refs', 'heads'), { recursive: true })
  await writeDurably(join(control, 'config'), configText(identity))
  await writeDurably(join(control, 'identity.json'), JSON.stringify(identity))
  const borrowed = [paths.repository, paths.mirror].map((folder) => `${join(folder, 'objects')}\n`).join('')
  await writeDurably(join(control, 'objects', 'info', 'alternates'), borrowed)
  await writeDurably(join(control, 'HEAD'), UNBORN)
}

const UNBORN = 'ref: refs/heads/none\n'

/** Says which commit our git directory takes for HEAD; null for a branch without a commit. */
export async function pointControlAt(paths: SessionPaths, head: Sha | null): Promise<void> {
  const file = join(paths.control, 'HEAD')
  const wanted = head === null ? UNBORN : `${head}\n`
  if ((await readSmallFile(file, 1000)) !== wanted) await writeDurably(file, wanted)
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

function configText(identity: GitIdentity): string {
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
  if (text.startsWith('ref: refs/heads/')) return { kind: 'branch', ref: text.slice('ref: '.length) }
  return isSha(text) ? { kind: 'commit', sha: text } : { kind: 'unreadable' }
}
