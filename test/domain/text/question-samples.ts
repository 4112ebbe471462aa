// Stored questions about the work of a phase, for tests of texts.

import { choiceOptions, decisionContext, DECISIONS } from '../../../src/domain/decision/decision.ts'
import type {
  AgentFailureDetails,
  AgentQuestionDetails,
  ConsensusDetails,
  ContractDetails,
} from '../../../src/domain/decision/details.ts'
import type { DecisionKind, SyncDecisionKind, WorkDecisionKind } from '../../../src/domain/decision/kind.ts'
import type { QuestionOf } from '../../../src/domain/decision/subject.ts'
import { toBranchName } from '../../../src/domain/ids.ts'
import type { Decision } from '../../../src/domain/records.ts'
import { budgetDecision, decision, pinNote, sha } from './samples.ts'

const branch = toBranchName('feature')

function asked<K extends WorkDecisionKind>(
  kind: K,
  details: QuestionOf<K>['details'],
  stored: Partial<Decision>,
): QuestionOf<K> {
  const row = decision()
  const context = decisionContext(kind, row)
  return { ...row, kind, context, options: DECISIONS[kind].options, details, ...stored } as QuestionOf<K>
}

export function contractDecision(
  over: Partial<ContractDetails> = {},
  stored: Partial<Decision> = {},
): QuestionOf<'empty_contract'> {
  const details: ContractDetails = {
    branch,
    gate: 'phase_end',
    path: '.belay/plan.md',
    reason: 'parse_failed',
    faults: [
      { line: 4, message: 'The id `parser` is taken by the task in line 2.' },
      { line: 9, message: 'There is no task `lexer`; did you mean `lexing`?' },
    ],
    ...over,
  }
  return asked('empty_contract', details, { phase: 'plan', ...stored })
}

export function consensusDecision(
  over: Partial<ConsensusDetails> = {},
  stored: Partial<Decision> = {},
): QuestionOf<'consensus_stalled'> {
  const refusal = (reviewer: string, ...reasons: readonly string[]) => ({ reviewer, reasons })
  const details: ConsensusDetails = {
    branch,
    commit: sha('6'),
    rounds: [
      {
        round: 1,
        commit: sha('4'),
        status: 'refused',
        refusals: [refusal('strict', 'There is no test.'), refusal('careful', 'A header can be empty.')],
      },
      { round: 2, commit: sha('5'), status: 'stale', refusals: [] },
      {
        round: 3,
        commit: sha('6'),
        status: 'refused',
        refusals: [refusal('strict', 'The test does not fail without the change.', 'It sleeps.')],
      },
    ],
    ...over,
  }
  return asked('consensus_stalled', details, stored)
}

export function failureDecision(
  over: Partial<AgentFailureDetails> = {},
  stored: Partial<Decision> = {},
): QuestionOf<'agent_failed'> {
  const details: AgentFailureDetails = {
    branch,
    agent: 'claude-code',
    role: 'producer',
    attempts: 3,
    ending: 'The agent ended with exit code 3.',
    pins: [pinNote({ push: 'not_wanted', dirtyPaths: ['notes.txt'] })],
    ...over,
  }
  return asked('agent_failed', details, stored)
}

export function agentDecision(
  over: Partial<AgentQuestionDetails> = {},
  stored: Partial<Decision> = {},
): QuestionOf<'agent_question'> {
  const details: AgentQuestionDetails = {
    branch,
    agent: 'claude-code',
    text: 'The old parser accepts tabs.\n\nShould the new one accept them too?',
    choices: ['Yes, accept tabs', 'No, refuse them'],
    ...over,
  }
  return asked('agent_question', details, { options: choiceOptions(details.choices), ...stored })
}

/** One question of every kind. */
export const ONE_OF_EVERY_KIND: Readonly<Record<DecisionKind, (stored: Partial<Decision>) => Decision>> = {
  hard_reset_recovery: (stored) => ({ ...decision(), ...stored }),
  divergence_reconcile_unacked: about('divergence_reconcile_unacked'),
  sync_blocked: about('sync_blocked'),
  backup_failed: about('backup_failed'),
  branch_gone: about('branch_gone'),
  empty_contract: (stored) => contractDecision({}, stored),
  consensus_stalled: (stored) => consensusDecision({}, stored),
  agent_failed: (stored) => failureDecision({}, stored),
  agent_question: (stored) => agentDecision({}, stored),
  nudge_budget: (stored) => ({ ...budgetDecision(), ...stored }),
}

function about(kind: SyncDecisionKind): (stored: Partial<Decision>) => Decision {
  return (stored) => ({ ...decision({}, kind), ...stored })
}
