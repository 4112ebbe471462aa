// What differs from HEAD, and how far HEAD and the remote's commit are apart, from one `git status`. When commits can not
// be read, what lies in the worktree is still found out.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { Sha } from '../../../domain/ids.ts'
import type { RelationFault } from '../../../domain/sync/facts.ts'
import { pointControlAt, UPSTREAM_ENVIRONMENT } from '../repositories/control-directory.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readStatus } from './inspect-tree.ts'
import {
  BRANCH_STATUS_ARGS,
  parseAheadBehind,
  parseStatus,
  type AheadBehind,
  type ParsedStatus,
} from '../git/parse-status.ts'
import { toRelationFault } from './relation-fault.ts'
import { controlPlace, type SessionPaths } from '../repositories/session-paths.ts'

export interface SeenStatus {
  readonly status: ParsedStatus
  /** Null when there is no remote commit, and when git could not count. */
  readonly counts: AheadBehind | null
  /** Why HEAD's own commit could not be read; then every file of the index counts as changed. */
  readonly fault: RelationFault | null
}

/** Asks git; `remote` null when there is nothing to compare with. One process, more only when commits can not be read. */
export async function inspectStatus(
  door: GitDoor,
  paths: SessionPaths,
  { local, remote }: { readonly local: Sha | null; readonly remote: Sha | null },
): Promise<SeenStatus> {
  if (local === null || remote === null) return compareWithHead(door, paths, local)
  if (local === remote) {
    return { ...(await compareWithHead(door, paths, local)), counts: { localAhead: 0, remoteAhead: 0 } }
  }
  await pointControlAt(paths, local, remote)
  try {
    const at = controlPlace(paths)
    const { stdout } = await door.run({ at, args: BRANCH_STATUS_ARGS, env: UPSTREAM_ENVIRONMENT })
    return { status: parseStatus(stdout), counts: parseAheadBehind(stdout), fault: null }
  } catch (error) {
    if (faultOf(error) === null) throw error
    return compareWithHead(door, paths, local)
  }
}

async function compareWithHead(door: GitDoor, paths: SessionPaths, head: Sha | null): Promise<SeenStatus> {
  await pointControlAt(paths, head)
  try {
    return { status: await readStatus(door, paths), counts: null, fault: null }
  } catch (error) {
    const fault = faultOf(error)
    if (head === null || fault === null) throw error
    return { ...(await compareWithHead(door, paths, null)), fault }
  }
}

function faultOf(error: unknown): RelationFault | null {
  return isAppError(error, 'GIT_FAILED') ? toRelationFault(error) : null
}
