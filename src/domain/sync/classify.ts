// Facts to case, as an ordered table of rules: the first that holds names the state. Pure and total.

import type { InspectedWorktree, RelationFacts, WorktreeFacts } from './facts.ts'
import type { SyncCase } from './case.ts'

/** What the caller and the repository's configuration want of a sync. */
export interface SyncPolicy {
  /** Push when ahead; false keeps the commits, as after a failed attempt. */
  readonly push: boolean
  readonly onConflict: 'reset' | 'pause'
}

interface Rule {
  readonly case: SyncCase
  readonly holds: (facts: InspectedWorktree, policy: SyncPolicy) => boolean
}

/** States in which nobody may touch the worktree, whatever the remote looks like. Order matters: the cause comes before its symptoms. */
const BLOCKS: readonly Rule[] = [
  { case: 'blocked_locked', holds: (f) => f.locks.length > 0 },
  { case: 'blocked_in_progress', holds: (f) => f.inProgress !== null },
  { case: 'blocked_conflicted', holds: (f) => f.tree.conflicted.length > 0 },
  { case: 'blocked_unborn', holds: (f) => f.head.kind === 'unborn' },
  { case: 'blocked_detached', holds: (f) => f.head.kind === 'detached' },
  { case: 'blocked_wrong_branch', holds: (f) => f.head.kind === 'attached' && f.head.branch !== f.branch },
  { case: 'fetch_failed', holds: (f) => f.remote.kind === 'fetch_failed' },
  { case: 'remote_deleted', holds: (f) => f.remote.kind === 'deleted' },
]

/** States in which index and files would have to move. */
const MOVES: readonly Rule[] = [
  { case: 'unrelated_histories', holds: (f) => f.relation?.mergeBase === null },
  { case: 'blocked_rewritten', holds: (f) => f.relation?.remoteContainsLastSynced === false },
  { case: 'blocked_hidden_edits', holds: (f) => f.tree.hiddenEdits.length > 0 },
  { case: 'blocked_submodule', holds: (f) => f.tree.dirtySubmodules.length > 0 },
  { case: 'blocked_nested_repo', holds: (f) => isNestedRepositoryInTheWay(f) },
  {
    case: 'blocked_merges',
    holds: (f) => isDiverged(f.relation) && f.relation?.rebase.kind === 'has_merges',
  },
  { case: 'sync_failed', holds: (f) => isDiverged(f.relation) && f.relation?.rebase.kind === 'not_tried' },
  { case: 'divergence_unreconciled', holds: (f, p) => isConflict(f) && p.onConflict === 'pause' },
  { case: 'divergence_recovered_via_reset', holds: (f) => isConflict(f) },
  { case: 'blocked_dirty', holds: (f) => f.tree.collisions.dirty.length > 0 },
  { case: 'blocked_untracked_collision', holds: (f) => f.tree.collisions.untracked.length > 0 },
  { case: 'blocked_ignored_collision', holds: (f) => f.tree.collisions.ignored.length > 0 },
  { case: 'divergence_rebased', holds: (f) => isDiverged(f.relation) },
  { case: 'fast_forwarded_dirty', holds: (f) => f.tree.dirty.length > 0 },
]

/**
 * Names the state of a worktree and its remote.
 *
 * The name is the case the sync ends with when every step of its plan succeeds.
 */
export function classifyWorktree(facts: WorktreeFacts, policy: SyncPolicy): SyncCase {
  if (facts.kind === 'unavailable') return classifyFault(facts.fault.kind)
  const blocked = BLOCKS.find((rule) => rule.holds(facts, policy))
  if (blocked !== undefined) return blocked.case
  const { relation } = facts
  if (relation === null) return 'sync_failed'
  if (relation.localAhead === 0 && relation.remoteAhead === 0) return 'already_in_sync'
  if (relation.remoteAhead === 0) return classifyAhead(relation, policy)
  return MOVES.find((rule) => rule.holds(facts, policy))?.case ?? 'fast_forwarded'
}

function classifyFault(fault: 'missing' | 'tampered' | 'unreadable'): SyncCase {
  if (fault === 'missing') return 'blocked_worktree_missing'
  return fault === 'tampered' ? 'tampered' : 'sync_failed'
}

/** A rewound remote looks like "ahead" too; pushing would bring back what somebody removed. */
function classifyAhead(relation: RelationFacts, policy: SyncPolicy): SyncCase {
  if (relation.remoteContainsLastSynced === false) return 'blocked_rewritten'
  return policy.push ? 'local_ahead_pushed' : 'local_ahead_kept'
}

function isDiverged(relation: RelationFacts | null): boolean {
  return relation !== null && relation.localAhead > 0 && relation.remoteAhead > 0
}

function isConflict(facts: InspectedWorktree): boolean {
  return isDiverged(facts.relation) && facts.relation?.rebase.kind === 'conflict'
}

function isNestedRepositoryInTheWay(facts: InspectedWorktree): boolean {
  const { untracked, ignored } = facts.tree.collisions
  return facts.tree.nestedRepositories.some((nested) =>
    [...untracked, ...ignored].some((path) => isInside(path, nested) || isInside(nested, path)),
  )
}

function isInside(path: string, folder: string): boolean {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`
  return path === folder || `${path}/` === prefix || path.startsWith(prefix)
}
