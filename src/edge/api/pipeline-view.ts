// A pipeline with everything that belongs to it, as people and programs may see it. Decides nothing.

import { z } from 'zod'
import type { Contract, ContractTask, Proposal, Verdict } from '../../domain/pipeline/records.ts'
import type { Alert, Attempt, Decision, PhaseRun, Pipeline } from '../../domain/records.ts'
import { decisionView, toDecisionView } from './decision-view.ts'
import type { View } from './define-route.ts'
import { failure, runStatus, sha, time, toTime } from './wire-values.ts'

const attemptView = z
  .object({
    id: z.string(),
    role: z.enum(['producer', 'reviewer']),
    agent: z.string(),
    proposal: z.string().nullable().describe('What a reviewer looks at.'),
    runEpoch: z.int(),
    status: z.enum(['starting', 'running', 'succeeded', 'failed', 'stopped', 'lost']),
    exit: z.looseObject({ kind: z.string() }).nullable().describe('How its process ended.'),
    activeAt: time.describe('When it last did something that could be seen.'),
    startedAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Attempt' })

const proposalView = z
  .object({
    id: z.string(),
    attempt: z.string().describe('The attempt that made it.'),
    round: z.int(),
    runEpoch: z.int(),
    commit: sha,
    base: sha,
    commits: z.array(sha).describe('Own commits, oldest first.'),
    paths: z.array(z.string()),
    status: z.enum(['open', 'accepted', 'refused', 'stale', 'overruled']),
    verdicts: z.array(
      z.object({
        reviewer: z.string(),
        status: z.enum(['pending', 'ack', 'nack']),
        reasons: z.array(z.string()),
        decidedAt: time.nullable(),
      }),
    ),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Proposal' })

const phaseView = z
  .object({
    name: z.string(),
    position: z.int(),
    status: runStatus,
    restarts: z.int(),
    rounds: z.int(),
    result: z.enum(['changed', 'no_changes']).nullable(),
    failure,
    attempts: z.array(attemptView).describe('Oldest first.'),
    proposals: z.array(proposalView).describe('Oldest first.'),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Phase' })

const contractView = z
  .object({
    phase: z.string().describe('The phase that produced it.'),
    path: z.string(),
    digest: z.string().describe('SHA-256 of the plan’s text.'),
    head: sha.describe('The commit it was read at.'),
    populatedAt: time,
    tasks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        acceptance: z.array(z.string()),
        dependsOn: z.string().nullable(),
        status: z.enum(['todo', 'doing', 'done', 'dropped']),
        note: z.string(),
        updatedAt: time,
      }),
    ),
  })
  .meta({ id: 'Contract' })

const alertView = z
  .object({ id: z.string(), code: z.string(), details: z.record(z.string(), z.unknown()), raisedAt: time })
  .meta({ id: 'Alert' })

export const pipelineView = z
  .object({
    id: z.string(),
    session: z.string(),
    project: z.string(),
    no: z.int(),
    kind: z.enum(['run', 'respond']),
    status: runStatus,
    phase: z.string().describe('The phase it stands at.'),
    runEpoch: z.int().describe('Grows with every attempt and every answer that goes on.'),
    prompt: z.string().nullable(),
    failure,
    phases: z.array(phaseView).describe('In the order they run.'),
    decision: decisionView.nullable().describe('The open question.'),
    contract: contractView.nullable(),
    alerts: z.array(alertView).describe('Oldest first.'),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Pipeline' })

/** A pipeline and every row that belongs to it. */
export interface PipelineFacts {
  readonly pipeline: Pipeline
  readonly phases: readonly PhaseRun[]
  readonly attempts: readonly Attempt[]
  readonly proposals: readonly Proposal[]
  readonly verdicts: readonly Verdict[]
  readonly decision: Decision | null
  readonly contract: Contract | null
  readonly tasks: readonly ContractTask[]
  readonly alerts: readonly Alert[]
}

/** Returns a pipeline for the wire. */
export function toPipelineView(facts: PipelineFacts): View<typeof pipelineView> {
  const { pipeline, decision, contract } = facts
  const { no, kind, status, runEpoch, prompt } = pipeline
  return {
    id: pipeline.id,
    session: pipeline.sessionId,
    project: pipeline.projectId,
    no,
    kind,
    status,
    phase: pipeline.currentPhase,
    runEpoch,
    prompt,
    failure: pipeline.failure,
    phases: facts.phases
      .toSorted((one, other) => one.position - other.position)
      .map((phase) => toPhaseView(phase, facts)),
    decision: decision === null ? null : toDecisionView(decision),
    contract: contract === null ? null : toContractView(contract, facts.tasks),
    alerts: facts.alerts.map(({ id, code, details, raisedAt }) => ({
      id,
      code,
      details,
      raisedAt: toTime(raisedAt),
    })),
    createdAt: toTime(pipeline.createdAt),
    endedAt: toTime(pipeline.endedAt),
  }
}

function toPhaseView(phase: PhaseRun, facts: PipelineFacts): View<typeof phaseView> {
  const { name, position, status, restarts, rounds, result } = phase
  const isOfPhase = ({ phaseRunId }: { readonly phaseRunId: string }): boolean => phaseRunId === phase.id
  return {
    name,
    position,
    status,
    restarts,
    rounds,
    result,
    failure: phase.failure,
    attempts: facts.attempts.filter(isOfPhase).map(toAttemptView),
    proposals: facts.proposals.filter(isOfPhase).map((proposal) => toProposalView(proposal, facts.verdicts)),
    startedAt: toTime(phase.startedAt),
    endedAt: toTime(phase.endedAt),
  }
}

function toAttemptView(attempt: Attempt): View<typeof attemptView> {
  const { id, role, agent, runEpoch, status, exit } = attempt
  return {
    id,
    role,
    agent,
    proposal: attempt.proposalId,
    runEpoch,
    status,
    exit: exit === null ? null : { ...exit },
    activeAt: toTime(attempt.activeAt),
    startedAt: toTime(attempt.startedAt),
    endedAt: toTime(attempt.endedAt),
  }
}

function toProposalView(proposal: Proposal, verdicts: readonly Verdict[]): View<typeof proposalView> {
  const { id, round, runEpoch, commit, base, paths, status } = proposal
  return {
    id,
    attempt: proposal.attemptId,
    round,
    runEpoch,
    commit,
    base,
    commits: proposal.commits.map((one) => one.sha),
    paths,
    status,
    verdicts: verdicts
      .filter(({ proposalId }) => proposalId === id)
      .map((one) => ({
        reviewer: one.reviewer,
        status: one.status,
        reasons: one.reasons,
        decidedAt: toTime(one.decidedAt),
      })),
    createdAt: toTime(proposal.createdAt),
    endedAt: toTime(proposal.endedAt),
  }
}

function toContractView(contract: Contract, tasks: readonly ContractTask[]): View<typeof contractView> {
  const { phase, path, digest, head } = contract
  return {
    phase,
    path,
    digest,
    head,
    populatedAt: toTime(contract.populatedAt),
    tasks: tasks
      .toSorted((one, other) => one.position - other.position)
      .map(({ taskId, title, acceptance, dependsOn, status, note, updatedAt }) => ({
        id: taskId,
        title,
        acceptance,
        dependsOn,
        status,
        note,
        updatedAt: toTime(updatedAt),
      })),
  }
}
