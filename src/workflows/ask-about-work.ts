// How the work of a phase becomes a question: the plan, the reviewers, the agent. The changes are one transaction: state,
// question and the announcement's job together, as for a sync that could not go on.

import { demand, insert, type Change } from '../domain/changes.ts'
import { choiceOptions, DECISIONS } from '../domain/decision/decision.ts'
import type { WorkDecisionKind } from '../domain/decision/kind.ts'
import type { DecisionOption } from '../domain/decision/option.ts'
import type { QuestionOf } from '../domain/decision/subject.ts'
import type { Sha } from '../domain/ids.ts'
import type { PhaseRun, Pipeline } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { announceSoon, newDecision, stopForQuestion } from './new-decision.ts'
import { listRunningAttempts, type SessionContext } from './queries.ts'

export interface WorkQuestion<K extends WorkDecisionKind> {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly phase: PhaseRun
  readonly kind: K
  readonly details: QuestionOf<K>['details']
  /** One sentence for whoever reads why the pipeline does not run. */
  readonly detail: string
  readonly headSha: Sha
}

/**
 * Returns the changes that ask.
 *
 * Reviewers that still run are told to stop before they are committed: nothing runs beside a question, and telling them
 * again after a crash is harmless.
 */
export async function askAboutWork<K extends WorkDecisionKind>(
  deps: Deps,
  question: WorkQuestion<K>,
): Promise<readonly Change[]> {
  const { context, pipeline, phase, kind, details, detail, headSha } = question
  const { id: sessionId } = context.session
  for (const { id: attemptId } of await listRunningAttempts(deps.store, sessionId))
    await deps.runner.stopAttempt({ sessionId, attemptId })
  const decision = newDecision<K>(deps, {
    context,
    pipeline,
    kind,
    concerns: 'pipeline',
    options: optionsOf(kind, details),
    details,
    headSha,
  })
  return [
    demand({ kind: 'no_open_decision', sessionId }),
    ...stopForQuestion(deps, { pipeline, phase, failure: { code: kind, detail } }),
    insert('decisions', decision),
    announceSoon(deps, context, decision),
  ]
}

function optionsOf(
  kind: WorkDecisionKind,
  details: QuestionOf<WorkDecisionKind>['details'],
): readonly DecisionOption[] {
  return kind === 'agent_question' && 'choices' in details
    ? choiceOptions(details.choices)
    : DECISIONS[kind].options
}
