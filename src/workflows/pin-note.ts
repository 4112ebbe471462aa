// A pin as a question names it.

import type { Backup } from '../domain/records.ts'
import type { PinNote } from '../domain/sync/pin.ts'

/** So many paths a question names of a kind. */
export const MOST_PATHS = 20

/** Returns what a question says about a pin; the paths are those whose uncommitted bytes are in it. */
export function pinNote(backup: Backup, dirtyPaths: readonly string[]): PinNote {
  const { prefix, head, push, pushRefusal, filesPush: files, rescueBranch: branch } = backup
  return {
    prefix,
    head,
    push,
    pushRefusal,
    files,
    branch,
    dirtyPaths: [...new Set(dirtyPaths)].slice(0, MOST_PATHS),
  }
}
