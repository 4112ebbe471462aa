// The session repository: bare, one per session, borrowing the mirror's objects. The agent may do to it what it likes.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BranchName, Sha } from '../../domain/ids.ts'
import type { GitIdentity } from '../../ports/runner.ts'
import type { GitDoor } from './git-door.ts'
import { readRefs, trackingRef } from './mirror.ts'
import { refsPlace, type SessionPaths } from './session-paths.ts'
import { writeDurably } from './write-durably.ts'

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
  const borrowed = `${join(paths.mirror, 'objects')}\n`
  await writeDurably(join(paths.repository, 'objects', 'info', 'alternates'), borrowed)
  await writeDurably(join(paths.repository, 'config'), configText(order))
  const ref = `refs/heads/${branch}`
  const existing = (await readRefs(door, paths.repository, [ref])).get(ref)
  const create = existing === undefined ? [`create ${ref} ${head}\n`] : []
  await updateRefs(door, paths, [...create, ...trackingLines(order.remoteBranches)])
  return existing ?? head
}

/** Tells the session repository where the remote's branches are now, as a fetch of the agent's own would. */
export async function updateTrackingRefs(
  door: GitDoor,
  paths: SessionPaths,
  branches: ReadonlyMap<string, Sha>,
): Promise<void> {
  await updateRefs(door, paths, trackingLines(branches))
}

async function updateRefs(door: GitDoor, paths: SessionPaths, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  await door.run({ at: refsPlace(paths), args: ['update-ref', '--stdin'], input: lines.join('') })
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
