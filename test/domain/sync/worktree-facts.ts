// Builders of worktree facts for tests: an ordinary, synced worktree, and an arbitrary one.
import fc from 'fast-check'
import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import type { Sha } from '../../../src/domain/ids.ts'
import type {
  InspectedWorktree,
  RebaseTrial,
  RelationFacts,
  TreeFacts,
  WorktreeFacts,
} from '../../../src/domain/sync/facts.ts'

/** Returns a full object id made of one hexadecimal digit. */
export function shaOf(digit: string): Sha {
  return toSha(digit.repeat(40))
}

export const LOCAL = shaOf('a')
export const REMOTE = shaOf('b')
const BASE = shaOf('c')
export const REBASED = shaOf('d')
export const BRANCH = toBranchName('feature')

const commit = { sha: LOCAL, subject: 'Add fuel', author: 'Ada' }

export const CONFLICT: RebaseTrial = { kind: 'conflict', commit, paths: ['engine.txt'] }
export const CLEAN_REBASE: RebaseTrial = { kind: 'clean', newHead: REBASED, dropped: [] }

const tree: TreeFacts = {
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
    readonly relation?: Partial<RelationFacts>
    readonly tree?: Partial<TreeFacts>
  } & Partial<Omit<InspectedWorktree, 'relation' | 'tree'>> = {},
): InspectedWorktree {
  const { localAhead = 0, remoteAhead = 0, relation, tree: treeFacts, ...rest } = given
  const isSame = localAhead === 0 && remoteAhead === 0
  return {
    kind: 'inspected',
    branch: BRANCH,
    head: { kind: 'attached', branch: BRANCH, sha: LOCAL },
    branchSha: LOCAL,
    lastSynced: BASE,
    remote: { kind: 'fetched', head: isSame ? LOCAL : REMOTE, base: BASE },
    inProgress: null,
    locks: [],
    tree: { ...tree, ...treeFacts },
    relation: {
      localAhead,
      remoteAhead,
      mergeBase: BASE,
      remoteContainsLastSynced: true,
      ownCommits: [],
      remoteCommits: [],
      rebase: { kind: 'not_tried' },
      ...relation,
    },
    ...rest,
  }
}

const paths = fc.constantFrom<readonly string[]>([], ['engine.txt'], ['nested/', 'nested/a'])
const rebase = fc.constantFrom<RebaseTrial>(
  { kind: 'not_tried' },
  CLEAN_REBASE,
  { kind: 'clean', newHead: REMOTE, dropped: [commit] },
  CONFLICT,
  { kind: 'has_merges' },
)

/** Every combination of facts, possible in the real world or not. */
export const anyFacts: fc.Arbitrary<WorktreeFacts> = fc.oneof(
  fc.record({
    kind: fc.constant('inspected' as const),
    branch: fc.constant(BRANCH),
    head: fc.constantFrom(
      { kind: 'attached' as const, branch: 'feature', sha: LOCAL },
      { kind: 'attached' as const, branch: 'other', sha: LOCAL },
      { kind: 'detached' as const, sha: LOCAL },
      { kind: 'unborn' as const, branch: 'feature' },
    ),
    branchSha: fc.constantFrom(LOCAL, null),
    lastSynced: fc.constantFrom(BASE, null),
    remote: fc.constantFrom(
      { kind: 'fetched' as const, head: REMOTE, base: BASE },
      { kind: 'deleted' as const },
      { kind: 'fetch_failed' as const, reason: 'auth' as const, detail: 'denied' },
    ),
    inProgress: fc.constantFrom(null, 'rebase' as const),
    locks: fc.constantFrom<readonly string[]>([], ['index.lock']),
    tree: fc.record({
      dirty: paths,
      untracked: paths,
      conflicted: paths,
      hiddenEdits: paths,
      nestedRepositories: paths,
      dirtySubmodules: paths,
      collisions: fc.record({ dirty: paths, untracked: paths, ignored: paths }),
    }),
    relation: fc.option(
      fc.record({
        localAhead: fc.nat(2),
        remoteAhead: fc.nat(2),
        mergeBase: fc.constantFrom(BASE, null),
        remoteContainsLastSynced: fc.constantFrom(true, false, null),
        ownCommits: fc.constant([]),
        remoteCommits: fc.constant([]),
        rebase,
      }),
    ),
  }),
  fc.record({
    kind: fc.constant('unavailable' as const),
    branch: fc.constant(BRANCH),
    fault: fc.constantFrom(
      { kind: 'missing' as const },
      { kind: 'tampered' as const, what: '.git' },
      { kind: 'unreadable' as const, detail: 'EIO' },
    ),
    remote: fc.constant({ kind: 'deleted' as const }),
  }),
)
