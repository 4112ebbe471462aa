// How a pipeline, a phase or an attempt gets another status: by an event, through the table of transitions. Nothing else
// writes a status.

import { update, type Change } from '../domain/changes.ts'
import { AppError } from '../domain/errors/app-error.ts'
import {
  ATTEMPT_TRANSITIONS,
  PHASE_TRANSITIONS,
  PIPELINE_TRANSITIONS,
  type AttemptEvent,
  type Outcome,
  type PhaseEvent,
  type PipelineEvent,
} from '../domain/pipeline/transitions.ts'
import type { Attempt, PhaseRun, Pipeline } from '../domain/records.ts'

/**
 * Returns the change that moves a pipeline; none when the event changes nothing there.
 *
 * The transaction is refused when the pipeline moved on meanwhile: status and run epoch must be those of the given row.
 */
export function movePipeline(
  { id, status, runEpoch }: Pipeline,
  event: PipelineEvent,
  set: Partial<Omit<Pipeline, 'id' | 'status'>> = {},
): readonly Change[] {
  const to = next(PIPELINE_TRANSITIONS[status][event], { what: 'pipeline', id, status, event })
  if (to === null) return []
  return [update('pipelines', { where: { id }, set: { ...set, status: to }, expect: { runEpoch, status } })]
}

/** Returns the change that moves a phase; none when the event changes nothing there. */
export function movePhase(
  { id, status }: PhaseRun,
  event: PhaseEvent,
  set: Partial<Omit<PhaseRun, 'id' | 'status'>> = {},
): readonly Change[] {
  const to = next(PHASE_TRANSITIONS[status][event], { what: 'phase', id, status, event })
  if (to === null) return []
  return [update('phaseRuns', { where: { id }, set: { ...set, status: to }, expect: { status } })]
}

/** Returns the change that moves an attempt; none when the event changes nothing there. */
export function moveAttempt(
  { id, status }: Attempt,
  event: AttemptEvent,
  set: Partial<Omit<Attempt, 'id' | 'status'>> = {},
): readonly Change[] {
  const to = next(ATTEMPT_TRANSITIONS[status][event], { what: 'attempt', id, status, event })
  if (to === null) return []
  return [update('attempts', { where: { id }, set: { ...set, status: to }, expect: { status } })]
}

interface Move {
  readonly what: string
  readonly id: string
  readonly status: string
  readonly event: string
}

/** Whoever may be refused is asked before; here it would be a mistake in the program. */
function next<S extends string>(outcome: Outcome<S>, { what, id, status, event }: Move): S | null {
  if (outcome === 'refused') {
    const cause = new Error(`The ${what} ${id} is ${status} and refuses ${event}`)
    throw new AppError('INTERNAL_ERROR', {}, { cause })
  }
  return outcome === 'ignored' ? null : outcome
}
