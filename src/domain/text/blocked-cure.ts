// What a person can do about each state that a sync does not dare to touch. One row for every case that opens the
// question `sync_blocked`; a new case does not compile without its cure.

import { SYNC_CASES } from '../sync/case.ts'
import type { SyncCase } from '../sync/case.ts'

/** A case that opens the question `sync_blocked`. */
export type BlockedCase = {
  [C in SyncCase]: (typeof SYNC_CASES)[C]['opens'] extends 'sync_blocked' ? C : never
}[SyncCase]

const CURES: Readonly<Record<BlockedCase, string>> = {
  local_ahead_push_failed: 'Remove what refused the push, then choose `continue`.',
  fetch_failed: 'Check that GitHub is reachable and that the App is installed here, then choose `continue`.',
  remote_deleted:
    'Restore the branch on the pull request page, then choose `continue`. To end the work, choose `abort`.',
  blocked_rewritten:
    'If the branch was rewritten on purpose, type `/belay stop`, which keeps everything, and then `/belay run`, which begins from the branch as it is now. If not, push the old commits back and choose `continue`.',
  divergence_unreconciled:
    'Resolve the conflict in the worktree, or take the conflicting commits off the branch on GitHub. Then choose `continue`.',
  blocked_merges:
    'Merge the two sides by hand, push the result, and choose `continue`. Or type `/belay stop`, which keeps everything, and then `/belay run`, which begins from the branch as it is now.',
  blocked_dirty: 'Commit or remove the changes named below in the worktree, then choose `continue`.',
  blocked_untracked_collision: 'Move the files named below out of the worktree, then choose `continue`.',
  blocked_ignored_collision:
    'Move the ignored files named below out of the worktree, then choose `continue`.',
  blocked_hidden_edits:
    'Run `git update-index --no-assume-unchanged --no-skip-worktree` on the files named below, then choose `continue`.',
  blocked_conflicted: 'Resolve the conflicts in the files named below, then choose `continue`.',
  blocked_in_progress: 'Finish or abort the operation named below in the worktree, then choose `continue`.',
  blocked_locked:
    'Wait until the other git process has ended. If there is none, remove the lock named below. Then choose `continue`.',
  blocked_detached: 'Check out the branch of the session in the worktree, then choose `continue`.',
  blocked_wrong_branch: 'Check out the branch of the session in the worktree, then choose `continue`.',
  blocked_unborn: 'Check out the branch of the session in the worktree, then choose `continue`.',
  blocked_nested_repo: 'Move the repository named below out of the worktree, then choose `continue`.',
  blocked_submodule: 'Commit or undo the changes in the submodule named below, then choose `continue`.',
  blocked_worktree_missing:
    'Ask the operator what removed it. When the runner has its disk back, choose `continue`.',
  unrelated_histories:
    'Type `/belay stop`, which keeps everything, and then `/belay run`, which begins from the branch as it is now.',
  snapshot_failed:
    'Ask the operator to look at disk space and permissions on the runner, then choose `continue`.',
  tampered: 'Ask the operator to look at the worktree: something changed files that only git should write.',
  raced: 'Choose `continue` when nobody works on the branch or in the worktree at the moment.',
  sync_failed: 'Ask the operator to look at the log of the runner, then choose `continue`.',
}

/** Returns what helps against a case, or null when it does not block a sync. */
export function blockedCure(name: SyncCase): string | null {
  return isBlocked(name) ? CURES[name] : null
}

function isBlocked(name: SyncCase): name is BlockedCase {
  return SYNC_CASES[name].opens === 'sync_blocked'
}
