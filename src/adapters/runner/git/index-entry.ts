// One entry of git's index. A shape alone.

import type { BytePath } from './byte-path.ts'

export interface IndexEntry {
  readonly path: BytePath
  readonly mode: string
  readonly oid: string
  readonly stage: number
  /** Git was told not to look at the file (assume-unchanged or skip-worktree). */
  readonly isHidden: boolean
  /** The mark that a sparse checkout makes (skip-worktree): the file need not be there. */
  readonly isSparse: boolean
}
