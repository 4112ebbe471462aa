// Facts to case, as an ordered table of rules: the first that holds names the state. Pure and total.

import type { SyncCase } from './case.ts'
import type { InspectedWorktree, RelationFacts, WorktreeFacts, WorktreeFault } from './facts.ts'
import { mayPush, type SyncPolicy } from './policy.ts'

interface Rule {
  readonly case: SyncCase
  readonly holds: (facts: InspectedWorktree, policy: SyncPolicy) => boolean
}

/** States that even a chosen reset must not touch. */
const FORBIDS_RESET: readonly Rule[] = [
  { case: 'locks_removed', holds: (f) => f.locks.length > 0 },
  { case: 'blocked_branch_in_use', holds: (f) => f.checkedOutElsewhere !== null },
]

/** States in which nobody may touch the worktree, whatever the remote looks like. Order matters: the cause comes before its symptoms. */
const BLOCKS: readonly Rule[] = [
  { case: 'blocked_in_progress', holds: (f) => f.inProgress !== null },
  { case: 'blocked_conflicted', holds: (f) => f.tree.conflicted.length > 0 },
  { case: 'blocked_unborn', holds: (f) => f.head.kind === 'unborn' },
  { case: 'detached_head', holds: (f) => f.head.kind === 'detached' },
  { case: 'blocked_wrong_branch', holds: (f) => f.head.kind === 'attached' && f.head.branch !== f.branch },
]

/** States of the remote in which there is nothing to compare with. */
const REMOTE: readonly Rule[] = [
  { case: 'fetch_failed', holds: (f) => f.remote.kind === 'fetch_failed' },
  { case: 'local_ahead_pushed', holds: (f, p) => isGone(f) && p.choice === 'restore_branch' },
  { case: 'no_remote_tracking', holds: (f) => isGone(f) && f.lastSynced === null },
  { case: 'remote_deleted', holds: (f) => isGone(f) },
  { case: 'blocked_shallow', holds: (f) => f.relation === null && f.isShallow },
  { case: 'rev_parse_failed', holds: (f) => f.relationFault?.kind === 'rev_parse' },
  { case: 'rev_list_failed', holds: (f) => f.relationFault?.kind === 'rev_list' },
  { case: 'sync_failed', holds: (f) => f.relation === null },
]

/** States in which no move could save everything first. */
const UNSAVEABLE: readonly Rule[] = [
  { case: 'blocked_submodule', holds: (f) => f.tree.dirtySubmodules.length > 0 },
  { case: 'blocked_nested_repo', holds: (f) => isNestedRepositoryInTheWay(f) },
]

/** States in which index and files would have to move, in order of harm. */
const MOVES: readonly Rule[] = [
  { case: 'unrelated_histories', holds: (f) => f.relation?.mergeBase === null },
  { case: 'blocked_rewritten', holds: (f, p) => p.askOnRewrite && isRewritten(f) },
  { case: 'blocked_hidden_edits', holds: (f) => f.tree.hiddenEdits.length > 0 },
  ...UNSAVEABLE,
  { case: 'divergence_rebase_failed', holds: (f) => !isBehind(f) && isUncomputed(f) },
  {
    case: 'divergence_unreconciled',
    holds: (f, p) => !isBehind(f) && !isReplayed(f) && p.onConflict === 'pause',
  },
  { case: 'divergence_recovered_via_reset', holds: (f) => !isBehind(f) && !isReplayed(f) },
  { case: 'blocked_dirty', holds: (f) => f.tree.collisions.dirty.length > 0 },
  { case: 'blocked_untracked_collision', holds: (f) => f.tree.collisions.untracked.length > 0 },
  { case: 'blocked_ignored_collision', holds: (f) => f.tree.collisions.ignored.length > 0 },
  { case: 'fast_forwarded_dirty', holds: (f) => isBehind(f) && f.tree.dirty.length > 0 },
  { case: 'fast_forwarded', holds: (f) => isBehind(f) },
  { case: 'divergence_rebased', holds: (f) => !isAdoptable(f) },
  { case: 'adopted_rewind', holds: (f) => isRewritten(f) && !hasDropped(f) },
]

/**
 * Names the state of a worktree and its remote.
 *
 * The name is the case the sync ends with when every step of its plan succeeds.
 */
export function classifyWorktree(facts: WorktreeFacts, policy: SyncPolicy): SyncCase {
  if (facts.kind === 'unavailable') return classifyFault(facts.fault)
  const first = (rules: readonly Rule[]): SyncCase | null =>
    rules.find((rule) => rule.holds(facts, policy))?.case ?? null
  const forbidden = first(FORBIDS_RESET)
  if (forbidden !== null) return forbidden
  if (policy.choice === 'reset' && facts.remote.kind === 'fetched') {
    return isAtRemote(facts) ? 'already_in_sync' : (first(UNSAVEABLE) ?? classifyReset(facts))
  }
  const blocked = first(BLOCKS) ?? first(REMOTE)
  if (blocked !== null) return blocked
  if (!isRewritten(facts) && facts.relation?.remoteAhead === 0)
    return classifyAhead(facts, facts.relation, policy)
  return first(MOVES) ?? 'already_upstream'
}

function classifyFault(fault: WorktreeFault): SyncCase {
  switch (fault.kind) {
    case 'missing':
      return 'worktree_recreated'
    case 'moved':
      return 'worktree_repaired'
    case 'unreadable_head':
      return 'branch_detect_failed'
    case 'unreadable':
      return 'worktree_unreadable'
    case 'tampered':
      return 'tampered'
  }
}

/** Whether commits of ours leave the worktree; when they can not be counted they are taken to. */
function classifyReset(facts: InspectedWorktree): SyncCase {
  return facts.relation?.localAhead === 0 ? 'reset_succeeded' : 'local_ahead_discarded'
}

function classifyAhead({ head }: InspectedWorktree, relation: RelationFacts, policy: SyncPolicy): SyncCase {
  if (relation.localAhead === 0) return 'already_in_sync'
  return head.kind !== 'unborn' && mayPush(policy, head.sha) ? 'local_ahead_pushed' : 'local_ahead_kept'
}

/** On the session's branch, at the remote's commit, with nothing of a tracked file changed. */
function isAtRemote(facts: InspectedWorktree): boolean {
  const { head, tree, relation } = facts
  const isOnBranch = head.kind === 'attached' && head.branch === facts.branch
  const isClean = tree.dirty.length + tree.conflicted.length + tree.hiddenEdits.length === 0
  return (
    isOnBranch &&
    isClean &&
    facts.inProgress === null &&
    relation?.localAhead === 0 &&
    relation.remoteAhead === 0
  )
}

function isGone(facts: InspectedWorktree): boolean {
  return facts.remote.kind === 'deleted'
}

/** A rewound remote looks like "ahead" too; pushing would bring back what somebody removed. */
function isRewritten({ relation }: InspectedWorktree): boolean {
  return relation !== null && relation.localAhead > 0 && relation.remoteContainsLastSynced === false
}

/** Nothing of ours is in the way: the remote goes on from where we are. */
function isBehind(facts: InspectedWorktree): boolean {
  return facts.relation?.localAhead === 0 && !isRewritten(facts)
}

function isReplayed({ relation }: InspectedWorktree): boolean {
  return relation?.rebase.kind === 'clean'
}

function isUncomputed({ relation }: InspectedWorktree): boolean {
  return relation?.rebase.kind === 'failed' || relation?.rebase.kind === 'not_tried'
}

/** Nothing of ours would be left to replay. */
function isAdoptable({ relation, remote }: InspectedWorktree): boolean {
  return (
    relation?.rebase.kind === 'clean' && remote.kind === 'fetched' && relation.rebase.newHead === remote.head
  )
}

function hasDropped({ relation }: InspectedWorktree): boolean {
  return relation?.rebase.kind === 'clean' && relation.rebase.dropped.length > 0
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
