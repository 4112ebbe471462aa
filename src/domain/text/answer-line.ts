// The one spelling of an answer that people are shown to copy. Knows the grammar, not who may answer.

import { verbOfOption } from '../command/grammar.ts'
import { renderCommand } from '../command/render-command.ts'
import type { Decision } from '../records.ts'

/** Returns the line that answers a question with an option; it always names the question, so it can not hit another. */
export function answerLine(optionId: string, decisionId: string): string {
  const verb = verbOfOption(optionId)
  if (verb === 'continue' || verb === 'abort')
    return renderCommand({ verb, decision: decisionId, bare: true })
  if (verb === 'rescue') return renderCommand({ verb, backup: decisionId, dirty: false })
  return renderCommand({ verb: 'answer', option: optionId, decision: decisionId })
}

/** Returns one line for each option of a question, in its order. */
export function answerLines(decision: Pick<Decision, 'id' | 'options'>): readonly string[] {
  return decision.options.map((option) => answerLine(option.id, decision.id))
}
