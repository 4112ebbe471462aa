// Delays: never above their limits, never below the floor, growing.

import { assert, double, nat, property } from 'fast-check'
import { describe, expect, it } from 'vitest'

import { backoffMs, LONGEST_WAIT_MS } from '../../../src/adapters/db/backoff.ts'

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
