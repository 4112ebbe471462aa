// Everything an inspection saw of one worktree and its remote, complete, so that the decision needs no second look.

import type { BranchName, Sha } from '../ids.ts'
import type { ProposedCommit } from '../pipeline/records.ts'

export interface CommitSummary {
  readonly sha: Sha
  readonly subject: string
  readonly author: string
}

/** What lies between two commits. */
export interface RangeFacts {
  /** The commits of the later one that the earlier one lacks, oldest first. */
  readonly commits: readonly ProposedCommit[]
  /** Paths in which the two differ, sorted. */
  readonly paths: readonly string[]
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

/**
 * What an in-memory rebase of our own commits would give; nothing was moved to find out.
 *
 * Our own commits are those since the last sync, so that what the remote dropped is never brought back.
 */
export type RebaseTrial =
  /** Nothing diverged, or the histories have nothing in common. */
  | { readonly kind: 'not_tried' }
  /** `newHead` is the remote's head when nothing of ours was left to replay; `dropped` is what the remote has already. */
  | { readonly kind: 'clean'; readonly newHead: Sha; readonly dropped: readonly CommitSummary[] }
  | { readonly kind: 'conflict'; readonly commit: CommitSummary; readonly paths: readonly string[] }
  /** The range holds merges, whose own changes a rebase would drop. */
  | { readonly kind: 'has_merges' }
  /** Git could not compute it. */
  | { readonly kind: 'failed'; readonly detail: string }

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
  /**
   * Paths that the move to the target would write over, by what lies there now.
   *
   * Empty after a quick look: git refuses such a move by itself, and only then is it worth looking closer.
   */
  readonly collisions: {
    readonly dirty: readonly string[]
    readonly untracked: readonly string[]
    readonly ignored: readonly string[]
  }
}

/** Why a worktree can not even be looked into. */
export type WorktreeFault =
  /** The folder is gone; `head` is what its registration still says. */
  | { readonly kind: 'missing'; readonly head: Sha | null }
  /** The folder lies somewhere else in the session, under this name. */
  | { readonly kind: 'moved'; readonly to: string }
  /** HEAD is nothing that git writes. */
  | { readonly kind: 'unreadable_head' }
  /** `.git`, the index or the registration is not what Belay made. */
  | { readonly kind: 'tampered'; readonly what: string }
  | { readonly kind: 'unreadable'; readonly detail: string }

/** Why both heads could not be compared: a commit is not there, or git could not walk between them. */
export interface RelationFault {
  readonly kind: 'rev_parse' | 'rev_list'
  readonly detail: string
}

export interface InspectedWorktree {
  readonly kind: 'inspected'
  readonly branch: BranchName
  readonly head: HeadFact
  /** The session branch itself, which differs from `head` when another branch is checked out. */
  readonly branchSha: Sha | null
  readonly lastSynced: Sha | null
  readonly remote: RemoteFact
  readonly inProgress: OperationInProgress | null
  /** Commits that only such an operation, or another branch, still remembers: a pin keeps them too. */
  readonly otherCommits: readonly Sha[]
  /** The worktree of the same session repository that has the session's branch checked out as well. */
  readonly checkedOutElsewhere: string | null
  /** Whether the session repository's history was cut off by somebody's shallow fetch. */
  readonly isShallow: boolean
  /** Files of the session repository's configuration that are not as Belay made them; none of them is ever used. */
  readonly changedConfiguration: readonly string[]
  /** Names of git lock files that lie in the worktree's git directory. */
  readonly locks: readonly string[]
  readonly tree: TreeFacts
  /** Present when both heads are known and could be compared. */
  readonly relation: RelationFacts | null
  readonly relationFault: RelationFault | null
}

export type WorktreeFacts =
  | InspectedWorktree
  | {
      readonly kind: 'unavailable'
      readonly branch: BranchName
      readonly fault: WorktreeFault
      readonly remote: RemoteFact
    }
