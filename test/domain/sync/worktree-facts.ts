// Builders of worktree facts for tests: an ordinary, synced worktree with whatever is given.
import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import type { Sha } from '../../../src/domain/ids.ts'
import type {
  InspectedWorktree,
  RebaseTrial,
  RelationFacts,
  TreeFacts,
} from '../../../src/domain/sync/facts.ts'
import type { SyncPolicy } from '../../../src/domain/sync/policy.ts'

/** Returns a full object id made of one hexadecimal digit. */
export function shaOf(digit: string): Sha {
  return toSha(digit.repeat(40))
}

export const LOCAL = shaOf('a')
export const REMOTE = shaOf('b')
export const BASE = shaOf('c')
export const REBASED = shaOf('d')
export const BRANCH = toBranchName('feature')

const COMMIT = { sha: LOCAL, subject: 'Add fuel', author: 'Ada' }

export const CONFLICT: RebaseTrial = { kind: 'conflict', commit: COMMIT, paths: ['engine.txt'] }
export const CLEAN_REBASE: RebaseTrial = { kind: 'clean', newHead: REBASED, dropped: [] }
/** Nothing of ours is left to replay: the remote has it all. */
export const ALL_UPSTREAM: RebaseTrial = { kind: 'clean', newHead: REMOTE, dropped: [COMMIT] }

/** What a sync at the end of a phase wants. */
export const PUSH: SyncPolicy = {
  push: true,
  onConflict: 'reset',
  choice: null,
  reviewed: null,
  askOnRewrite: false,
}

export const CLEAN_TREE: TreeFacts = {
  dirty: [],
  untracked: [],
  conflicted: [],
  hiddenEdits: [],
  nestedRepositories: [],
  dirtySubmodules: [],
  collisions: { dirty: [], untracked: [], ignored: [] },
}

/** Returns facts of a worktree that is `localAhead` and `remoteAhead`, with whatever else is given. */
export function worktree(
  given: {
    readonly localAhead?: number
    readonly remoteAhead?: number
    readonly relation?: Partial<RelationFacts> | null
    readonly tree?: Partial<TreeFacts>
  } & Partial<Omit<InspectedWorktree, 'relation' | 'tree'>> = {},
): InspectedWorktree {
  const { localAhead = 0, remoteAhead = 0, relation, tree, ...rest } = given
  const isSame = localAhead === 0 && remoteAhead === 0
  return {
    kind: 'inspected',
    branch: BRANCH,
    head: { kind: 'attached', branch: BRANCH, sha: LOCAL },
    branchSha: LOCAL,
    lastSynced: BASE,
    remote: { kind: 'fetched', head: isSame ? LOCAL : REMOTE, base: BASE },
    inProgress: null,
    otherCommits: [],
    checkedOutElsewhere: null,
    isShallow: false,
    changedConfiguration: [],
    locks: [],
    tree: { ...CLEAN_TREE, ...tree },
    relation: relation === null ? null : relationOf({ localAhead, remoteAhead, ...relation }),
    relationFault: null,
    ...rest,
  }
}

function relationOf(given: Partial<RelationFacts>): RelationFacts {
  return {
    localAhead: 0,
    remoteAhead: 0,
    mergeBase: BASE,
    remoteContainsLastSynced: true,
    ownCommits: [],
    remoteCommits: [],
    rebase: { kind: 'not_tried' },
    ...given,
  }
}
