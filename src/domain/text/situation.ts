// What people see of a session, derived from stored facts by one function; status comment and check run share it.

import { assertNever } from '../assert-never.ts'
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
  const running = facts.attempts.findLast(
    (attempt) => attempt.status === 'starting' || attempt.status === 'running',
  )
  if (running === undefined) return { kind: 'between_steps', phase: pipeline.currentPhase }
  const siblings = facts.attempts.filter((attempt) => attempt.phaseRunId === running.phaseRunId)
  return {
    kind: 'agent_working',
    phase: facts.phases.find((phase) => phase.id === running.phaseRunId)?.name ?? pipeline.currentPhase,
    attempt: siblings.indexOf(running) + 1,
    since: running.startedAt,
  }
}
