// What people see of a session, derived from stored facts by one function; status comment and check run share it.

import { assertNever } from '../assert-never.ts'
import type { Proposal, Verdict } from '../pipeline/records.ts'
import type { Attempt, Decision, Failure, PhaseRun, Pipeline, Session } from '../records.ts'

/** The rows a situation is read from. */
export interface SituationFacts {
  readonly session: Session
  /** The newest pipeline; null while the session is being made. */
  readonly pipeline: Pipeline | null
  /** Its phases, in their order. */
  readonly phases: readonly PhaseRun[]
  /** Its attempts, oldest first. */
  readonly attempts: readonly Attempt[]
  /** What was proposed to the reviewers of the pipeline's phases, oldest first. */
  readonly proposals: readonly Proposal[]
  /** What the reviewers said, or have still to say. */
  readonly verdicts: readonly Verdict[]
  /** The open question. */
  readonly openDecision: Decision | null
}

export type Situation =
  /** Repositories and worktree are being made. */
  | { readonly kind: 'preparing' }
  /** Somebody has to answer. */
  | { readonly kind: 'question_open'; readonly decision: Decision }
  /** An agent is at work. */
  | {
      readonly kind: 'agent_working'
      readonly phase: string
      readonly attempt: number
      readonly since: number
    }
  /** Reviewers look at a commit of the agent. */
  | {
      readonly kind: 'reviewing'
      readonly phase: string
      /** From 1. */
      readonly round: number
      /** The reviewers that have not spoken yet. */
      readonly waitsFor: readonly string[]
    }
  /** Between two attempts or phases: syncing, committing, pushing. */
  | { readonly kind: 'between_steps'; readonly phase: string }
  | { readonly kind: 'finished'; readonly changed: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure | null; readonly phase: string }
  | { readonly kind: 'cancelled'; readonly failure: Failure | null }
  /** Ended by `/belay stop`; everything is kept. */
  | { readonly kind: 'stopped' }
  /** Over, with the pull request or before it began. */
  | { readonly kind: 'closed'; readonly failure: Failure | null }

/** Returns the one thing that is true of a session now. An open question outranks everything else. */
export function readSituation(facts: SituationFacts): Situation {
  if (facts.openDecision !== null) return { kind: 'question_open', decision: facts.openDecision }
  const failure = facts.pipeline?.failure ?? null
  switch (facts.session.state) {
    case 'stopped':
      return { kind: 'stopped' }
    case 'closed':
      return { kind: 'closed', failure }
    case 'spawning':
    case 'live':
      return facts.pipeline === null ? { kind: 'preparing' } : readPipeline(facts.pipeline, facts)
    default:
      return assertNever(facts.session.state)
  }
}

function readPipeline(pipeline: Pipeline, facts: SituationFacts): Situation {
  switch (pipeline.status) {
    case 'pending':
      return { kind: 'preparing' }
    case 'running':
    case 'awaiting_human':
      return readWork(pipeline, facts)
    case 'complete':
      return { kind: 'finished', changed: facts.phases.some((phase) => phase.result === 'changed') }
    case 'failed':
      return { kind: 'failed', failure: pipeline.failure, phase: pipeline.currentPhase }
    case 'cancelled':
      return { kind: 'cancelled', failure: pipeline.failure }
    default:
      return assertNever(pipeline.status)
  }
}

function readWork(pipeline: Pipeline, facts: SituationFacts): Situation {
  const producers = facts.attempts.filter(({ role }) => role === 'producer')
  const running = producers.findLast(isRunning)
  if (running === undefined) {
    const proposal = underReview(pipeline, facts)
    return proposal === undefined
      ? { kind: 'between_steps', phase: pipeline.currentPhase }
      : readReview(proposal, pipeline, facts)
  }
  const siblings = producers.filter((attempt) => attempt.phaseRunId === running.phaseRunId)
  return {
    kind: 'agent_working',
    phase: phaseName(running, pipeline, facts),
    attempt: siblings.indexOf(running) + 1,
    since: running.startedAt,
  }
}

/** Tells whether an attempt has no end yet. */
export function isRunning({ status }: Pick<Attempt, 'status'>): boolean {
  return status === 'starting' || status === 'running'
}

function underReview(pipeline: Pipeline, { proposals, attempts }: SituationFacts): Proposal | undefined {
  const looked = attempts.findLast((attempt) => attempt.role === 'reviewer' && isRunning(attempt))
  return (
    proposals.findLast(({ status, pipelineId }) => status === 'open' && pipelineId === pipeline.id) ??
    proposals.find(({ id }) => id === looked?.proposalId)
  )
}

function readReview(proposal: Proposal, pipeline: Pipeline, facts: SituationFacts): Situation {
  const pending = facts.verdicts.filter(
    ({ proposalId, status }) => proposalId === proposal.id && status === 'pending',
  )
  return {
    kind: 'reviewing',
    phase: phaseName(proposal, pipeline, facts),
    round: proposal.round,
    waitsFor: pending.map(({ reviewer }) => reviewer),
  }
}

function phaseName(
  { phaseRunId }: Pick<Attempt, 'phaseRunId'>,
  { currentPhase }: Pipeline,
  { phases }: SituationFacts,
): string {
  return phases.find((phase) => phase.id === phaseRunId)?.name ?? currentPhase
}
