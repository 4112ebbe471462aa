// Walks through every combination of facts and wishes there is, without making each of them: what a function does not
// look at can not matter to it, so the walk branches only where somebody looks. Knows the facts' shape, no rule.

import type {
  HeadFact,
  InspectedWorktree,
  RebaseTrial,
  RelationFacts,
  RemoteFact,
  TreeFacts,
  WorktreeFacts,
  WorktreeFault,
} from '../../../src/domain/sync/facts.ts'
import type { SyncPolicy } from '../../../src/domain/sync/policy.ts'
import { ALL_UPSTREAM, BASE, BRANCH, CLEAN_REBASE, CONFLICT, LOCAL, REMOTE, shaOf } from './worktree-facts.ts'

const YES_NO = [true, false]
const COUNTS = [0, 1]
const FILES: readonly (readonly string[])[] = [[], ['engine.txt']]
const IN_THE_WAY: readonly (readonly string[])[] = [[], ['engine.txt'], ['vendor/a']]

const HEADS: readonly HeadFact[] = [
  { kind: 'attached', branch: BRANCH, sha: LOCAL },
  { kind: 'attached', branch: 'other', sha: LOCAL },
  { kind: 'detached', sha: LOCAL },
  { kind: 'unborn', branch: BRANCH },
  { kind: 'unborn', branch: 'other' },
]

const REMOTES: readonly RemoteFact[] = [
  { kind: 'fetched', head: REMOTE, base: BASE },
  { kind: 'deleted' },
  { kind: 'fetch_failed', reason: 'network', detail: 'timeout' },
]

const REBASES: readonly RebaseTrial[] = [
  { kind: 'not_tried' },
  CLEAN_REBASE,
  ALL_UPSTREAM,
  { kind: 'clean', newHead: REMOTE, dropped: [] },
  CONFLICT,
  { kind: 'has_merges' },
  { kind: 'failed', detail: 'exit 128' },
]

const FAULTS: readonly WorktreeFault[] = [
  { kind: 'missing', head: LOCAL },
  { kind: 'missing', head: null },
  { kind: 'moved', to: 'tree-away' },
  { kind: 'unreadable_head' },
  { kind: 'tampered', what: '.git' },
  { kind: 'unreadable', detail: 'EIO' },
]

/** Everything a rule or a plan can look at, with every value that can make a difference. */
const QUESTIONS = {
  /** Null: the worktree can be looked into. */
  fault: [null, ...FAULTS],
  head: HEADS,
  branchSha: [LOCAL, REMOTE, null],
  lastSynced: [BASE, null],
  remote: REMOTES,
  inProgress: [null, 'rebase'] as const,
  otherCommits: [[], [shaOf('e'), LOCAL]],
  checkedOutElsewhere: [null, 'review-1'],
  isShallow: YES_NO,
  locks: [[], ['index.lock']],
  dirty: FILES,
  conflicted: FILES,
  hiddenEdits: FILES,
  nestedRepositories: [[], ['vendor/']],
  dirtySubmodules: FILES,
  dirtyCollisions: FILES,
  untrackedCollisions: IN_THE_WAY,
  ignoredCollisions: [[], ['vendor']],
  isCompared: YES_NO,
  relationFault: [
    null,
    { kind: 'rev_parse', detail: 'bad object' },
    { kind: 'rev_list', detail: 'bad object' },
  ],
  localAhead: COUNTS,
  remoteAhead: COUNTS,
  mergeBase: [BASE, null],
  remoteContainsLastSynced: [true, false, null],
  rebase: REBASES,
  push: YES_NO,
  reviewed: [null, LOCAL, shaOf('f')],
  onConflict: ['reset', 'pause'] as const,
  choice: [null, 'reset', 'local_pin', 'restore_branch'] as const,
  askOnRewrite: YES_NO,
  pushPin: YES_NO,
} as const

type Question = keyof typeof QUESTIONS
type Look = <Q extends Question>(question: Q) => (typeof QUESTIONS)[Q][number]

/** One world: everything in it is decided the moment somebody looks at it. */
export interface World {
  readonly facts: WorktreeFacts
  readonly policy: SyncPolicy
  readonly pushPin: boolean
}

/** How much was walked through. */
export interface Walk {
  /** Worlds that somebody could tell apart. */
  readonly worlds: number
  /** Single combinations of values those stand for. */
  readonly combinations: bigint
}

/** All combinations of values there are. */
export const ALL_COMBINATIONS: bigint = sizes(new Set())

/** Calls `visit` with every world that it, and whatever it calls, can tell from the others. */
export function walkEveryWorld(visit: (world: World) => void): Walk {
  const seen = new Map<Question, number>()
  let path: readonly number[] = []
  // Beyond the path a question gets its first answer; whoever asks again gets the same.
  const look: Look = (question) => {
    const place = seen.get(question) ?? path[seen.size] ?? 0
    seen.set(question, place)
    return QUESTIONS[question][place] as (typeof QUESTIONS)[typeof question][number]
  }
  const world = worldOf(look)
  let worlds = 0
  let combinations = 0n
  do {
    seen.clear()
    visit(world)
    worlds += 1
    combinations += sizes(new Set(seen.keys()))
    path = nextPath(seen)
  } while (path.length > 0)
  return { worlds, combinations }
}

/** The next branch, depth first; empty when there is none. */
function nextPath(seen: ReadonlyMap<Question, number>): number[] {
  const steps = [...seen]
  for (let last = steps.pop(); last !== undefined; last = steps.pop()) {
    const [question, place] = last
    if (place + 1 < QUESTIONS[question].length) return [...steps.map(([, taken]) => taken), place + 1]
  }
  return []
}

/** How many combinations the questions have that nobody asked. */
function sizes(asked: ReadonlySet<Question>): bigint {
  return (Object.keys(QUESTIONS) as Question[])
    .filter((question) => !asked.has(question))
    .reduce((product, question) => product * BigInt(QUESTIONS[question].length), 1n)
}

function worldOf(look: Look): World {
  const facts = inspected(look)
  return Object.defineProperty(
    answering(look, ['pushPin'], {
      facts,
      policy: answering(look, ['push', 'reviewed', 'onConflict', 'choice', 'askOnRewrite'], {}),
    }),
    'facts',
    { get: () => unavailable(look('fault')) ?? facts },
  )
}

function unavailable(fault: WorktreeFault | null): WorktreeFacts | null {
  return fault && { kind: 'unavailable', branch: BRANCH, fault, remote: { kind: 'deleted' } }
}

function inspected(look: Look): InspectedWorktree {
  const relation: RelationFacts = answering(
    look,
    ['localAhead', 'remoteAhead', 'mergeBase', 'remoteContainsLastSynced', 'rebase'],
    { ownCommits: [], remoteCommits: [] },
  )
  const asked = [
    'head',
    'branchSha',
    'lastSynced',
    'remote',
    'inProgress',
    'otherCommits',
    'checkedOutElsewhere',
    'isShallow',
    'locks',
    'relationFault',
  ] as const
  const facts = { kind: 'inspected', branch: BRANCH, changedConfiguration: [], tree: treeOf(look) } as const
  return Object.defineProperty(answering(look, asked, { ...facts, relation }), 'relation', {
    get: () => (look('isCompared') ? relation : null),
  })
}

function treeOf(look: Look): TreeFacts {
  const lists = ['dirty', 'conflicted', 'hiddenEdits', 'nestedRepositories', 'dirtySubmodules'] as const
  return answering(look, lists, {
    untracked: [],
    collisions: {
      get dirty() {
        return look('dirtyCollisions')
      },
      get untracked() {
        return look('untrackedCollisions')
      },
      get ignored() {
        return look('ignoredCollisions')
      },
    },
  })
}

/** Adds properties that are looked up the moment they are read. */
function answering<Q extends Question, T extends object>(
  look: Look,
  questions: readonly Q[],
  rest: T,
): T & { readonly [K in Q]: (typeof QUESTIONS)[K][number] } {
  const properties = questions.map((question) => [question, { get: () => look(question) }] as const)
  return Object.defineProperties(rest, Object.fromEntries(properties)) as T & {
    readonly [K in Q]: (typeof QUESTIONS)[K][number]
  }
}
