// The states of a worktree's HEAD: where it is, what was left half done, who holds a lock. Data only.

import type { SyncState } from './sync-state.ts'

/** What can be the matter with HEAD. */
export const HEAD_STATES = {
  detached: {
    state: 'HEAD on a commit, not on a branch',
    seen: 'HEAD file',
    does: 'pins, leaves everything as it lies, asks',
    keeps: "HEAD's commit, index, files",
    case: 'detached_head',
  },
  wrong_branch: {
    state: 'another branch checked out',
    seen: 'HEAD file',
    does: 'pins, leaves everything as it lies, asks',
    keeps: "HEAD's commit, index, files",
    case: 'blocked_wrong_branch',
  },
  unborn: {
    state: 'a branch without a commit',
    seen: 'HEAD names a branch that is not there',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'index and files, as a commit without a parent',
    case: 'blocked_unborn',
  },
  merge_in_progress: {
    state: 'a half-done merge',
    seen: 'its traces in the git directory',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files, commits only the operation remembers',
    case: 'blocked_in_progress',
  },
  rebase_in_progress: {
    state: 'a half-done rebase',
    seen: 'its traces in the git directory',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files, commits only the operation remembers',
    case: 'blocked_in_progress',
  },
  am_in_progress: {
    state: 'a half-done `git am`',
    seen: 'its traces in the git directory',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files, commits only the operation remembers',
    case: 'blocked_in_progress',
  },
  cherry_pick_in_progress: {
    state: 'a half-done cherry-pick',
    seen: 'its traces in the git directory',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files, commits only the operation remembers',
    case: 'blocked_in_progress',
  },
  revert_in_progress: {
    state: 'a half-done revert',
    seen: 'its traces in the git directory',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files, commits only the operation remembers',
    case: 'blocked_in_progress',
  },
  bisect_in_progress: {
    state: 'a half-done bisect',
    seen: 'its traces in the git directory',
    does: 'pins, leaves everything as it lies, asks',
    keeps: 'commits, index, files, commits only the operation remembers',
    case: 'blocked_in_progress',
  },
  stale_lock: {
    state: 'a lock of a git process that is gone',
    seen: 'lock file, no living git process in the session',
    does: 'removes it and starts over',
    keeps: null,
    case: 'locks_removed',
  },
  held_lock: {
    state: 'a lock of a living git process',
    seen: 'lock file, a git process in the session',
    does: 'waits, then asks',
    keeps: null,
    case: 'blocked_locked',
  },
} as const satisfies Record<string, SyncState>
