// The contract of every question: kind, options, what each answer does, what a push does to it. No code opens a
// decision that is not in this table; docs/decisions.md is generated from it.

import { caseSpec, type SyncCase } from '../sync/case.ts'
import type { DecisionSpec } from './decision-spec.ts'
import type { DecisionKind, SyncDecisionKind } from './kind.ts'
import { ABORT, CLOSE, NEWS_OPTIONS, type DecisionOption } from './option.ts'
import { SYNC_QUESTIONS } from './sync-questions.ts'
import { WORK_QUESTIONS } from './work-questions.ts'

/** Every kind of question Belay can ask. */
export const DECISIONS = {
  ...SYNC_QUESTIONS,
  ...WORK_QUESTIONS,
  nudge_budget: {
    title: 'The agent answered news as often as it may',
    statusWhileOpen: null,
    options: NEWS_OPTIONS,
    optionsOnceEnded: NEWS_OPTIONS,
    resumes: 'A `respond` pipeline with everything that waits; the rounds count from the answer on.',
    onPush:
      'The question is withdrawn. After the push of a person the agent may answer news again; after any other it is asked anew, in the same comment, if news still wait.',
  },
} as const satisfies Record<DecisionKind, DecisionSpec>

/** Returns the context string of a question: what it is about stands after the colon. */
export function decisionContext(
  kind: DecisionKind,
  subject: { readonly phase: string; readonly prNumber: number },
): string {
  const isOfPullRequest = kind === 'branch_gone' || kind === 'nudge_budget'
  return `${kind}:${isOfPullRequest ? subject.prNumber : subject.phase}`
}

export interface OptionFacts {
  readonly case: SyncCase
  readonly isReset: boolean
  readonly concerns: 'pipeline' | 'worktree'
  /** Questions of this kind that were answered with continue before, for the same phase. */
  readonly earlierPauses: number
}

/** So often a person may ask for another sync of the same divergence before the choice is between its two sides. */
const MOST_PAUSES = 3

/**
 * Returns the options a question about a sync is asked with; every other kind is asked with all of its options.
 *
 * When a reset failed there is nothing to continue from: going on would take the half of it that was done for the agent's
 * work. A reset is offered only where everything can be saved first.
 */
export function optionsFor(kind: SyncDecisionKind, facts: OptionFacts): readonly DecisionOption[] {
  const isEnded = facts.concerns === 'worktree'
  if (kind === 'hard_reset_recovery' && !facts.isReset) return [isEnded ? CLOSE : ABORT]
  const all: readonly DecisionOption[] = isEnded ? DECISIONS[kind].optionsOnceEnded : DECISIONS[kind].options
  return all.filter(({ id }) => {
    if (id === 'reset') return caseSpec(facts.case).canReset === true
    return id !== 'continue' || (!isLastPause(kind, facts) && facts.case !== 'reset_failed')
  })
}

function isLastPause(kind: SyncDecisionKind, { earlierPauses }: OptionFacts): boolean {
  return kind === 'divergence_reconcile_unacked' && earlierPauses >= MOST_PAUSES
}

/** Returns the options of an agent's question: its own words, in the order it gave them, and the way out. */
export function choiceOptions(choices: readonly string[]): readonly DecisionOption[] {
  const all: readonly DecisionOption[] = DECISIONS.agent_question.options
  const offered = choices.flatMap((label, position) => {
    const option = all[position]
    return option?.action === 'tell_agent' ? [{ ...option, label }] : []
  })
  return [...offered, ABORT]
}
