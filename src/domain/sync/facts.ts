// Everything an inspection saw of one worktree and its remote, complete, so that the decision needs no second look.

import type { BranchName, Sha } from '../ids.ts'

export interface CommitSummary {
  readonly sha: Sha
  readonly subject: string
  readonly author: string
}

export type HeadFact =
  | { readonly kind: 'attached'; readonly branch: string; readonly sha: Sha }
  | { readonly kind: 'detached'; readonly sha: Sha }
  | { readonly kind: 'unborn'; readonly branch: string }

/** A git operation that somebody left half done in the worktree. */
export type OperationInProgress =
  'merge' | 'rebase' | 'am' | 'cherry_pick' | 'revert' | 'bisect' | 'sequencer'

export type RemoteFact =
  | { readonly kind: 'fetched'; readonly head: Sha; readonly base: Sha | null }
  /** The host answered that the branch does not exist. */
  | { readonly kind: 'deleted' }
  | {
      readonly kind: 'fetch_failed'
      readonly reason: 'auth' | 'network' | 'unknown'
      readonly detail: string
    }

/** What an in-memory rebase of our own commits would give; nothing was moved to find out. */
export type RebaseTrial =
  | { readonly kind: 'not_tried' }
  | { readonly kind: 'clean'; readonly newHead: Sha; readonly dropped: readonly CommitSummary[] }
  | { readonly kind: 'conflict'; readonly commit: CommitSummary; readonly paths: readonly string[] }
  /** The range holds merges, whose own changes a rebase would drop. */
  | { readonly kind: 'has_merges' }

export interface RelationFacts {
  readonly localAhead: number
  readonly remoteAhead: number
  readonly mergeBase: Sha | null
  /** Whether the last synced commit is still in the remote branch; null when there is no last synced commit. */
  readonly remoteContainsLastSynced: boolean | null
  /** Our commits that the remote lacks, oldest first, at most 100. */
  readonly ownCommits: readonly CommitSummary[]
  /** The remote's commits that we lack, oldest first, at most 100. */
  readonly remoteCommits: readonly CommitSummary[]
  readonly rebase: RebaseTrial
}

export interface TreeFacts {
  /** Tracked paths with staged or unstaged changes. */
  readonly dirty: readonly string[]
  readonly untracked: readonly string[]
  readonly conflicted: readonly string[]
  /** Tracked paths whose edits `git status` hides (assume-unchanged, skip-worktree). */
  readonly hiddenEdits: readonly string[]
  /** Untracked directories that are git repositories of their own. */
  readonly nestedRepositories: readonly string[]
  readonly dirtySubmodules: readonly string[]
  /** Paths that the move to the target would write over, by what lies there now. */
  readonly collisions: {
    readonly dirty: readonly string[]
    readonly untracked: readonly string[]
    readonly ignored: readonly string[]
  }
}

/** Why a worktree can not even be looked into. */
export type WorktreeFault =
  | { readonly kind: 'missing' }
  /** `.git`, the index or the registration is not what Belay made. */
  | { readonly kind: 'tampered'; readonly what: string }
  | { readonly kind: 'unreadable'; readonly detail: string }

export interface InspectedWorktree {
  readonly kind: 'inspected'
  readonly branch: BranchName
  readonly head: HeadFact
  /** The session branch itself, which differs from `head` when another branch is checked out. */
  readonly branchSha: Sha | null
  readonly lastSynced: Sha | null
  readonly remote: RemoteFact
  readonly inProgress: OperationInProgress | null
  /** Names of git lock files that lie in the worktree's git directory. */
  readonly locks: readonly string[]
  readonly tree: TreeFacts
  /** Present when both heads are known. */
  readonly relation: RelationFacts | null
}

export type WorktreeFacts =
  | InspectedWorktree
  | {
      readonly kind: 'unavailable'
      readonly branch: BranchName
      readonly fault: WorktreeFault
      readonly remote: RemoteFact
    }
