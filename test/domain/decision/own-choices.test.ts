// The agent's own words as answers: every form a client can send means exactly the choice it names, and no label can be
// taken for another option.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveAnswer } from '../../../src/domain/decision/answer.ts'
import { normaliseAnswer } from '../../../src/domain/decision/normalise-answer.ts'
import { choiceOptions, DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { DecisionSpec } from '../../../src/domain/decision/decision-spec.ts'
import type { DecisionOption } from '../../../src/domain/decision/option.ts'
import type { Decision } from '../../../src/domain/records.ts'
import { readChoices } from '../../../src/domain/session/door-choices.ts'
import { PENDING } from './pending-decision.ts'

const NAMES = Object.values(DECISIONS as Readonly<Record<string, DecisionSpec>>).flatMap(({ options }) =>
  options.flatMap(({ id, label }) => [id, label]),
)

/** Labels as agents write them, and as one would who wants to be taken for something else. */
const label = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 70 }),
  fc.constantFrom(...NAMES),
  fc.constantFrom(...NAMES).map((name) => name.toUpperCase()),
  fc.constantFrom(...NAMES).map((name) => ` \t${name}\u00a0`),
  fc.constantFrom(...NAMES).map((selected) => JSON.stringify({ action: 'select', selected })),
  fc.constantFrom('{', '{}', '{"action":"select"}', 'null', '__proto__', 'A', 'ı', 'İ', 'ﬀ'),
)

const labels = fc.array(label, { minLength: 0, maxLength: 4 })

/** Every form of one answer; an id as a person types it, too. */
function formsOf({ id, label: words }: DecisionOption): readonly unknown[] {
  return [id, words].flatMap((selected) => {
    const envelope = { action: 'select', selected }
    return [selected, ` ${selected}\n`, ...shouted(selected), envelope, JSON.stringify(envelope)]
  })
}

/** Some letters do not come back from upper case: such a spelling is another word. */
function shouted(text: string): readonly string[] {
  const loud = text.toUpperCase()
  return loud.toLowerCase() === text.toLowerCase() ? [loud] : []
}

function asked(options: readonly DecisionOption[]): Decision {
  return { ...PENDING, kind: 'agent_question', options }
}

describe('an agent question', () => {
  it('is answered with an id, a label or an envelope, and each means exactly its own choice', () => {
    let fit = 0
    fc.assert(
      fc.property(labels, (given) => {
        const read = readChoices(given)
        if (read.kind !== 'choices') return
        fit += 1
        const question = asked(choiceOptions(read.choices))
        expect(question.options.map(({ label: words }) => words)).toEqual([...read.choices, 'Abort pipeline'])
        for (const option of question.options)
          for (const form of formsOf(option))
            expect({ form, verdict: resolveAnswer(question, form) }).toEqual({
              form,
              verdict: { kind: 'valid', option },
            })
      }),
      { numRuns: 500 },
    )
    // Otherwise the property would say nothing.
    expect(fit).toBeGreaterThan(100)
  })

  it('offers no choice that an envelope would turn into another option', () => {
    for (const selected of ['a', 'b', 'c', 'abort', 'Abort pipeline', 'ABORT']) {
      const disguised = JSON.stringify({ action: 'select', selected })
      expect({ disguised, kind: readChoices([disguised, 'Other']).kind }).toEqual({
        disguised,
        kind: 'unfit',
      })
    }
  })

  it.each(['a', 'B', 'c', 'abort', 'ABORT', 'Abort pipeline', 'choice a', ' abort '])(
    'offers no choice that reads as another option: %j',
    (word) =>
      expect(readChoices([word, 'Other'])).toMatchObject({ kind: 'unfit', fault: { kind: 'reserved' } }),
  )

  it('takes a choice that was not offered for no option', () => {
    const question = asked(choiceOptions(['Bowline']))
    for (const answer of ['b', 'c', 'Choice b', { action: 'select', selected: 'b' }])
      expect(resolveAnswer(question, answer).kind).toBe('not_an_option')
  })
})

describe('every row of the table', () => {
  const rows = Object.entries(DECISIONS as Readonly<Record<string, DecisionSpec>>).flatMap(([kind, spec]) =>
    [spec.options, spec.optionsOnceEnded].map((options) => ({ kind, options })),
  )

  it.each(rows)('$kind: ids and labels are each the name of one option', ({ options }) => {
    const names = options.flatMap(({ id, label: words }) =>
      new Set([id.toLowerCase(), words.toLowerCase()]).size === 1 ? [id] : [id, words],
    )
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    for (const option of options)
      for (const form of formsOf(option))
        expect(resolveAnswer({ ...PENDING, options }, form)).toEqual({ kind: 'valid', option })
  })

  it('takes nothing else for an answer, whatever arrives', () => {
    const other = fc.oneof(
      fc.anything(),
      fc.constantFrom(...NAMES),
      fc.record({ action: fc.constant('select'), selected: fc.anything() }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...rows), other, ({ options }, answer) => {
        const verdict = resolveAnswer({ ...PENDING, options }, answer)
        const meant = normaliseAnswer(answer).toLowerCase()
        const named = options.find(({ id, label: words }) => [id, words.toLowerCase()].includes(meant))
        expect(verdict).toMatchObject(
          named === undefined ? { kind: 'not_an_option' } : { kind: 'valid', option: named },
        )
      }),
      { numRuns: 500 },
    )
  })
})
