import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SYNC_CASES } from '../../../src/domain/sync/case.ts'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'
import type { WorktreeFacts } from '../../../src/domain/sync/facts.ts'
import { anyFacts, BRANCH, CLEAN_REBASE, CONFLICT, LOCAL, worktree } from './worktree-facts.ts'

const PUSH = { push: true, onConflict: 'reset' } as const
const KEEP = { push: false, onConflict: 'reset' } as const
const PAUSE = { push: true, onConflict: 'pause' } as const

const unavailable = { kind: 'unavailable', branch: BRANCH, remote: { kind: 'deleted' } } as const
const diverged = { localAhead: 1, remoteAhead: 2 }
const collisions = { dirty: [], untracked: [], ignored: [] }

type Row = readonly [
  SyncCase,
  string,
  WorktreeFacts,
  { readonly push: boolean; readonly onConflict: 'reset' | 'pause' },
]

const ROWS: readonly Row[] = [
  ['already_in_sync', 'both sides are at one commit', worktree(), PUSH],
  [
    'already_in_sync',
    'dirty files matter to nobody while nothing moves',
    worktree({ tree: { dirty: ['a'] } }),
    PUSH,
  ],
  ['fast_forwarded', 'the remote has more', worktree({ remoteAhead: 1 }), PUSH],
  [
    'fast_forwarded',
    'untracked files lie elsewhere',
    worktree({ remoteAhead: 1, tree: { untracked: ['note'] } }),
    PUSH,
  ],
  [
    'fast_forwarded_dirty',
    'changes lie in other files',
    worktree({ remoteAhead: 1, tree: { dirty: ['a'] } }),
    PUSH,
  ],
  ['local_ahead_pushed', 'we have more', worktree({ localAhead: 1 }), PUSH],
  ['local_ahead_kept', 'we have more after a failed attempt', worktree({ localAhead: 1 }), KEEP],
  [
    'divergence_rebased',
    'both moved and the replay is clean',
    worktree({ ...diverged, relation: { rebase: CLEAN_REBASE } }),
    PUSH,
  ],
  [
    'divergence_recovered_via_reset',
    'both moved and the replay conflicts',
    worktree({ ...diverged, relation: { rebase: CONFLICT } }),
    PUSH,
  ],
  [
    'divergence_recovered_via_reset',
    'dirty files are in the pin, so they stop no reset',
    worktree({
      ...diverged,
      relation: { rebase: CONFLICT },
      tree: { dirty: ['a'], collisions: { ...collisions, dirty: ['a'] } },
    }),
    PUSH,
  ],
  [
    'divergence_unreconciled',
    'the repository prefers a pause',
    worktree({ ...diverged, relation: { rebase: CONFLICT } }),
    PAUSE,
  ],
  [
    'blocked_merges',
    'our range holds a merge',
    worktree({ ...diverged, relation: { rebase: { kind: 'has_merges' } } }),
    PUSH,
  ],
  [
    'blocked_rewritten',
    'a rewound remote looks like being ahead',
    worktree({ localAhead: 1, relation: { remoteContainsLastSynced: false } }),
    PUSH,
  ],
  [
    'blocked_rewritten',
    'a rewritten remote looks like divergence',
    worktree({ ...diverged, relation: { remoteContainsLastSynced: false, rebase: CLEAN_REBASE } }),
    PUSH,
  ],
  [
    'unrelated_histories',
    'nothing is shared',
    worktree({ ...diverged, relation: { mergeBase: null, rebase: CONFLICT } }),
    PUSH,
  ],
  [
    'blocked_dirty',
    'an edited file would be overwritten',
    worktree({ remoteAhead: 1, tree: { dirty: ['a'], collisions: { ...collisions, dirty: ['a'] } } }),
    PUSH,
  ],
  [
    'blocked_untracked_collision',
    'an untracked file lies in the way',
    worktree({ remoteAhead: 1, tree: { collisions: { ...collisions, untracked: ['a'] } } }),
    PUSH,
  ],
  [
    'blocked_ignored_collision',
    'an ignored file lies in the way',
    worktree({ remoteAhead: 1, tree: { collisions: { ...collisions, ignored: ['a'] } } }),
    PUSH,
  ],
  [
    'blocked_nested_repo',
    'a nested repository lies in the way',
    worktree({
      remoteAhead: 1,
      tree: { nestedRepositories: ['lib/'], collisions: { ...collisions, untracked: ['lib/a'] } },
    }),
    PUSH,
  ],
  [
    'blocked_hidden_edits',
    'edits are hidden from status',
    worktree({ remoteAhead: 1, tree: { hiddenEdits: ['a'] } }),
    PUSH,
  ],
  [
    'blocked_submodule',
    'a submodule is dirty',
    worktree({ remoteAhead: 1, tree: { dirtySubmodules: ['sub'] } }),
    PUSH,
  ],
  ['blocked_locked', 'a lock lies there', worktree({ locks: ['index.lock'] }), PUSH],
  ['blocked_in_progress', 'a rebase was left half done', worktree({ inProgress: 'rebase' }), PUSH],
  ['blocked_conflicted', 'the index holds conflicts', worktree({ tree: { conflicted: ['a'] } }), PUSH],
  [
    'blocked_unborn',
    'the branch has no commit',
    worktree({ head: { kind: 'unborn', branch: 'feature' } }),
    PUSH,
  ],
  ['blocked_detached', 'HEAD is on no branch', worktree({ head: { kind: 'detached', sha: LOCAL } }), PUSH],
  [
    'blocked_wrong_branch',
    'another branch is checked out',
    worktree({ head: { kind: 'attached', branch: 'main', sha: LOCAL } }),
    PUSH,
  ],
  [
    'fetch_failed',
    'the remote does not answer',
    worktree({ remote: { kind: 'fetch_failed', reason: 'network', detail: '' } }),
    PUSH,
  ],
  ['remote_deleted', 'the remote branch is gone', worktree({ remote: { kind: 'deleted' } }), PUSH],
  ['blocked_worktree_missing', 'the folder is gone', { ...unavailable, fault: { kind: 'missing' } }, PUSH],
  [
    'tampered',
    'the git files are not ours',
    { ...unavailable, fault: { kind: 'tampered', what: '.git' } },
    PUSH,
  ],
  [
    'sync_failed',
    'the folder can not be read',
    { ...unavailable, fault: { kind: 'unreadable', detail: 'EIO' } },
    PUSH,
  ],
  ['sync_failed', 'a replay was never tried', worktree(diverged), PUSH],
]

/** Cases that only the outcome of a step can lead to. */
const BY_STEPS: readonly SyncCase[] = [
  'local_ahead_push_failed',
  'divergence_rebase_and_reset_failed',
  'snapshot_failed',
  'raced',
]

describe('classifyWorktree', () => {
  it.each(ROWS)('names %s when %s', (expected, _why, facts, policy) => {
    expect(classifyWorktree(facts, policy)).toBe(expected)
  })

  it('reaches every case of the table that facts can lead to', () => {
    const reached = new Set<string>([...ROWS.map(([name]) => name), ...BY_STEPS])
    expect(Object.keys(SYNC_CASES).filter((name) => !reached.has(name))).toEqual([])
  })

  it('has a name for every combination of facts', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.boolean(),
        fc.constantFrom('reset' as const, 'pause' as const),
        (facts, push, onConflict) => {
          expect(Object.keys(SYNC_CASES)).toContain(classifyWorktree(facts, { push, onConflict }))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('never resets when the repository chose to pause', () => {
    fc.assert(
      fc.property(anyFacts, fc.boolean(), (facts, push) => {
        expect(classifyWorktree(facts, { push, onConflict: 'pause' })).not.toBe(
          'divergence_recovered_via_reset',
        )
      }),
      { numRuns: 1000 },
    )
  })
})
