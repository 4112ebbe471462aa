import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalRank, medianInterval, medianOf } from '../../../scripts/bench/interval.ts'

const sample = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 })

/** How often, of 2^size, the k-th smallest of a sample is above the median, counted exactly. */
function timesOutside(size: number, rank: number): bigint {
  let [choose, sum] = [1n, 0n]
  for (let below = 0; below < rank; below += 1) {
    sum += choose
    choose = (choose * BigInt(size - below)) / BigInt(below + 1)
  }
  return sum
}

describe('medianOf', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(medianOf([3, 1, 2])).toBe(2)
    expect(medianOf([4, 1, 3, 2])).toBe(2.5)
    expect(() => medianOf([])).toThrow('no median')
  })
})

describe('intervalRank', () => {
  it('is the rank of the published tables', () => {
    expect([5, 6, 10, 20, 25, 30, 40, 50].map((size) => intervalRank(size, 0.95))).toEqual([
      0, 1, 2, 6, 8, 10, 14, 18,
    ])
  })

  it('is the largest one that still holds the confidence', () => {
    for (let size = 1; size <= 200; size += 1) {
      const rank = intervalRank(size, 0.95)
      // Outside on both sides: at most 5 %, that is 2 * times / 2^size <= 1 / 20.
      expect(40n * timesOutside(size, rank) <= 2n ** BigInt(size)).toBe(true)
      expect(40n * timesOutside(size, rank + 1) > 2n ** BigInt(size)).toBe(true)
    }
  })
})

describe('medianInterval', () => {
  it('gives the sixth from either end of twenty', () => {
    const values = Array.from({ length: 20 }, (_, index) => ((index * 7) % 20) + 1)
    expect(medianInterval(values)).toEqual({ median: 10.5, low: 6, high: 15 })
  })

  it('gives the whole range of a sample too small for the confidence', () => {
    expect(medianInterval([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 })
    expect(() => medianInterval([])).toThrow('An empty sample')
  })

  it('holds the median, consists of values of the sample, and asks for no order', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const interval = medianInterval(values)
        expect(interval.low).toBeLessThanOrEqual(interval.median)
        expect(interval.median).toBeLessThanOrEqual(interval.high)
        expect(values).toContain(interval.low)
        expect(values).toContain(interval.high)
        expect(medianInterval(values.toReversed())).toEqual(interval)
      }),
    )
  })

  it('turns round when the ratio is turned round', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const turned = medianInterval(values.map((value) => 1 / value))
        const { low, high } = medianInterval(values)
        expect(turned.low).toBeCloseTo(1 / high, 9)
        expect(turned.high).toBeCloseTo(1 / low, 9)
      }),
    )
  })
})
