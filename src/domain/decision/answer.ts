// The one normaliser of answers: whatever a client sends becomes an option of the question, or is refused before
// anything is consumed.

import type { Decision } from '../records.ts'
import type { DecisionOption } from './option.ts'

export type AnswerVerdict =
  | { readonly kind: 'valid'; readonly option: DecisionOption }
  /** Not an option: the question stays open and an alert is raised. */
  | { readonly kind: 'not_an_option'; readonly answer: string }
  | { readonly kind: 'already_resolved'; readonly answer: string; readonly by: string }
  | { readonly kind: 'withdrawn'; readonly successorId: string | null; readonly reason: string }

/** The longest answer that is kept or quoted; the seed keeps as much. */
const QUOTED_CHARACTERS = 80

/**
 * Returns the text that was meant, from an option id, a label, or the envelope `{"action":"select","selected":…}`,
 * which may arrive as an object or as JSON text.
 */
export function normaliseAnswer(answer: unknown): string {
  if (typeof answer === 'string') {
    const text = answer.trim()
    const envelope = text.startsWith('{') ? parseEnvelope(text) : null
    return envelope ?? text
  }
  return selectedOf(answer) ?? ''
}

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

function parseEnvelope(text: string): string | null {
  try {
    return selectedOf(JSON.parse(text))
  } catch {
    // Not JSON: then it is an ordinary text that happens to begin with a brace.
    return null
  }
}

function selectedOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('action' in value) || value.action !== 'select') return null
  return 'selected' in value && typeof value.selected === 'string' ? value.selected.trim() : null
}
