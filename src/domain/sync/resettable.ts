// Which cases leave a person the choice to take the remote branch: only those where everything can be saved first.

import type { SyncCase } from './case.ts'

const RESETTABLE: readonly SyncCase[] = [
  'local_ahead_push_failed',
  'divergence_unreconciled',
  'divergence_rebase_failed',
  'reset_failed',
  'rev_list_failed',
  'blocked_shallow',
  'blocked_rewritten',
  'blocked_dirty',
  'blocked_untracked_collision',
  'blocked_ignored_collision',
  'blocked_hidden_edits',
  'blocked_conflicted',
  'blocked_in_progress',
  'detached_head',
  'blocked_wrong_branch',
  'blocked_unborn',
  'unrelated_histories',
  'raced',
  'move_refused',
  'sync_failed',
]

/** Tells whether a reset to the remote branch may be offered. */
export function canReset(name: SyncCase): boolean {
  return RESETTABLE.includes(name)
}
