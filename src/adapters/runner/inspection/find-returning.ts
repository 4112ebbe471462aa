// Which paths a reset writes although the two commits do not differ in them: what was changed, taken out of the index,
// left in conflict or hidden comes back as it was, onto whatever lies there now. Touches no disk.

import type { CommitChange } from './inspect-collisions.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import type { ParsedStatus } from '../git/parse-status.ts'

export interface ReturningOrder {
  readonly status: ParsedStatus
  /** The whole index. */
  readonly index: readonly IndexEntry[]
  /** What differs between the head and the target. */
  readonly changes: readonly CommitChange[]
}

/** Returns the paths as arrivals; those that the target does not have are none. */
export function findReturning({ status, index, changes }: ReturningOrder): readonly CommitChange[] {
  const settled = new Set<string>(changes.map(({ path }) => path))
  const changed = status.changed.map(({ path, headMode, headOid }) => ({
    path,
    mode: headMode,
    oid: headOid,
  }))
  // Our side first; a path that only the other side has may come back or not, so it counts as coming back.
  const unmerged = status.unmerged.map(({ path, stages }) => {
    const [base, ours, theirs] = stages
    return { path, ...([ours, base, theirs].find((stage) => stage !== undefined && isThere(stage)) ?? GONE) }
  })
  const known = new Set<string>([...changed, ...unmerged].map(({ path }) => path))
  const hidden = index
    .filter((entry) => entry.isHidden && entry.stage === 0 && !known.has(entry.path))
    .map(({ path, mode, oid }) => ({ path, mode, oid }))
  return [...changed, ...unmerged, ...hidden]
    .filter((entry) => isThere(entry) && !settled.has(entry.path))
    .map((entry) => ({ ...entry, arrives: true }))
}

const GONE = { mode: '000000', oid: '' }

function isThere({ mode }: { readonly mode: string }): boolean {
  return !/^0+$/.test(mode)
}
