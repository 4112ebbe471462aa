// What a person can do about each state that a sync does not dare to touch. One row for every case that opens the
// question `sync_blocked`; a new case does not compile without its cure.

import { caseSpec, SYNC_CASES } from '../sync/case.ts'
import type { SyncCase } from '../sync/case.ts'

/** A case that opens the question `sync_blocked`. */
export type BlockedCase = {
  [C in SyncCase]: (typeof SYNC_CASES)[C]['opens'] extends 'sync_blocked' ? C : never
}[SyncCase]

const OR_RESET =
  'Or choose `reset`: everything is pinned again, and the worktree follows the branch on GitHub.'

const CURES: Readonly<Record<BlockedCase, string>> = {
  local_ahead_push_failed: 'Remove what refused the push, then choose `continue`.',
  fetch_failed: 'Check that GitHub is reachable and that the App is installed here, then choose `continue`.',
  divergence_rebase_failed: 'Ask the operator to look at the log of the runner, then choose `continue`.',
  reset_failed:
    'Ask the operator to look at disk space and permissions on the runner, then choose `reset` again: it pins what lies there and starts anew.',
  branch_detect_failed: 'Ask the operator to look at the worktree: its HEAD is not one that git writes.',
  rev_parse_failed: 'Ask the operator to look at the worktree: objects of its repository are missing.',
  rev_list_failed: 'Ask the operator to look at the worktree, then choose `continue`.',
  blocked_shallow:
    'Ask the operator to complete the history in the worktree (`git fetch --unshallow` needs a login that the worktree does not have), then choose `continue`.',
  blocked_rewritten:
    'If the branch was rewritten on purpose, choose `continue`: commits of our own are replayed on it, and with none the worktree follows. If not, push the old commits back first.',
  blocked_dirty: 'Commit or remove the changes named below in the worktree, then choose `continue`.',
  blocked_untracked_collision: 'Move the files named below out of the worktree, then choose `continue`.',
  blocked_ignored_collision:
    'Move the ignored files named below out of the worktree, then choose `continue`.',
  blocked_hidden_edits:
    'Run `git update-index --no-assume-unchanged --no-skip-worktree` on the files named below, then choose `continue`.',
  blocked_conflicted: 'Resolve the conflicts in the files named below, then choose `continue`.',
  blocked_in_progress: 'Finish or abort the operation named below in the worktree, then choose `continue`.',
  blocked_locked: 'Wait until the other git process has ended, then choose `continue`.',
  detached_head: 'Check out the branch of the session in the worktree, then choose `continue`.',
  blocked_wrong_branch: 'Check out the branch of the session in the worktree, then choose `continue`.',
  blocked_branch_in_use:
    'Remove the other worktree named below, or check out another branch in it, then choose `continue`.',
  blocked_unborn: 'Check out the branch of the session in the worktree, then choose `continue`.',
  blocked_nested_repo: 'Move the repository named below out of the worktree, then choose `continue`.',
  blocked_submodule: 'Commit or undo the changes in the submodule named below, then choose `continue`.',
  unrelated_histories:
    'Somebody has to merge the two histories by hand and push the result; then choose `continue`.',
  snapshot_failed:
    'Ask the operator to look at disk space and permissions on the runner, then choose `continue`.',
  tampered: 'Ask the operator to look at the worktree: something changed files that only git should write.',
  worktree_unreadable: 'Ask the operator to look at the permissions of the worktree, then choose `continue`.',
  worktree_recreated:
    'Something keeps deleting the worktree. Ask the operator to look at the runner, then choose `continue`.',
  worktree_repaired:
    'Something keeps moving the worktree. Ask the operator to look at the runner, then choose `continue`.',
  locks_removed:
    'Locks keep coming back. Ask the operator what works in the worktree, then choose `continue`.',
  move_refused: 'Move what is named below out of the worktree, then choose `continue`.',
  raced: 'Choose `continue` when nobody works on the branch or in the worktree at the moment.',
  sync_failed: 'Ask the operator to look at the log of the runner, then choose `continue`.',
}

/** Returns what helps against a case, or null when it does not block a sync. */
export function blockedCure(name: SyncCase): string | null {
  if (!isBlocked(name)) return null
  const canChoose = caseSpec(name).canReset === true && name !== 'reset_failed'
  return canChoose ? `${CURES[name]} ${OR_RESET}` : CURES[name]
}

function isBlocked(name: SyncCase): name is BlockedCase {
  return SYNC_CASES[name].opens === 'sync_blocked'
}
