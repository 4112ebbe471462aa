// What a stored question is about. The kind says it, so that a question of any age can be read.

import type { Decision } from '../records.ts'
import type { PinNote } from '../sync/pin.ts'
import type {
  AgentFailureDetails,
  AgentQuestionDetails,
  BudgetDetails,
  ConsensusDetails,
  ContractDetails,
  SyncDetails,
} from './details.ts'
import type { DecisionKind, SyncDecisionKind } from './kind.ts'

interface DetailsOf extends Record<SyncDecisionKind, SyncDetails> {
  readonly nudge_budget: BudgetDetails
  readonly empty_contract: ContractDetails
  readonly consensus_stalled: ConsensusDetails
  readonly agent_failed: AgentFailureDetails
  readonly agent_question: AgentQuestionDetails
}

/** A question with the facts that belong to its kind. */
export type Question = {
  readonly [K in DecisionKind]: Decision & { readonly kind: K; readonly details: DetailsOf[K] }
}[DecisionKind]

/** A question of one kind. */
export type QuestionOf<K extends DecisionKind> = Decision & {
  readonly kind: K
  readonly details: DetailsOf[K]
}

/** A question about a sync that could not go on. */
export type SyncQuestion = QuestionOf<SyncDecisionKind>

/** A question about news that the agent is not told any more. */
export type BudgetQuestion = QuestionOf<'nudge_budget'>

/** Returns the question with the facts of its kind: rows are only written that way. */
export function asQuestion(decision: Decision): Question {
  return decision as Question
}

const WITHOUT_SYNC: readonly DecisionKind[] = [
  'nudge_budget',
  'empty_contract',
  'consensus_stalled',
  'agent_failed',
  'agent_question',
]

/** Tells whether a sync asked. */
export function isAboutSync(decision: Decision): decision is SyncQuestion {
  return !WITHOUT_SYNC.includes(decision.kind)
}

/** Tells whether the budget of news asked. */
export function isAboutBudget(decision: Decision): decision is BudgetQuestion {
  return decision.kind === 'nudge_budget'
}

/** Returns the pins that a question names; most name none. */
export function pinsOf(decision: Decision): readonly PinNote[] {
  const question = asQuestion(decision)
  return isAboutSync(question) || question.kind === 'agent_failed' ? question.details.pins : []
}
