import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveAnswer } from '../../../src/domain/decision/answer.ts'
import { normaliseAnswer } from '../../../src/domain/decision/normalise-answer.ts'
import { optionsFor } from '../../../src/domain/decision/decision.ts'
import { PENDING } from './pending-decision.ts'

/** One answer in every form a client was ever seen to send. */
const SAME_ANSWER: readonly unknown[] = [
  'continue',
  ' Continue\n',
  'Continue with post-reset state',
  { action: 'select', selected: 'continue' },
  { action: 'select', selected: 'Continue with post-reset state' },
  '{"action":"select","selected":"continue"}',
]

describe('resolveAnswer', () => {
  it.each(SAME_ANSWER)('gives one verdict for every form of the same answer: %j', (answer) => {
    expect(resolveAnswer(PENDING, answer)).toMatchObject({ kind: 'valid', option: { id: 'continue' } })
  })

  it.each([
    '',
    'yes',
    'continue please',
    '{"action":"approve"}',
    { action: 'approve', selected: 'continue' },
    { selected: 'continue' },
    null,
    undefined,
    7,
    ['continue'],
    '{',
  ])('refuses what is no option and leaves the question open: %j', (answer) => {
    expect(resolveAnswer(PENDING, answer).kind).toBe('not_an_option')
  })

  it('takes nothing but abort when the reset failed as well', () => {
    const doublyFailed = {
      ...PENDING,
      options: optionsFor('hard_reset_recovery', {
        case: 'divergence_rebase_and_reset_failed',
        isReset: false,
        concerns: 'pipeline',
        earlierPauses: 0,
      }),
    }
    expect(resolveAnswer(doublyFailed, 'continue').kind).toBe('not_an_option')
    expect(resolveAnswer(doublyFailed, 'abort').kind).toBe('valid')
  })

  it('says who was first when the question is answered already, even to the same answer', () => {
    const resolved = { ...PENDING, status: 'resolved', answer: 'abort', answeredBy: 'alice' } as const
    expect(resolveAnswer(resolved, 'abort')).toEqual({
      kind: 'already_resolved',
      answer: 'abort',
      by: 'alice',
    })
  })

  it('names the successor of a withdrawn question', () => {
    const withdrawn = {
      ...PENDING,
      status: 'cancelled',
      cancelReason: 'superseded',
      successorId: 'p3xx9a',
    } as const
    expect(resolveAnswer(withdrawn, 'continue')).toEqual({
      kind: 'withdrawn',
      reason: 'superseded',
      successorId: 'p3xx9a',
    })
  })

  it('quotes no more than eighty characters of an answer that is no option', () => {
    const verdict = resolveAnswer(PENDING, 'x'.repeat(5000))
    expect(verdict.kind === 'not_an_option' && verdict.answer.length).toBe(80)
  })

  it('accepts nothing but options, whatever arrives', () => {
    const ids = PENDING.options.flatMap(({ id, label }) => [id, label.toLowerCase()])
    fc.assert(
      fc.property(fc.anything(), (answer) => {
        const verdict = resolveAnswer(PENDING, answer)
        if (verdict.kind === 'valid') expect(ids).toContain(normaliseAnswer(answer).toLowerCase())
      }),
    )
  })
})
