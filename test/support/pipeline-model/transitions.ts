// Every change of a status that was written, held against the tables of transitions: which event it must have been, and
// which events were seen in the end.

import {
  ATTEMPT_TRANSITIONS,
  PHASE_TRANSITIONS,
  PIPELINE_TRANSITIONS,
} from '../../../src/domain/pipeline/transitions.ts'
import type { Job } from '../../../src/domain/changes.ts'

type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

const TABLES: Readonly<Record<string, Table>> = {
  pipeline: PIPELINE_TRANSITIONS,
  phase: PHASE_TRANSITIONS,
  attempt: ATTEMPT_TRANSITIONS,
}

/** A change of a status as the database noted it; `was` is null for a new row. */
export interface Move {
  readonly no: number
  readonly machine: string
  readonly id: string
  readonly was: string | null
  readonly now: string
  readonly epochWas: number | null
  readonly epochNow: number | null
}

/** Returns every pair of the tables that leads somewhere, as `machine state event`. */
export function allTransitions(): readonly string[] {
  return Object.entries(TABLES).flatMap(([machine, table]) =>
    Object.entries(table).flatMap(([state, row]) =>
      Object.entries(row)
        .filter(([, outcome]) => outcome !== 'ignored' && outcome !== 'refused')
        .map(([event]) => `${machine} ${state} ${event}`),
    ),
  )
}

/** What is known of the transaction a move was part of. */
export interface MoveContext {
  readonly job: Job['kind'] | null
  /** Whether a question was opened in it. */
  readonly asks: boolean
}

/** Returns the pair of the table that a move was, or null when no event of the table leads there. */
export function transitionOf({ machine, was, now }: Move, context: MoveContext): string | null {
  const row = TABLES[machine]?.[was ?? '']
  if (row === undefined) return null
  const possible = Object.entries(row).flatMap(([event, outcome]) => (outcome === now ? [event] : []))
  const [first] = possible
  const event = possible.find((each) => fits(each, context)) ?? (possible.length === 1 ? first : undefined)
  return event === undefined ? null : `${machine} ${was} ${event}`
}

const BY_ANSWER: readonly (Job['kind'] | null)[] = ['act_on_answer', 'cancel_decision', 'attend_decision']

function fits(event: string, { job, asks }: MoveContext): boolean {
  switch (event) {
    case 'gave_up':
      return !asks
    case 'asked_failed':
    case 'asked_paused':
      return asks
    case 'aborted':
      return BY_ANSWER.includes(job)
    case 'session_ended':
      return !BY_ANSWER.includes(job)
    case 'resumed':
      return job === 'act_on_answer'
    case 'started':
      return job === 'start_phase'
    case 'restarted':
      return job === 'restart_phase' || job === 'act_on_answer'
    default:
      return true
  }
}
