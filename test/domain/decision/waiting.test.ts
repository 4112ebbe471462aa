// When a person is reminded of a question, and when it ends by itself.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_CONFIG } from '../../../src/domain/config/parse-repository-config.ts'
import { dutyOf, remindersDue, type WaitingQuestion } from '../../../src/domain/decision/waiting.ts'

const DAY = 24 * 60 * 60 * 1000
const ASKED = 1_000
const OPEN: WaitingQuestion = { status: 'pending', reminders: 0, askedAt: ASKED }
const LIMITS = DEFAULT_CONFIG.decisions

/** Looks every hour, does what is due, and returns the days on which it was. */
function daysOfDuties(limits: typeof LIMITS, days: number): readonly string[] {
  const seen: string[] = []
  let question = OPEN
  for (let now = ASKED; now <= ASKED + days * DAY; now += DAY / 24) {
    const duty = dutyOf(question, limits, now)
    if (duty === null) continue
    seen.push(`${duty} ${(now - ASKED) / DAY}`)
    question =
      duty === 'expire'
        ? { ...question, status: 'expired' }
        : { ...question, reminders: remindersDue(question, limits, now) }
  }
  return seen
}

describe('dutyOf', () => {
  it('reminds by default after a day, two, four and so on, six times, and never ends a question', () => {
    expect(daysOfDuties(LIMITS, 200)).toEqual([1, 2, 4, 8, 16, 32].map((day) => `remind ${day}`))
  })

  it('ends a question when its time is over, rather than to remind of it', () => {
    expect(daysOfDuties({ ...LIMITS, expireMs: 4 * DAY }, 20)).toEqual(['remind 1', 'remind 2', 'expire 4'])
  })

  it('reminds of nothing where the repository wants it never', () => {
    expect(daysOfDuties({ remindMs: null, expireMs: null }, 400)).toEqual([])
    expect(daysOfDuties({ remindMs: null, expireMs: DAY }, 400)).toEqual(['expire 1'])
  })

  it.each(['resolved', 'cancelled', 'expired'] as const)('leaves a question alone that is %s', (status) => {
    expect(dutyOf({ ...OPEN, status }, { remindMs: 1, expireMs: 1 }, ASKED + DAY)).toBeNull()
  })

  it('makes one reminder of those whose time passed while nobody looked', () => {
    const now = ASKED + 5 * DAY
    expect(dutyOf(OPEN, LIMITS, now)).toBe('remind')
    const reminders = remindersDue(OPEN, LIMITS, now)
    expect(reminders).toBe(3)
    expect(dutyOf({ ...OPEN, reminders }, LIMITS, now)).toBeNull()
    expect(dutyOf({ ...OPEN, reminders }, LIMITS, ASKED + 8 * DAY)).toBe('remind')
  })

  it('has nothing to do before the first interval, and never again after it was done', () => {
    const limits = fc.record({
      remindMs: fc.option(fc.integer({ min: 1, max: 90 * DAY })),
      expireMs: fc.option(fc.integer({ min: 1, max: 90 * DAY })),
    })
    fc.assert(
      fc.property(limits, fc.nat(365 * DAY), fc.nat(6), (wanted, waited, reminders) => {
        const now = ASKED + waited
        const duty = dutyOf({ ...OPEN, reminders }, wanted, now)
        const first = Math.min(wanted.remindMs ?? Infinity, wanted.expireMs ?? Infinity)
        if (waited < first) expect(duty).toBeNull()
        if (duty === 'remind') {
          const done = { ...OPEN, reminders: remindersDue(OPEN, wanted, now) }
          expect(done.reminders).toBeGreaterThan(reminders)
          expect(dutyOf(done, wanted, now)).toBeNull()
        }
      }),
    )
  })
})
