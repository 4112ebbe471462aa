// What lies in a pin, for people to read. Knows no repository and no row.

import type { Sha } from '../ids.ts'
import type { CommitSummary } from './facts.ts'

/** One path whose staged or unstaged state the pin keeps. */
export interface PinnedChange {
  readonly path: string
  /** Staged and unstaged letter as `git status --short` prints them: `MM`, ` D`, `??`; `UU` for a conflict. */
  readonly letters: string
  /** Lines between the pinned head and the pinned file; null for what has no lines. */
  readonly lines: { readonly added: number; readonly deleted: number } | null
}

/** A pin as it lies in the mirror. */
export interface PinContents {
  /** Null for a branch that had no commit. */
  readonly head: Sha | null
  readonly index: Sha
  readonly worktree: Sha
  /** Why something of the pin can not be read; null when every object is there. */
  readonly fault: string | null
  /** Commits of the head that no fetched branch has, newest first, at most 20. */
  readonly commits: readonly CommitSummary[]
  /** Whether the index held conflicts, so that it is kept as one folder for each stage. */
  readonly hasConflicts: boolean
  /** In the order of their paths, at most as many as were asked for. */
  readonly changes: readonly PinnedChange[]
  readonly changeCount: number
}
