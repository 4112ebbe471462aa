// The table of sync cases: name, log level, whether readers may go on, which decision it opens. Knows no git.

import type { SyncDecisionKind } from '../decision/kind.ts'

export interface SyncCaseSpec {
  readonly level: 'info' | 'warn' | 'error'
  /** Whether whoever reads the worktree next may trust it. */
  readonly mayGoOn: boolean
  readonly opens: SyncDecisionKind | null
  /** Whether a person may choose to reset to the remote branch: everything can be saved first. */
  readonly canReset?: true
  /** The sync did not end here: it looks again and goes on, a bounded number of times. */
  readonly startsOver?: true
  /** One sentence for logs, documents and people. */
  readonly meaning: string
}

type Row = Omit<SyncCaseSpec, 'meaning' | 'level'> & { readonly level?: SyncCaseSpec['level'] }

const GOES_ON = { mayGoOn: true, opens: null } as const satisfies Row
const BLOCKS = { mayGoOn: false, opens: 'sync_blocked' } as const satisfies Row
const RESETTABLE = { ...BLOCKS, canReset: true } as const satisfies Row
const STARTS_OVER = { mayGoOn: false, opens: 'sync_blocked', startsOver: true } as const satisfies Row

const info = <R extends Row>(row: R, meaning: string) => ({ ...row, level: 'info', meaning }) as const
const warn = <R extends Row>(row: R, meaning: string) => ({ ...row, level: 'warn', meaning }) as const
const fail = <R extends Row>(row: R, meaning: string) => ({ ...row, level: 'error', meaning }) as const

/** Every case a sync can end with. Later work adds rows; a row never changes its name. */
export const SYNC_CASES = {
  already_in_sync: info(GOES_ON, 'Worktree and remote branch are at the same commit.'),
  fast_forwarded: info(GOES_ON, 'The worktree was moved forward to the remote branch.'),
  fast_forwarded_dirty: info(
    GOES_ON,
    'The worktree was moved forward; uncommitted changes in other files were kept as they lie.',
  ),
  local_ahead_pushed: info(GOES_ON, 'Our commits were pushed.'),
  local_ahead_kept: info(GOES_ON, 'Our commits are kept in the worktree and were not pushed.'),
  local_ahead_push_failed: warn(RESETTABLE, 'The push was refused; our commits are kept in the worktree.'),
  local_ahead_discarded: warn(
    GOES_ON,
    'A person chose the remote branch: everything was pinned, and our commits were taken out of the worktree.',
  ),
  no_remote_tracking: info(
    GOES_ON,
    'The branch was never on the remote, so there is nothing to be in step with.',
  ),
  divergence_rebased: info(GOES_ON, 'Our commits were replayed on top of the remote branch.'),
  already_upstream: info(
    GOES_ON,
    'The remote branch has the changes of all our commits already: they were pinned and its commits adopted.',
  ),
  adopted_rewind: warn(
    GOES_ON,
    'The remote branch was rewound or rewritten and we had no commits of our own: everything was pinned and the worktree followed.',
  ),
  divergence_rebase_failed: fail(
    RESETTABLE,
    'Git could not compute the replay of our commits: everything was pinned and the worktree left as it is.',
  ),
  divergence_recovered_via_reset: warn(
    { mayGoOn: false, opens: 'hard_reset_recovery' },
    'Our commits can not be replayed on the remote branch: everything was pinned and the worktree was reset to it.',
  ),
  divergence_rebase_and_reset_failed: fail(
    { mayGoOn: false, opens: 'hard_reset_recovery' },
    'Our commits can not be replayed on the remote branch and the reset failed as well: the worktree is still divergent.',
  ),
  divergence_unreconciled: warn(
    { mayGoOn: false, opens: 'divergence_reconcile_unacked', canReset: true },
    'Our commits can not be replayed on the remote branch: everything was pinned and the worktree left as it is.',
  ),
  backup_failed: warn(
    { mayGoOn: false, opens: 'backup_failed' },
    'Everything is pinned here, but the pin could not be put on the remote, so nothing was reset.',
  ),
  reset_succeeded: warn(
    GOES_ON,
    'A person chose the remote branch: everything was pinned and the worktree was reset to it.',
  ),
  reset_failed: fail(
    RESETTABLE,
    'A person chose the remote branch, but the reset did not come to its end; everything before it is pinned.',
  ),
  fetch_failed: warn(BLOCKS, 'The remote could not be read.'),
  remote_deleted: warn(
    { mayGoOn: false, opens: 'branch_gone' },
    'The branch does not exist on the remote any more: everything was pinned and the worktree left as it is.',
  ),
  branch_detect_failed: fail(BLOCKS, 'HEAD of the worktree is nothing that git writes.'),
  rev_parse_failed: fail(BLOCKS, 'A commit that has to be compared is not there.'),
  rev_list_failed: fail(BLOCKS, 'Git could not walk between our commit and that of the remote branch.'),
  blocked_shallow: warn(
    BLOCKS,
    'The history was cut off by a shallow fetch, so the branches can not be compared.',
  ),
  blocked_rewritten: warn(
    RESETTABLE,
    'The remote branch was rewound or rewritten while the agent worked: it was stopped and everything was pinned.',
  ),
  blocked_dirty: warn(RESETTABLE, 'Uncommitted changes lie in files that the remote changed as well.'),
  blocked_untracked_collision: warn(RESETTABLE, 'An untracked file lies where the remote brings one.'),
  blocked_ignored_collision: warn(RESETTABLE, 'An ignored file lies where the remote brings one.'),
  blocked_hidden_edits: warn(RESETTABLE, 'Files are edited whose changes git was told to hide.'),
  blocked_conflicted: warn(RESETTABLE, 'The index holds unresolved conflicts.'),
  blocked_in_progress: warn(
    RESETTABLE,
    'A merge, rebase or similar operation was left half done in the worktree.',
  ),
  blocked_locked: warn(BLOCKS, 'Another git process holds a lock in the worktree.'),
  detached_head: warn(RESETTABLE, 'The worktree is not on a branch.'),
  blocked_wrong_branch: warn(RESETTABLE, "Another branch than the session's is checked out."),
  blocked_branch_in_use: warn(BLOCKS, "Another worktree has the session's branch checked out as well."),
  blocked_unborn: warn(RESETTABLE, 'The branch in the worktree has no commit.'),
  blocked_nested_repo: warn(BLOCKS, 'A git repository of its own lies where the remote brings files.'),
  blocked_submodule: warn(BLOCKS, 'A submodule holds changes that can not be pinned.'),
  unrelated_histories: warn(RESETTABLE, 'Worktree and remote branch have no commit in common.'),
  snapshot_failed: fail(BLOCKS, 'The pin could not be written or not be read back, so nothing was reset.'),
  tampered: fail(BLOCKS, "The worktree's git files are not the ones Belay made."),
  worktree_unreadable: fail(BLOCKS, 'Files of the worktree can not be read.'),
  worktree_recreated: warn(STARTS_OVER, 'The worktree was gone, and was made again from its index.'),
  worktree_repaired: warn(STARTS_OVER, 'The worktree had been moved and was put back in its place.'),
  locks_removed: info(STARTS_OVER, 'Locks that a killed git left were removed.'),
  move_refused: info(
    { ...STARTS_OVER, canReset: true },
    'Git refused to write over something, so the worktree is looked at more closely.',
  ),
  raced: warn(
    { ...STARTS_OVER, canReset: true },
    'Branch or worktree kept moving while Belay worked on them.',
  ),
  sync_failed: fail(RESETTABLE, 'A git step failed for a reason Belay does not know.'),
} as const satisfies Record<string, SyncCaseSpec>

export type SyncCase = keyof typeof SYNC_CASES

/** Returns the row of a case. */
export function caseSpec(name: SyncCase): SyncCaseSpec {
  return SYNC_CASES[name]
}
