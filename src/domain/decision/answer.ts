// What an answer means for a question: whatever a client sends becomes one of its options, or is refused before anything
// is consumed.

import type { Decision } from '../records.ts'
import { normaliseAnswer } from './normalise-answer.ts'
import type { DecisionOption } from './option.ts'

export type AnswerVerdict =
  | { readonly kind: 'valid'; readonly option: DecisionOption }
  /** Not an option: the question stays open and an alert is raised. */
  | { readonly kind: 'not_an_option'; readonly answer: string }
  | { readonly kind: 'already_resolved'; readonly answer: string; readonly by: string }
  | { readonly kind: 'withdrawn'; readonly successorId: string | null; readonly reason: string }

/** The longest answer that is kept or quoted; the seed keeps as much. */
const QUOTED_CHARACTERS = 80

/** Says what an answer means for a decision as it is stored now. */
export function resolveAnswer(decision: Decision, answer: unknown): AnswerVerdict {
  if (decision.status === 'resolved') {
    return { kind: 'already_resolved', answer: decision.answer ?? '', by: decision.answeredBy ?? 'somebody' }
  }
  if (decision.status !== 'pending') {
    return {
      kind: 'withdrawn',
      successorId: decision.successorId,
      reason: decision.cancelReason ?? decision.status,
    }
  }
  const meant = normaliseAnswer(answer)
  const wanted = meant.toLowerCase()
  const option = decision.options.find(
    (o) => o.id.toLowerCase() === wanted || o.label.toLowerCase() === wanted,
  )
  if (option === undefined) return { kind: 'not_an_option', answer: meant.slice(0, QUOTED_CHARACTERS) }
  return { kind: 'valid', option }
}
