// Honest details for a planted question of every kind: what its row in the table of decisions would be asked from.

import { choiceOptions, DECISIONS, optionsFor } from '../../../src/domain/decision/decision.ts'
import type { SyncDetails } from '../../../src/domain/decision/details.ts'
import type { DecisionKind, SyncDecisionKind } from '../../../src/domain/decision/kind.ts'
import type { DecisionOption } from '../../../src/domain/decision/option.ts'
import type { Question } from '../../../src/domain/decision/subject.ts'
import type { BranchName, Sha } from '../../../src/domain/ids.ts'
import type { Decision } from '../../../src/domain/records.ts'
import type { PinNote } from '../../../src/domain/sync/pin.ts'

/** What a question is asked about. */
export interface Subject {
  readonly branch: BranchName
  readonly head: Sha
  readonly agent: string
  readonly pins: readonly PinNote[]
  readonly concerns: Decision['concerns']
}

/** The labels of a planted question of the agent. */
const OWN_CHOICES = ['Bowline', 'Figure eight', 'Clove hitch'] as const

/** A case that opens the kind, and with which every option of its row is offered. */
const CASES: Readonly<Record<SyncDecisionKind, SyncDetails['case']>> = {
  hard_reset_recovery: 'divergence_recovered_via_reset',
  divergence_reconcile_unacked: 'divergence_unreconciled',
  sync_blocked: 'detached_head',
  backup_failed: 'backup_failed',
  branch_gone: 'remote_deleted',
}

type Asked<K extends DecisionKind> = Pick<Extract<Question, { readonly kind: K }>, 'details'> & {
  readonly options: readonly DecisionOption[]
}

/** Returns options and details as the question would be asked with. */
export function askedOf(kind: DecisionKind, subject: Subject): Asked<DecisionKind> {
  const { branch, head, agent, pins } = subject
  switch (kind) {
    case 'empty_contract': {
      const details = {
        branch,
        gate: 'phase_end',
        path: '.belay/plan.md',
        reason: 'empty_result',
        faults: [],
      } as const
      return { details, options: DECISIONS[kind].options }
    }
    case 'consensus_stalled': {
      const refusals = [{ reviewer: 'critic', reasons: ['No test covers it.'] }]
      const rounds = [1, 2, 3].map((round) => ({ round, commit: head, status: 'refused', refusals }) as const)
      return { details: { branch, commit: head, rounds }, options: DECISIONS[kind].options }
    }
    case 'agent_failed': {
      const ending = 'The agent ended with exit code 7.'
      const details = { branch, agent, role: 'producer', attempts: 3, ending, pins } as const
      return { details, options: DECISIONS[kind].options }
    }
    case 'agent_question':
      return {
        details: { branch, agent, text: 'Which knot?', choices: OWN_CHOICES },
        options: choiceOptions(OWN_CHOICES),
      }
    case 'nudge_budget': {
      const details = { branch, rounds: 3, waiting: { checks: 0, reviews: 1, conflicts: 0 } }
      return { details, options: DECISIONS[kind].options }
    }
    default: {
      const details = syncDetails(CASES[kind], subject)
      return { details, options: optionsFor(kind, { ...details, concerns: subject.concerns }) }
    }
  }
}

function syncDetails(name: SyncDetails['case'], { branch, head, pins }: Subject): SyncDetails {
  return {
    case: name,
    moment: 'phase_start',
    branch,
    localHead: head,
    remoteHead: head,
    mergeBase: head,
    discarded: [],
    remoteCommits: [],
    conflictingPaths: [],
    obstacle: null,
    pins,
    earlierPauses: 0,
    isReset: name === 'divergence_recovered_via_reset',
    pushRefusal: null,
    note: '',
  }
}
