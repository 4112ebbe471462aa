// Stored rows for tests of texts: small, complete, and overridable field by field.

import { DECISIONS, optionsFor } from '../../../src/domain/decision/decision.ts'
import type { BudgetDetails, SyncDetails } from '../../../src/domain/decision/details.ts'
import type { SyncDecisionKind } from '../../../src/domain/decision/kind.ts'
import type { BudgetQuestion, SyncQuestion } from '../../../src/domain/decision/subject.ts'
import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import type { RefName, Sha } from '../../../src/domain/ids.ts'
import type {
  Attempt,
  Backup,
  Decision,
  PhaseRun,
  Pipeline,
  Project,
  PullRequest,
  Session,
  JournalledSync,
} from '../../../src/domain/records.ts'
import type { CommitSummary } from '../../../src/domain/sync/facts.ts'
import type { PinNote } from '../../../src/domain/sync/pin.ts'
import type { StatusFacts } from '../../../src/domain/text/status-comment.ts'

export const NOON = Date.UTC(2025, 0, 31, 12, 0)
const MINUTE = 60_000

/** Returns an object id made of one hexadecimal digit. */
export function sha(digit: string): Sha {
  return toSha(digit.repeat(40))
}

export function commit(digit: string, subject: string, author = 'belay[bot]'): CommitSummary {
  return { sha: sha(digit), subject, author }
}

const PIN_PREFIX = 'refs/belay/backup/rocket-1/1738324800000000000-k3m9' as RefName

export function pinNote(over: Partial<PinNote> = {}): PinNote {
  return {
    prefix: PIN_PREFIX,
    head: sha('2'),
    push: 'pushed',
    pushRefusal: null,
    files: null,
    branch: null,
    dirtyPaths: [],
    ...over,
  }
}

export function details(over: Partial<SyncDetails> = {}): SyncDetails {
  return {
    case: 'divergence_recovered_via_reset',
    moment: 'phase_end',
    branch: toBranchName('feature'),
    localHead: sha('2'),
    remoteHead: sha('3'),
    mergeBase: sha('0'),
    discarded: [commit('1', 'Parse the header'), commit('2', 'Reject an empty header')],
    remoteCommits: [commit('3', 'Rename parser', 'alice')],
    conflictingPaths: ['src/parser.ts'],
    obstacle: 'conflict',
    pins: [pinNote()],
    earlierPauses: 0,
    isReset: true,
    pushRefusal: null,
    note: '',
    ...over,
  }
}

export function decision(
  over: Partial<SyncQuestion> = {},
  kind: SyncDecisionKind = 'hard_reset_recovery',
): SyncQuestion {
  const facts = over.details ?? details()
  return {
    id: 'k3m9qx',
    rootId: 'k3m9qx',
    projectId: 'rocket',
    sessionId: 'rocket-1',
    pipelineId: 'rocket-1.1',
    prNumber: 7,
    phase: 'implement',
    concerns: 'pipeline',
    kind,
    context: `${kind}:implement`,
    options: optionsFor(kind, { ...facts, concerns: over.concerns ?? 'pipeline' }),
    details: facts,
    headSha: sha('3'),
    runEpoch: 2,
    status: 'pending',
    answer: null,
    answeredBy: null,
    answeredVia: null,
    answeredAt: null,
    actedAt: null,
    cancelReason: null,
    successorId: null,
    reminders: 0,
    createdAt: NOON,
    ...over,
  }
}

export function blockedDecision(
  over: Partial<SyncDetails>,
  concerns: Decision['concerns'] = 'pipeline',
): SyncQuestion {
  return decision(
    {
      concerns,
      details: details({
        isReset: false,
        discarded: [],
        remoteCommits: [],
        conflictingPaths: [],
        pins: [],
        ...over,
      }),
    },
    'sync_blocked',
  )
}

export function budgetDecision(
  over: Partial<BudgetDetails> = {},
  stored: Partial<BudgetQuestion> = {},
): BudgetQuestion {
  return {
    ...decision(),
    phase: 'respond',
    concerns: 'worktree',
    kind: 'nudge_budget',
    context: 'nudge_budget:7',
    options: DECISIONS.nudge_budget.options,
    details: {
      branch: toBranchName('feature'),
      rounds: 3,
      waiting: { checks: 1, reviews: 2, conflicts: 0 },
      ...over,
    },
    ...stored,
  }
}

// Texts read one key of the configuration.
const CONFIG = { check: 'action_required' } as Pipeline['config']

export function project(over: Partial<Project> = {}): Project {
  return {
    id: 'rocket',
    repositoryId: 1,
    installationId: 2,
    owner: 'acme',
    name: 'rocket',
    isPrivate: false,
    defaultBranch: 'main',
    nextSessionNo: 2,
    config: null,
    configFaults: [],
    createdAt: NOON,
    updatedAt: NOON,
    ...over,
  }
}

export function pullRequest(over: Partial<PullRequest> = {}): PullRequest {
  return {
    projectId: 'rocket',
    number: 7,
    nodeId: 'PR_7',
    title: 'Parse headers',
    url: 'https://github.com/acme/rocket/pull/7',
    author: 'alice',
    authorIsBot: false,
    state: 'open',
    isDraft: false,
    headRef: 'feature',
    headSha: sha('3'),
    headRepositoryId: 1,
    baseRef: 'main',
    baseSha: sha('0'),
    sessionId: 'rocket-1',
    observedAt: NOON,
    ...over,
  }
}

export function session(over: Partial<Session> = {}): Session {
  return {
    id: 'rocket-1',
    projectId: 'rocket',
    no: 1,
    state: 'live',
    prNumber: 7,
    branch: toBranchName('feature'),
    baseRef: 'main',
    agent: 'claude-code',
    startedBy: 'alice',
    runnerId: 'runner',
    lastSyncedSha: sha('0'),
    lastPushedSha: null,
    remoteMoved: null,
    reviewersDue: [],
    personActedAt: null,
    ending: null,
    createdAt: NOON,
    updatedAt: NOON,
    ...over,
  }
}

export function pipeline(over: Partial<Pipeline> = {}): Pipeline {
  return {
    id: 'rocket-1.1',
    sessionId: 'rocket-1',
    projectId: 'rocket',
    no: 1,
    kind: 'run',
    status: 'running',
    currentPhase: 'implement',
    runEpoch: 1,
    config: CONFIG,
    prompt: null,
    failure: null,
    createdAt: NOON,
    endedAt: null,
    ...over,
  }
}

export function phase(over: Partial<PhaseRun> = {}): PhaseRun {
  return {
    id: 'rocket-1.1/implement',
    pipelineId: 'rocket-1.1',
    name: 'implement',
    position: 0,
    status: 'running',
    restarts: 0,
    rounds: 0,
    briefings: [],
    result: null,
    leftOut: [],
    failure: null,
    startedAt: NOON,
    endedAt: null,
    ...over,
  }
}

export function attempt(over: Partial<Attempt> = {}): Attempt {
  return {
    id: 'rocket-1.1/implement/1',
    phaseRunId: 'rocket-1.1/implement',
    pipelineId: 'rocket-1.1',
    sessionId: 'rocket-1',
    runEpoch: 1,
    role: 'producer',
    agent: 'claude-code',
    proposalId: null,
    status: 'running',
    pid: 100,
    exit: null,
    leaseUntil: NOON + MINUTE,
    activeAt: NOON,
    question: null,
    startedAt: NOON,
    endedAt: null,
    ...over,
  }
}

export function backup(over: Partial<Backup> = {}): Backup {
  return {
    id: '1738324800000000000-k3m9',
    sessionId: 'rocket-1',
    projectId: 'rocket',
    operationId: 'op-1',
    reason: 'sync',
    prefix: PIN_PREFIX,
    head: sha('2'),
    index: sha('a'),
    worktree: sha('b'),
    push: 'pushed',
    pushRefusal: null,
    filesPush: null,
    rescueBranch: null,
    dirtyRescueBranch: null,
    createdAt: NOON,
    ...over,
  }
}

export function syncOperation(over: Partial<JournalledSync> = {}): JournalledSync {
  return {
    id: 'op-1',
    sessionId: 'rocket-1',
    projectId: 'rocket',
    pipelineId: 'rocket-1.1',
    phase: 'implement',
    trigger: 'phase_start',
    branch: toBranchName('feature'),
    state: 'done',
    purpose: 'sync',
    case: 'fast_forwarded',
    facts: {
      kind: 'unavailable',
      branch: toBranchName('feature'),
      fault: { kind: 'missing', head: null },
      remote: { kind: 'deleted' },
    },
    plan: [],
    localAhead: 0,
    remoteAhead: 1,
    before: sha('0'),
    after: sha('3'),
    durationMs: 800,
    resumes: null,
    startedAt: NOON,
    endedAt: NOON + 800,
    ...over,
  }
}

export function statusFacts(over: Partial<StatusFacts> = {}): StatusFacts {
  return {
    project: project(),
    session: session(),
    pipeline: pipeline(),
    phases: [phase()],
    attempts: [attempt()],
    proposals: [],
    verdicts: [],
    contract: null,
    tasks: [],
    alerts: { newest: [], now: NOON },
    openDecision: null,
    lastSync: null,
    news: { waiting: [], hasOpenQuestion: false, isMerging: false },
    pins: [],
    isDraft: false,
    ...over,
  }
}
