import { assert, boolean, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  attemptsAfter,
  isLastTry,
  MAX_TRIES,
  OUTAGE_PATIENCE_MS,
  TRANSIENT_CEILING,
} from '../../src/domain/is-last-try.ts'

describe('attemptsAfter', () => {
  it.each([
    { attempts: 0, isTransient: false, ageMs: 0, after: 1 },
    { attempts: 7, isTransient: false, ageMs: 0, after: 8 },
    { attempts: 0, isTransient: true, ageMs: 0, after: 1 },
    { attempts: 4, isTransient: true, ageMs: 0, after: 5 },
    { attempts: 5, isTransient: true, ageMs: 0, after: 5 },
    { attempts: 7, isTransient: true, ageMs: OUTAGE_PATIENCE_MS - 1, after: 7 },
    { attempts: 7, isTransient: true, ageMs: OUTAGE_PATIENCE_MS, after: 8 },
  ])('counts $attempts as $after (transient: $isTransient, after $ageMs ms)', ({ after, ...failed }) => {
    expect(attemptsAfter(failed)).toBe(after)
  })

  it('never goes down and grows by at most one', () => {
    assert(
      property(nat(20), boolean(), nat(2 * OUTAGE_PATIENCE_MS), (attempts, isTransient, ageMs) => {
        const grown = attemptsAfter({ attempts, isTransient, ageMs }) - attempts
        expect([0, 1]).toContain(grown)
        if (!isTransient) expect(grown).toBe(1)
      }),
    )
  })
})

describe('isLastTry', () => {
  it('is true for the eighth failure, and within a day never for an outage', () => {
    expect(isLastTry({ attempts: MAX_TRIES - 1, isTransient: false, ageMs: 0 })).toBe(true)
    expect(isLastTry({ attempts: MAX_TRIES - 2, isTransient: false, ageMs: 0 })).toBe(false)
    assert(
      property(nat(MAX_TRIES - 1), nat(OUTAGE_PATIENCE_MS - 1), (attempts, ageMs) => {
        expect(isLastTry({ attempts, isTransient: true, ageMs })).toBe(false)
      }),
    )
  })

  it('leaves a job that waited out an outage three tries of its own', () => {
    expect(MAX_TRIES - TRANSIENT_CEILING).toBe(3)
  })
})
