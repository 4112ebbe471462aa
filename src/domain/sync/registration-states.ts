// The states of a worktree's folder and of the git files behind it. Data only.

import type { SyncState } from './sync-state.ts'

/** What can be the matter with the folder and its git files. */
export const REGISTRATION_STATES = {
  folder_deleted: {
    state: "the worktree's folder is gone",
    seen: 'no folder, registration intact',
    does: 'pins what the index holds, makes the folder again, starts over',
    keeps: 'HEAD, index',
    case: 'worktree_recreated',
  },
  folder_moved: {
    state: 'the folder was moved inside the session',
    seen: '`.git` file with our address under another name',
    does: 'puts it back, starts over',
    keeps: null,
    case: 'worktree_repaired',
  },
  branch_in_use: {
    state: "the session's branch is checked out in another worktree too",
    seen: 'HEAD files of the other worktrees',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files',
    case: 'blocked_branch_in_use',
  },
  git_file_replaced: {
    state: '`.git` is a folder, a link or names another repository',
    seen: 'compared with what Belay wrote',
    does: 'asks; nothing is run there',
    keeps: 'left in place',
    case: 'tampered',
  },
  alternates_planted: {
    state: 'the repository borrows objects from elsewhere',
    seen: 'compared with what Belay wrote',
    does: 'asks; nothing is run there',
    keeps: 'left in place',
    case: 'tampered',
  },
  configuration_changed: {
    state: 'configuration, hooks or attributes were written',
    seen: 'compared with what Belay wrote',
    does: 'goes on and logs it: none of it is ever used',
    keeps: null,
    case: 'already_in_sync',
  },
  head_unreadable: {
    state: 'HEAD is nothing that git writes',
    seen: 'HEAD file',
    does: 'asks',
    keeps: 'left in place',
    case: 'branch_detect_failed',
  },
  index_unreadable: {
    state: 'the index is nothing that git writes',
    seen: '`git status` fails',
    does: 'asks',
    keeps: 'left in place',
    case: 'worktree_unreadable',
  },
} as const satisfies Record<string, SyncState>
