// Sample rows for tests of the database; each takes the fields that matter to the test.

import type {
  Decision,
  Pipeline,
  PhaseRun,
  Attempt,
  Project,
  PullRequest,
  Session,
} from '../../../src/domain/records.ts'
import { insert, type Change } from '../../../src/domain/changes.ts'
import { toBranchName, toSha } from '../../../src/domain/ids.ts'

export const SHA_A = toSha('a'.repeat(40))
export const SHA_B = toSha('b'.repeat(40))

export function project(fields: Partial<Project> = {}): Project {
  return {
    id: 'harbour',
    repositoryId: 7,
    installationId: 3,
    owner: 'quay',
    name: 'harbour',
    isPrivate: true,
    defaultBranch: 'main',
    nextSessionNo: 1,
    config: null,
    configFaults: [],
    createdAt: 1,
    updatedAt: 1,
    ...fields,
  }
}

export function pullRequest(fields: Partial<PullRequest> = {}): PullRequest {
  return {
    projectId: 'harbour',
    number: 5,
    nodeId: 'PR_5',
    title: 'Fix the crane',
    url: 'https://github.test/quay/harbour/pull/5',
    author: 'ada',
    authorIsBot: false,
    state: 'open',
    isDraft: false,
    headRef: 'crane',
    headSha: SHA_A,
    headRepositoryId: 7,
    baseRef: 'main',
    baseSha: SHA_B,
    sessionId: null,
    observedAt: 100,
    ...fields,
  }
}

export function session(fields: Partial<Session> = {}): Session {
  return {
    id: 'harbour-1',
    projectId: 'harbour',
    no: 1,
    state: 'live',
    prNumber: 5,
    branch: toBranchName('crane'),
    baseRef: 'main',
    agent: 'scripted',
    startedBy: 'ada',
    runnerId: 'runner-a',
    lastSyncedSha: null,
    lastPushedSha: null,
    remoteMoved: null,
    reviewersDue: [],
    personActedAt: null,
    ending: null,
    createdAt: 1,
    updatedAt: 1,
    ...fields,
  }
}

export function pipeline(fields: Partial<Pipeline> = {}): Pipeline {
  return {
    id: 'harbour-1.1',
    sessionId: 'harbour-1',
    projectId: 'harbour',
    no: 1,
    kind: 'run',
    status: 'running',
    currentPhase: 'implement',
    runEpoch: 1,
    config: {} as Pipeline['config'],
    prompt: null,
    failure: null,
    createdAt: 1,
    endedAt: null,
    ...fields,
  }
}

export function phaseRun(fields: Partial<PhaseRun> = {}): PhaseRun {
  return {
    id: 'phase-1',
    pipelineId: 'harbour-1.1',
    name: 'implement',
    position: 0,
    status: 'running',
    restarts: 0,
    rounds: 0,
    briefings: [],
    result: null,
    leftOut: [],
    failure: null,
    startedAt: 1,
    endedAt: null,
    ...fields,
  }
}

export function attempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    id: 'attempt-1',
    phaseRunId: 'phase-1',
    pipelineId: 'harbour-1.1',
    sessionId: 'harbour-1',
    runEpoch: 1,
    role: 'producer',
    agent: 'claude-code',
    proposalId: null,
    status: 'running',
    pid: 123,
    exit: null,
    leaseUntil: 10,
    activeAt: 1,
    question: null,
    startedAt: 1,
    endedAt: null,
    ...fields,
  }
}

export function decision(fields: Partial<Decision> = {}): Decision {
  return {
    id: 'abc234',
    projectId: 'harbour',
    sessionId: 'harbour-1',
    pipelineId: 'harbour-1.1',
    prNumber: 5,
    phase: 'implement',
    concerns: 'pipeline',
    kind: 'sync_blocked',
    context: 'sync_blocked:implement',
    options: [
      { id: 'abort', label: 'Abort', button: 'Abort', effect: 'Ends it.', action: 'cancel_pipeline' },
    ],
    details: {
      case: 'raced',
      moment: 'phase_start',
      branch: toBranchName('crane'),
      localHead: null,
      remoteHead: SHA_A,
      mergeBase: null,
      discarded: [],
      remoteCommits: [],
      conflictingPaths: [],
      obstacle: null,
      pins: [],
      earlierPauses: 0,
      isReset: false,
      note: '',
      pushRefusal: null,
    },
    headSha: SHA_A,
    runEpoch: 1,
    status: 'pending',
    answer: null,
    answeredBy: null,
    answeredVia: null,
    answeredAt: null,
    actedAt: null,
    cancelReason: null,
    successorId: null,
    reminders: 0,
    rootId: 'abc234',
    createdAt: 1,
    ...fields,
  }
}

/** A project, its pull request, a live session with a running pipeline and phase. */
export function groundwork(): readonly Change[] {
  return [
    insert('projects', project()),
    insert('pullRequests', pullRequest()),
    insert('sessions', session()),
    insert('pipelines', pipeline()),
    insert('phaseRuns', phaseRun()),
  ]
}
