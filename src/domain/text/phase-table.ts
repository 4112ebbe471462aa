// The table of phases in the status comment: status, attempts, and how the last attempt ended.

import { assertNever } from '../assert-never.ts'
import type { AgentExit } from '../session/attempt.ts'
import type { Attempt, PhaseRun, RunStatus } from '../records.ts'
import type { Proposal } from '../pipeline/records.ts'
import { clip, codeCell, escapeText, table } from './markdown.ts'
import { formatDuration } from './moment.ts'

/** The rows the table is made from. */
export interface PhaseTableFacts {
  readonly phases: readonly PhaseRun[]
  readonly attempts: readonly Attempt[]
  /** Proposals of any of the phases, oldest first. */
  readonly proposals: readonly Proposal[]
}

const STATUS: Readonly<Record<RunStatus, string>> = {
  pending: 'waiting for its turn',
  running: 'running',
  awaiting_human: 'waits for an answer',
  complete: 'complete',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** Returns one row a phase, in their order. */
export function phaseTable(facts: PhaseTableFacts): string {
  const rows = facts.phases
    .toSorted((a, b) => a.position - b.position)
    .map((phase) => {
      const attempts = facts.attempts.filter(
        ({ phaseRunId, role }) => phaseRunId === phase.id && role === 'producer',
      )
      return [
        codeCell(phase.name),
        statusCell(phase, facts.proposals),
        String(attempts.length),
        lastAttempt(attempts.at(-1)),
      ]
    })
  return table(['Phase', 'Status', 'Attempts', 'Last attempt'], rows)
}

function statusCell(phase: PhaseRun, proposals: readonly Proposal[]): string {
  const words = STATUS[phase.status]
  if (phase.status === 'complete' && phase.result === 'no_changes') return `${words}, no changes`
  return reviewWords(phase, proposals) ?? words
}

/** The status with what the reviews of the phase came to; null for a phase without reviews. */
function reviewWords({ id, status, rounds }: PhaseRun, proposals: readonly Proposal[]): string | null {
  const last = proposals.findLast(({ phaseRunId }) => phaseRunId === id)
  // A phase that was started anew has made no proposal yet, and those of before do not count.
  if (last === undefined || rounds === 0) return null
  switch (last.status) {
    case 'open':
      return status === 'running' ? `in review, round ${last.round}` : null
    case 'refused':
      return `${STATUS[status]}, refused in round ${last.round}`
    case 'accepted':
      return `${STATUS[status]}, accepted in round ${last.round}`
    case 'overruled':
      return `${STATUS[status]}, accepted by a person`
    case 'stale':
      return null
    default:
      return assertNever(last.status)
  }
}

function lastAttempt(attempt: Attempt | undefined): string {
  if (attempt === undefined) return ''
  if (attempt.exit === null) return attempt.endedAt === null ? 'under way' : 'ended'
  const took = attempt.endedAt === null ? '' : ` after ${formatDuration(attempt.endedAt - attempt.startedAt)}`
  return `${exitCell(attempt.exit)}${took}`
}

/** The short form for a cell; `exitWords` has the sentence. */
function exitCell(exit: AgentExit): string {
  switch (exit.kind) {
    case 'exited':
      return exit.code === 0 ? 'ended well' : `ended with exit code ${exit.code}`
    case 'signalled':
      return `killed by ${escapeText(clip(exit.signal, 20))}`
    case 'timed_out':
      return `stopped at its time limit of ${formatDuration(exit.afterMs)}`
    case 'silent':
      return `ended after ${formatDuration(exit.afterMs)} without a sign of life`
    case 'stopped':
      return 'stopped'
    case 'spawn_failed':
      return `could not be started: ${escapeText(clip(exit.reason, 200))}`
    case 'lost':
      return 'lost with its runner'
    default:
      return assertNever(exit)
  }
}
