// The session repository: bare, one per session, borrowing the mirror's objects. The agent may do to it what it likes.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BranchName, Sha } from '../../../domain/ids.ts'
import type { GitIdentity } from '../../../ports/runner.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readNamedRefs, trackingRef } from './mirror.ts'
import { borrowedBySession, refsPlace, type SessionPaths } from './session-paths.ts'
import { writeDurably } from '../write-durably.ts'

export interface SessionRepositoryOrder {
  readonly paths: SessionPaths
  readonly branch: BranchName
  readonly head: Sha
  readonly identity: GitIdentity
  /** The address people know; only so that `git remote -v` tells an agent something true. */
  readonly remoteUrl: string
  /** Remote branches the agent shall know, by name. */
  readonly remoteBranches: ReadonlyMap<string, Sha>
}

/**
 * Makes the session repository and returns where its branch is; an existing branch is never moved.
 *
 * Only for a session no agent has worked in.
 */
export async function makeSessionRepository(door: GitDoor, order: SessionRepositoryOrder): Promise<Sha> {
  const { paths, branch, head } = order
  await mkdir(paths.repository, { recursive: true })
  const args = ['init', '--bare', '--quiet', '--template=', '--initial-branch=none']
  await door.run({ at: { gitDir: paths.repository }, args })
  await writeDurably(join(paths.repository, 'objects', 'info', 'alternates'), borrowedBySession(paths))
  await writeDurably(join(paths.repository, 'config'), configText(order))
  const ref = `refs/heads/${branch}`
  const existing = (await readNamedRefs(door, paths.repository, [ref])).get(ref)
  const create = existing === undefined ? [`create ${ref} ${head}\n`] : []
  await updateRefs(door, paths, [...create, ...trackingLines(order.remoteBranches)])
  return existing ?? head
}

async function updateRefs(door: GitDoor, paths: SessionPaths, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  // A tracking ref that an agent made a name for its branch must not move that branch.
  const args = ['update-ref', '--no-deref', '--stdin']
  await door.run({ at: refsPlace(paths), args, input: lines.join('') })
}

function trackingLines(branches: ReadonlyMap<string, Sha>): readonly string[] {
  return [...branches].map(([branch, sha]) => `update ${trackingRef(branch)} ${sha}\n`)
}

function configText({ identity, remoteUrl, branch }: SessionRepositoryOrder): string {
  return `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tlogAllRefUpdates = true
[gc]
\tauto = 0
[user]
\tname = ${quoted(identity.name)}
\temail = ${quoted(identity.email)}
[remote "origin"]
\turl = ${quoted(remoteUrl)}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch ${quoted(branch)}]
\tremote = origin
\tmerge = ${quoted(`refs/heads/${branch}`)}
`
}

/** Returns a value as git's configuration files want it. */
export function quoted(value: string): string {
  const plain = value.replace(/[\u0000-\u001f\u007f]/g, ' ')
  return `"${plain.replace(/[\\"]/g, (mark) => `\\${mark}`)}"`
}
