// The answers an agent offers with its question: how many, how long, and that no two of them can be taken for each other.

import { normaliseAnswer } from '../decision/normalise-answer.ts'
import { ABORT, CHOICES } from '../decision/option.ts'
import { redactSecrets } from '../redact-secrets.ts'
import { oneLine } from '../text/markdown.ts'

/** What an agent's question can be answered with when it offers nothing. */
const PLAIN_CHOICES: readonly string[] = ['Yes', 'No']

/** As many as the question has options for. */
export const MOST_CHOICES = CHOICES.length

/** In characters. */
export const LONGEST_CHOICE = 60

/** What is wrong with the answers an agent offers. */
export type ChoiceFault =
  | { readonly kind: 'too_many'; readonly given: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too_long'; readonly label: string; readonly length: number }
  /** Two of them read the same. */
  | { readonly kind: 'twice'; readonly label: string }
  /** The question has an answer of that name by itself. */
  | { readonly kind: 'reserved'; readonly label: string }

export type ReadChoices =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'unfit'; readonly fault: ChoiceFault }

/** Answers are understood by id as well as by label, whatever the case. */
const RESERVED = new Set([...CHOICES, ABORT].flatMap(({ id, label }) => [id, label.toLowerCase()]))

/** Returns the labels as they are stored, one line each and without secrets; none given stand for yes and no. */
export function readChoices(labels: readonly string[]): ReadChoices {
  if (labels.length === 0) return { kind: 'choices', choices: PLAIN_CHOICES }
  if (labels.length > MOST_CHOICES) return unfit({ kind: 'too_many', given: labels.length })
  const choices = labels.map((label) => oneLine(redactSecrets(label)))
  const seen = new Set<string>()
  for (const label of choices) {
    const name = label.toLowerCase()
    const { length } = Array.from(label)
    if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(label.replaceAll('\ufffd', ''))) return unfit({ kind: 'empty' })
    if (length > LONGEST_CHOICE) return unfit({ kind: 'too_long', label, length })
    // Written as an envelope it would be taken for the answer that the envelope names.
    if (RESERVED.has(name) || normaliseAnswer(label) !== label) return unfit({ kind: 'reserved', label })
    if (seen.has(name)) return unfit({ kind: 'twice', label })
    seen.add(name)
  }
  return { kind: 'choices', choices }
}

function unfit(fault: ChoiceFault): ReadChoices {
  return { kind: 'unfit', fault }
}
