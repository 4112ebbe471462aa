// Where the worktree's HEAD and the session's branch are. Starts no process while the refs are plain files.

import type { BranchName, Sha } from '../../../domain/ids.ts'
import type { HeadFact } from '../../../domain/sync/facts.ts'
import { readHeadFile } from '../repositories/control-directory.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readNamedRefs } from '../repositories/mirror.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

export interface InspectedHead {
  /** Null when HEAD can not be read as anything git writes. */
  readonly head: HeadFact | null
  /** The session's branch, whatever is checked out. */
  readonly branchSha: Sha | null
}

/** Reads HEAD and the session's branch. */
export async function inspectHead(
  door: GitDoor,
  paths: SessionPaths,
  branch: BranchName,
): Promise<InspectedHead> {
  const file = await readHeadFile(paths)
  const ref = `refs/heads/${branch}`
  const checkedOut = file.kind === 'branch' && file.ref !== ref ? [file.ref] : []
  const refs = await readNamedRefs(door, paths.repository, [ref, ...checkedOut])
  const branchSha = refs.get(ref) ?? null
  if (file.kind === 'unreadable') return { head: null, branchSha }
  if (file.kind === 'commit') return { head: { kind: 'detached', sha: file.sha }, branchSha }
  const sha = refs.get(file.ref)
  const name = file.ref.slice('refs/heads/'.length)
  const head: HeadFact =
    sha === undefined ? { kind: 'unborn', branch: name } : { kind: 'attached', branch: name, sha }
  return { head, branchSha }
}

/** Returns the commit HEAD stands on, or null. */
export function headSha(head: HeadFact): Sha | null {
  return head.kind === 'unborn' ? null : head.sha
}
