// Every answer there is to a question, walked from the table of decisions itself: a new kind or option is a new row here.

import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { DecisionSpec } from '../../../src/domain/decision/decision-spec.ts'
import type { DecisionKind } from '../../../src/domain/decision/kind.ts'
import type { DecisionOption } from '../../../src/domain/decision/option.ts'
import type { Decision } from '../../../src/domain/records.ts'

/** One option of one kind, while its pipeline waits or when it had ended before. */
export interface QuestionRow {
  /** `<kind>, <concerns>: <option>`. */
  readonly name: string
  readonly kind: DecisionKind
  readonly concerns: Decision['concerns']
  readonly option: DecisionOption
}

/** Every row, in the order of the table. */
export const QUESTION_ROWS: readonly QuestionRow[] = kinds().flatMap((kind) => {
  const spec: DecisionSpec = DECISIONS[kind]
  // What is asked between two pipelines stops none: its options are the same list twice.
  const waiting = spec.statusWhileOpen === null ? [] : rowsOf(kind, 'pipeline', spec.options)
  return [...waiting, ...rowsOf(kind, 'worktree', spec.optionsOnceEnded)]
})

function kinds(): readonly DecisionKind[] {
  return Object.keys(DECISIONS) as DecisionKind[]
}

function rowsOf(
  kind: DecisionKind,
  concerns: Decision['concerns'],
  options: readonly DecisionOption[],
): readonly QuestionRow[] {
  return options.map((option) => ({ name: `${kind}, ${concerns}: ${option.id}`, kind, concerns, option }))
}
