// The table of sync cases: name, log level, whether readers may go on, which decision it opens. Knows no git.

import type { DecisionKind } from '../decision/kind.ts'

export interface SyncCaseSpec {
  readonly level: 'info' | 'warn' | 'error'
  /** Whether whoever reads the worktree next may trust it. */
  readonly mayGoOn: boolean
  readonly opens: DecisionKind | null
  /** One sentence for logs, documents and people. */
  readonly meaning: string
}

/** Every case a sync can end with. Later work adds rows; a row never changes its name. */
export const SYNC_CASES = {
  already_in_sync: {
    level: 'info',
    mayGoOn: true,
    opens: null,
    meaning: 'Worktree and remote branch are at the same commit.',
  },
  fast_forwarded: {
    level: 'info',
    mayGoOn: true,
    opens: null,
    meaning: 'The worktree was moved forward to the remote branch.',
  },
  fast_forwarded_dirty: {
    level: 'info',
    mayGoOn: true,
    opens: null,
    meaning: 'The worktree was moved forward; uncommitted changes in other files were kept as they lie.',
  },
  local_ahead_pushed: { level: 'info', mayGoOn: true, opens: null, meaning: 'Our commits were pushed.' },
  local_ahead_kept: {
    level: 'info',
    mayGoOn: true,
    opens: null,
    meaning: 'Our commits are kept in the worktree and were not pushed.',
  },
  local_ahead_push_failed: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The push was refused; our commits are kept in the worktree.',
  },
  divergence_rebased: {
    level: 'info',
    mayGoOn: true,
    opens: null,
    meaning: 'Our commits were replayed on top of the remote branch.',
  },
  divergence_recovered_via_reset: {
    level: 'warn',
    mayGoOn: false,
    opens: 'hard_reset_recovery',
    meaning:
      'Our commits conflict with the remote branch: everything was pinned and the worktree was reset to the remote branch.',
  },
  divergence_rebase_and_reset_failed: {
    level: 'error',
    mayGoOn: false,
    opens: 'hard_reset_recovery',
    meaning:
      'Our commits conflict with the remote branch and the reset failed as well: the worktree is still divergent.',
  },
  divergence_unreconciled: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning:
      'Our commits conflict with the remote branch: everything was pinned and the worktree left as it is.',
  },
  fetch_failed: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The remote could not be read.',
  },
  remote_deleted: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The branch does not exist on the remote any more.',
  },
  blocked_rewritten: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The remote branch was rewound or rewritten: the last synced commit is not in it.',
  },
  blocked_merges: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'Our diverged commits hold a merge, whose own changes a rebase would drop.',
  },
  blocked_dirty: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'Uncommitted changes lie in files that the remote changed as well.',
  },
  blocked_untracked_collision: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'An untracked file lies where the remote brings one.',
  },
  blocked_ignored_collision: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'An ignored file lies where the remote brings one.',
  },
  blocked_hidden_edits: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'Files are edited whose changes git was told to hide.',
  },
  blocked_conflicted: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The index holds unresolved conflicts.',
  },
  blocked_in_progress: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'A merge, rebase or similar operation was left half done in the worktree.',
  },
  blocked_locked: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'Another git process holds a lock in the worktree.',
  },
  blocked_detached: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The worktree is not on a branch.',
  },
  blocked_wrong_branch: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: "Another branch than the session's is checked out.",
  },
  blocked_unborn: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The branch in the worktree has no commit.',
  },
  blocked_nested_repo: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'A git repository of its own lies inside the worktree.',
  },
  blocked_submodule: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'A submodule holds changes that can not be pinned.',
  },
  blocked_worktree_missing: {
    level: 'error',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The worktree is not there any more.',
  },
  unrelated_histories: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'Worktree and remote branch have no commit in common.',
  },
  snapshot_failed: {
    level: 'error',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'The pin could not be written or not be read back, so nothing was reset.',
  },
  tampered: {
    level: 'error',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: "The worktree's git files are not the ones Belay made.",
  },
  raced: {
    level: 'warn',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'Branch or worktree kept moving while Belay worked on them.',
  },
  sync_failed: {
    level: 'error',
    mayGoOn: false,
    opens: 'sync_blocked',
    meaning: 'A git step failed for a reason Belay does not know; nothing was discarded.',
  },
} as const satisfies Record<string, SyncCaseSpec>

export type SyncCase = keyof typeof SYNC_CASES

/** Returns the row of a case. */
export function caseSpec(name: SyncCase): SyncCaseSpec {
  return SYNC_CASES[name]
}
