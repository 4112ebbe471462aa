// When the pushed copy of a pin may go: thirty days after the last question that names it, and never without one.

import { describe, expect, it } from 'vitest'
import type { SyncQuestion } from '../../../src/domain/decision/subject.ts'
import type { RefName } from '../../../src/domain/ids.ts'
import type { Decision } from '../../../src/domain/records.ts'
import { isPushedPinDue, KEEP_PUSHED_MS } from '../../../src/domain/sync/backup-retention.ts'
import { decision, details, NOON, pinNote } from '../text/samples.ts'

const PREFIX = pinNote().prefix

function asked(over: Partial<SyncQuestion> = {}): Decision {
  return decision({ details: details({ pins: [pinNote()] }), status: 'resolved', answeredAt: NOON, ...over })
}

function due(
  decisions: readonly Decision[],
  now: number,
  over: { readonly prefix?: RefName; readonly sessionEndedAt?: number } = {},
): boolean {
  const { prefix = PREFIX, sessionEndedAt = null } = over
  return isPushedPinDue({ prefix, decisions, sessionEndedAt, now })
}

describe('isPushedPinDue', () => {
  it('is due thirty days after the answer, and not a millisecond before', () => {
    expect(due([asked()], NOON + KEEP_PUSHED_MS - 1)).toBe(false)
    expect(due([asked()], NOON + KEEP_PUSHED_MS)).toBe(true)
  })

  it('is never due while a question that names it is open', () => {
    const open = asked({ id: 'n4p7rs', status: 'pending', answeredAt: null })
    expect(due([asked(), open], NOON + 1000 * KEEP_PUSHED_MS)).toBe(false)
  })

  it('is never due for a pin that no question names', () => {
    const other = `${PREFIX}-other` as RefName
    expect(due([asked()], NOON + 1000 * KEEP_PUSHED_MS, { prefix: other })).toBe(false)
    expect(due([], NOON + 1000 * KEEP_PUSHED_MS)).toBe(false)
  })

  it('counts from the last of several questions', () => {
    const later = asked({ id: 'n4p7rs', answeredAt: NOON + 5000 })
    expect(due([asked(), later], NOON + KEEP_PUSHED_MS)).toBe(false)
    expect(due([asked(), later], NOON + KEEP_PUSHED_MS + 5000)).toBe(true)
  })

  it('counts a withdrawn question from its successor, or from the end of its session', () => {
    const withdrawn = { status: 'cancelled', answeredAt: null } as const
    const superseded = asked({ ...withdrawn, successorId: 'n4p7rs' })
    const successor = decision({
      id: 'n4p7rs',
      status: 'resolved',
      createdAt: NOON + 7000,
      details: details({ pins: [] }),
    })
    expect(due([superseded, successor], NOON + KEEP_PUSHED_MS)).toBe(false)
    expect(due([superseded, successor], NOON + KEEP_PUSHED_MS + 7000)).toBe(true)
    const stopped = asked(withdrawn)
    expect(due([stopped], NOON + 1000 * KEEP_PUSHED_MS)).toBe(false)
    expect(due([stopped], NOON + KEEP_PUSHED_MS, { sessionEndedAt: NOON })).toBe(true)
  })
})
