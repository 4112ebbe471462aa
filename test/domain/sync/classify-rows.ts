// Facts and the case they lead to, one row for each thing a rule looks at. Data only.

import type { SyncCase } from '../../../src/domain/sync/case.ts'
import type { WorktreeFacts } from '../../../src/domain/sync/facts.ts'
import type { SyncPolicy } from '../../../src/domain/sync/policy.ts'
import {
  ALL_UPSTREAM,
  BRANCH,
  CLEAN_REBASE,
  CLEAN_TREE,
  CONFLICT,
  LOCAL,
  PUSH,
  REMOTE,
  worktree,
} from './worktree-facts.ts'

const KEEP: SyncPolicy = { ...PUSH, push: false }
const PAUSE: SyncPolicy = { ...PUSH, onConflict: 'pause' }
export const RESET: SyncPolicy = { ...PUSH, choice: 'reset' }
const RESTORE: SyncPolicy = { ...PUSH, choice: 'restore_branch' }
const ASK: SyncPolicy = { ...PUSH, askOnRewrite: true }

const unavailable = { kind: 'unavailable', branch: BRANCH, remote: { kind: 'deleted' } } as const
const diverged = { localAhead: 1, remoteAhead: 2 }
const { collisions } = CLEAN_TREE
const GONE = { remote: { kind: 'deleted' }, relation: null } as const
const OFFLINE = { kind: 'fetch_failed', reason: 'network', detail: '' } as const
const REWRITTEN = { remoteContainsLastSynced: false, rebase: CLEAN_REBASE } as const

/** A case, when, the facts, and the wish if it is not that of a phase's end. */
export type Row = readonly [SyncCase, string, WorktreeFacts, SyncPolicy?]

const IN_STEP: readonly Row[] = [
  ['already_in_sync', 'both sides are at one commit', worktree()],
  [
    'already_in_sync',
    'dirty files matter to nobody while nothing moves',
    worktree({ tree: { dirty: ['a'] } }),
  ],
  ['fast_forwarded', 'the remote has more', worktree({ remoteAhead: 1 })],
  [
    'fast_forwarded',
    'untracked files lie elsewhere',
    worktree({ remoteAhead: 1, tree: { untracked: ['a'] } }),
  ],
  [
    'fast_forwarded_dirty',
    'changes lie in other files',
    worktree({ remoteAhead: 1, tree: { dirty: ['a'] } }),
  ],
  ['local_ahead_pushed', 'we have more', worktree({ localAhead: 1 })],
  ['local_ahead_kept', 'we have more after a failed attempt', worktree({ localAhead: 1 }), KEEP],
]

const DIVERGED: readonly Row[] = [
  [
    'divergence_rebased',
    'both moved, the replay is clean',
    worktree({ ...diverged, relation: { rebase: CLEAN_REBASE } }),
  ],
  [
    'already_upstream',
    'the remote has our changes',
    worktree({ ...diverged, relation: { rebase: ALL_UPSTREAM } }),
  ],
  [
    'divergence_recovered_via_reset',
    'the replay conflicts',
    worktree({ ...diverged, relation: { rebase: CONFLICT } }),
  ],
  [
    'divergence_recovered_via_reset',
    'our range holds a merge',
    worktree({ ...diverged, relation: { rebase: { kind: 'has_merges' } } }),
  ],
  [
    'divergence_recovered_via_reset',
    'dirty files are in the pin, so they stop no reset',
    worktree({
      ...diverged,
      relation: { rebase: CONFLICT },
      tree: { dirty: ['a'], collisions: { ...collisions, dirty: ['a'] } },
    }),
  ],
  [
    'divergence_unreconciled',
    'the repository prefers a pause',
    worktree({ ...diverged, relation: { rebase: CONFLICT } }),
    PAUSE,
  ],
  [
    'divergence_rebase_failed',
    'git could not compute the replay',
    worktree({ ...diverged, relation: { rebase: { kind: 'failed', detail: 'exit 128' } } }),
  ],
  ['divergence_rebase_failed', 'a replay was never tried', worktree(diverged)],
  [
    'divergence_rebased',
    'a rewound remote lacks what we had synced',
    worktree({ localAhead: 1, relation: REWRITTEN }),
  ],
  [
    'adopted_rewind',
    'the remote was rewound and nothing was ours',
    worktree({
      localAhead: 1,
      relation: { ...REWRITTEN, rebase: { kind: 'clean', newHead: REMOTE, dropped: [] } },
    }),
  ],
  [
    'already_upstream',
    'the rewritten remote has our changes',
    worktree({ ...diverged, relation: { ...REWRITTEN, rebase: ALL_UPSTREAM } }),
  ],
  [
    'blocked_rewritten',
    'it was rewritten under the agent',
    worktree({ ...diverged, relation: REWRITTEN }),
    ASK,
  ],
  [
    'unrelated_histories',
    'nothing is shared',
    worktree({ ...diverged, relation: { mergeBase: null, rebase: { kind: 'not_tried' } } }),
  ],
]

const IN_THE_WAY: readonly Row[] = [
  [
    'blocked_dirty',
    'an edited file would be overwritten',
    worktree({ remoteAhead: 1, tree: { dirty: ['a'], collisions: { ...collisions, dirty: ['a'] } } }),
  ],
  [
    'blocked_untracked_collision',
    'an untracked file lies in the way',
    worktree({ remoteAhead: 1, tree: { collisions: { ...collisions, untracked: ['a'] } } }),
  ],
  [
    'blocked_ignored_collision',
    'an ignored file lies in the way',
    worktree({ remoteAhead: 1, tree: { collisions: { ...collisions, ignored: ['a'] } } }),
  ],
  [
    'blocked_nested_repo',
    'a nested repository lies in the way',
    worktree({
      remoteAhead: 1,
      tree: { nestedRepositories: ['lib/'], collisions: { ...collisions, untracked: ['lib/a'] } },
    }),
  ],
  [
    'blocked_untracked_collision',
    'a folder whose name only begins like that of a nested repository is another one',
    worktree({
      remoteAhead: 1,
      tree: { nestedRepositories: ['lib/'], collisions: { ...collisions, untracked: ['library/a'] } },
    }),
  ],
  [
    'blocked_hidden_edits',
    'edits are hidden from status',
    worktree({ remoteAhead: 1, tree: { hiddenEdits: ['a'] } }),
  ],
  [
    'blocked_submodule',
    'a submodule is dirty',
    worktree({ remoteAhead: 1, tree: { dirtySubmodules: ['sub'] } }),
  ],
]

const BLOCKED: readonly Row[] = [
  ['locks_removed', 'a lock lies there', worktree({ locks: ['index.lock'] })],
  ['blocked_branch_in_use', 'another worktree has the branch', worktree({ checkedOutElsewhere: 'review-1' })],
  ['blocked_in_progress', 'a rebase was left half done', worktree({ inProgress: 'rebase' })],
  ['blocked_conflicted', 'the index holds conflicts', worktree({ tree: { conflicted: ['a'] } })],
  ['blocked_unborn', 'the branch has no commit', worktree({ head: { kind: 'unborn', branch: BRANCH } })],
  ['detached_head', 'HEAD is on no branch', worktree({ head: { kind: 'detached', sha: LOCAL } })],
  [
    'blocked_wrong_branch',
    'another branch is checked out',
    worktree({ head: { kind: 'attached', branch: 'main', sha: LOCAL } }),
  ],
  [
    'blocked_in_progress',
    'a rebase detaches HEAD and leaves conflicts: the cause is named',
    worktree({ inProgress: 'rebase', head: { kind: 'detached', sha: LOCAL }, tree: { conflicted: ['a'] } }),
  ],
]

const REMOTES: readonly Row[] = [
  ['fetch_failed', 'the remote does not answer', worktree({ remote: OFFLINE, relation: null })],
  ['remote_deleted', 'the remote branch is gone', worktree(GONE)],
  ['no_remote_tracking', 'it was never there', worktree({ ...GONE, lastSynced: null })],
  ['local_ahead_pushed', 'a person wants it back', worktree(GONE), RESTORE],
  ['blocked_shallow', 'the history was cut off', worktree({ relation: null, isShallow: true })],
  [
    'rev_parse_failed',
    'a commit is missing',
    worktree({ relation: null, relationFault: { kind: 'rev_parse', detail: '' } }),
  ],
  [
    'rev_list_failed',
    'git can not walk',
    worktree({ relation: null, relationFault: { kind: 'rev_list', detail: '' } }),
  ],
  ['sync_failed', 'nothing was compared and nobody says why', worktree({ relation: null })],
]

const UNAVAILABLE: readonly Row[] = [
  ['worktree_recreated', 'the folder is gone', { ...unavailable, fault: { kind: 'missing', head: LOCAL } }],
  [
    'worktree_repaired',
    'the folder lies elsewhere',
    { ...unavailable, fault: { kind: 'moved', to: 'away' } },
  ],
  ['branch_detect_failed', 'HEAD says nothing', { ...unavailable, fault: { kind: 'unreadable_head' } }],
  ['tampered', 'the git files are not ours', { ...unavailable, fault: { kind: 'tampered', what: '.git' } }],
  [
    'worktree_unreadable',
    'the folder can not be read',
    { ...unavailable, fault: { kind: 'unreadable', detail: 'EIO' } },
  ],
]

/** What a chosen reset is called; all with `RESET`. */
export const CHOSEN: readonly Row[] = [
  ['reset_succeeded', 'it holds changes only', worktree({ remoteAhead: 1, tree: { dirty: ['a'] } })],
  ['local_ahead_discarded', 'it holds commits of ours', worktree({ localAhead: 1 })],
  ['local_ahead_discarded', 'nobody could count', worktree({ relation: null })],
  ['already_in_sync', 'there is nothing to reset', worktree()],
  [
    'reset_succeeded',
    'only HEAD was taken off the branch',
    worktree({ head: { kind: 'detached', sha: LOCAL } }),
  ],
  ['reset_succeeded', 'it is at the remote, with a rebase half done', worktree({ inProgress: 'rebase' })],
  ['locks_removed', 'a lock lies there', worktree({ locks: ['index.lock'] })],
  ['blocked_branch_in_use', 'somebody else stands on the branch', worktree({ checkedOutElsewhere: 'x' })],
  [
    'blocked_submodule',
    'a submodule could not be saved',
    worktree({ tree: { dirty: ['a'], dirtySubmodules: ['sub'] } }),
  ],
  ['fetch_failed', 'there is nothing to reset to', worktree({ remote: OFFLINE, relation: null })],
]

/** Every name, and facts that lead to it. */
export const ROWS: readonly Row[] = [
  ...IN_STEP,
  ...DIVERGED,
  ...IN_THE_WAY,
  ...BLOCKED,
  ...REMOTES,
  ...UNAVAILABLE,
]
