// What the caller, the repository's configuration and a person's answer want of a sync.

import type { Sha } from '../ids.ts'

/** What a person chose in answer to a question; it holds for the one sync that follows. */
export type SyncChoice =
  /** Everything is pinned, then index, files and branch become those of the remote. */
  | 'reset'
  /** The pin on this machine is enough; it need not be on the remote. */
  | 'local_pin'
  /** A branch that is gone from the remote is pushed there again. */
  | 'restore_branch'

export interface SyncPolicy {
  /** Push when ahead; false keeps the commits, as after a failed attempt. */
  readonly push: boolean
  /** The one commit that reviewers have accepted: no other one is pushed. Null where nobody reviews. */
  readonly reviewed: Sha | null
  readonly onConflict: 'reset' | 'pause'
  readonly choice: SyncChoice | null
  /** The agent was stopped because the branch was rewritten under it: a person is asked before the worktree follows. */
  readonly askOnRewrite: boolean
}

/** Tells whether a sync may push this commit: a replay makes commits that no reviewer has seen. */
export function mayPush({ push, reviewed }: SyncPolicy, head: Sha): boolean {
  return push && (reviewed === null || reviewed === head)
}
