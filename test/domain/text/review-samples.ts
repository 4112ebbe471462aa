// Stored proposals, verdicts, contracts and alerts, for tests of texts.

import type { Contract, ContractTask, Proposal, Verdict } from '../../../src/domain/pipeline/records.ts'
import type { Alert } from '../../../src/domain/records.ts'
import { NOON, sha } from './samples.ts'

export function proposal(over: Partial<Proposal> = {}): Proposal {
  const { round = 1 } = over
  return {
    id: `pp_${round}`,
    sessionId: 'rocket-1',
    pipelineId: 'rocket-1.1',
    phaseRunId: 'rocket-1.1/implement',
    attemptId: 'rocket-1.1/implement/1',
    round,
    runEpoch: round,
    commit: sha(String(round + 3)),
    base: sha('3'),
    commits: [{ sha: sha(String(round + 3)), patchId: 'a' }],
    paths: ['src/parser.ts'],
    status: 'open',
    createdAt: NOON + round,
    endedAt: null,
    ...over,
  }
}

export function verdict(over: Partial<Verdict> = {}): Verdict {
  const { proposalId = 'pp_1', reviewer = 'strict' } = over
  return {
    id: `${proposalId}/${reviewer}`,
    proposalId,
    sessionId: 'rocket-1',
    pipelineId: 'rocket-1.1',
    reviewer,
    status: 'pending',
    reasons: [],
    failures: 0,
    decidedAt: null,
    ...over,
  }
}

export function contract(over: Partial<Contract> = {}): Contract {
  return {
    pipelineId: 'rocket-1.1',
    sessionId: 'rocket-1',
    projectId: 'rocket',
    phase: 'plan',
    path: '.belay/plan.md',
    digest: 'd',
    head: sha('3'),
    populatedAt: NOON,
    ...over,
  }
}

export function contractTask(over: Partial<ContractTask> = {}): ContractTask {
  const { taskId = 'parser' } = over
  return {
    id: `rocket-1.1/${taskId}`,
    pipelineId: 'rocket-1.1',
    sessionId: 'rocket-1',
    taskId,
    position: 0,
    title: 'Reject an empty header',
    acceptance: [],
    dependsOn: null,
    status: 'todo',
    note: '',
    updatedAt: NOON,
    ...over,
  }
}

export function alert(over: Partial<Alert> = {}): Alert {
  return {
    id: 'al_1',
    code: 'agent_alert',
    projectId: 'rocket',
    sessionId: 'rocket-1',
    pipelineId: 'rocket-1.1',
    details: { phase: 'implement', text: 'The tests need a database that is not here.' },
    raisedAt: NOON,
    ...over,
  }
}
