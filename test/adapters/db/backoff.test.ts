// Delays: never above their limits, never below the floor, growing.

import { assert, double, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  backoffMs,
  LONGEST_OUTAGE_WAIT_MS,
  LONGEST_WAIT_MS,
  outageWaitMs,
} from '../../../src/adapters/db/backoff.ts'

describe('backoffMs', () => {
  it('stays within a doubling limit that ends at 15 minutes, and never below the floor', () => {
    const random = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    assert(
      property(nat(1_000), random, nat(3_600_000), (failures, chance, floor) => {
        const wait = backoffMs(failures, () => chance, floor)
        expect(wait).toBeGreaterThanOrEqual(floor)
        expect(wait).toBeLessThanOrEqual(Math.max(floor, LONGEST_WAIT_MS, 1_000 * 2 ** Math.min(failures, 0)))
        expect(wait).toBeLessThanOrEqual(Math.max(floor, 1_000 * 2 ** failures))
      }),
    )
  })

  it('spreads over the whole range', () => {
    expect([0, 0.5, 0.999].map((chance) => backoffMs(3, () => chance))).toEqual([0, 4_000, 7_992])
  })
})

describe('outageWaitMs', () => {
  it('grows with the age of the job and ends at five minutes', () => {
    const minute = 60_000
    const ages = [0, 1, 4, 9, 10, 11, 600].map((age) => age * minute)
    expect(ages.map((ageMs) => outageWaitMs({ attempts: 5, ageMs }, () => 0.999_999) / 1_000)).toEqual([
      32, 32, 120, 270, 300, 300, 300,
    ])
  })

  it('never waits longer than its limit', () => {
    const random = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    assert(
      property(nat(1_000), nat(), random, (attempts, ageMs, chance) => {
        const wait = outageWaitMs({ attempts, ageMs }, () => chance)
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(LONGEST_OUTAGE_WAIT_MS)
      }),
    )
  })
})
