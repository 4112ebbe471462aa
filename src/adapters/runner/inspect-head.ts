// Where the worktree's HEAD and the session's branch are, with one process that looks at refs only.

import type { BranchName, Sha } from '../../domain/ids.ts'
import type { HeadFact } from '../../domain/sync/facts.ts'
import { readHeadFile } from './control-directory.ts'
import type { GitDoor } from './git-door.ts'
import { readRefs } from './mirror.ts'
import type { SessionPaths } from './session-paths.ts'

export interface InspectedHead {
  /** Null when HEAD can not be read as anything git writes. */
  readonly head: HeadFact | null
  /** The session's branch, whatever is checked out. */
  readonly branchSha: Sha | null
  /** The session repository's idea of the remote's branches, by full name. */
  readonly tracking: ReadonlyMap<string, Sha>
}

/** Reads HEAD, the session's branch and the tracking refs. */
export async function inspectHead(
  door: GitDoor,
  paths: SessionPaths,
  branch: BranchName,
): Promise<InspectedHead> {
  const file = await readHeadFile(paths)
  const ref = `refs/heads/${branch}`
  const checkedOut = file.kind === 'branch' ? [file.ref] : []
  const refs = await readRefs(door, paths.repository, [ref, ...checkedOut, 'refs/remotes/origin/'])
  const branchSha = refs.get(ref) ?? null
  const tracking = new Map([...refs].filter(([name]) => name.startsWith('refs/remotes/')))
  if (file.kind === 'unreadable') return { head: null, branchSha, tracking }
  if (file.kind === 'commit') return { head: { kind: 'detached', sha: file.sha }, branchSha, tracking }
  const sha = refs.get(file.ref)
  const name = file.ref.slice('refs/heads/'.length)
  const head: HeadFact =
    sha === undefined ? { kind: 'unborn', branch: name } : { kind: 'attached', branch: name, sha }
  return { head, branchSha, tracking }
}

/** Returns the commit HEAD stands on, or null. */
export function headSha(head: HeadFact): Sha | null {
  return head.kind === 'unborn' ? null : head.sha
}
