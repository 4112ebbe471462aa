// What a question is about and what state things are in now, for every kind. Knows no layout.

import { assertNever } from '../assert-never.ts'
import { asQuestion } from '../decision/subject.ts'
import type { Decision } from '../records.ts'
import { agentFailureFacts, howTheAgentEnded } from './question-agent-failure.ts'
import { agentQuestionFacts, whatTheAgentAsks } from './question-agent.ts'
import { budgetFacts, whyBudgetIsUsedUp } from './question-budget.ts'
import { consensusFacts, whyThereIsNoConsensus } from './question-consensus.ts'
import { contractFacts, whyThereAreNoTasks } from './question-contract.ts'
import { syncFacts } from './question-sync-facts.ts'
import { whySyncStopped } from './question-sync-words.ts'

/** Returns what happened and what state things are in now. */
export function whatHappened(decision: Decision): string {
  const question = asQuestion(decision)
  switch (question.kind) {
    case 'hard_reset_recovery':
    case 'divergence_reconcile_unacked':
    case 'sync_blocked':
    case 'backup_failed':
    case 'branch_gone':
      return whySyncStopped(question)
    case 'empty_contract':
      return whyThereAreNoTasks(question)
    case 'consensus_stalled':
      return whyThereIsNoConsensus(question)
    case 'agent_failed':
      return howTheAgentEnded(question)
    case 'agent_question':
      return whatTheAgentAsks(question)
    case 'nudge_budget':
      return whyBudgetIsUsedUp(question)
    default:
      return assertNever(question)
  }
}

/** Returns tables and lists of what a person needs to decide. */
export function questionFacts(decision: Decision): string {
  const question = asQuestion(decision)
  switch (question.kind) {
    case 'hard_reset_recovery':
    case 'divergence_reconcile_unacked':
    case 'sync_blocked':
    case 'backup_failed':
    case 'branch_gone':
      return syncFacts(question)
    case 'empty_contract':
      return contractFacts(question)
    case 'consensus_stalled':
      return consensusFacts(question)
    case 'agent_failed':
      return agentFailureFacts(question)
    case 'agent_question':
      return agentQuestionFacts(question)
    case 'nudge_budget':
      return budgetFacts(question)
    default:
      return assertNever(question)
  }
}
