// Durations of the configuration.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseDuration } from '../../../src/domain/config/duration.ts'

describe('parseDuration', () => {
  it.each([
    ['45s', 45_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1h2m3s', 3_723_000],
    ['0s', 0],
    ['', null],
    ['h', null],
    ['2', null],
    ['2 h', null],
    ['1.5h', null],
    ['-2h', null],
    ['30m1h', null],
    ['2h2h', null],
    ['9999999s', null],
    ['2H', null],
  ])('reads "%s" as %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it('adds up hours, minutes and seconds', () => {
    const part = fc.integer({ min: 0, max: 999_999 })
    fc.assert(
      fc.property(part, part, part, (hours, minutes, seconds) => {
        const ms = hours * 3_600_000 + minutes * 60_000 + seconds * 1000
        expect(parseDuration(`${hours}h${minutes}m${seconds}s`)).toBe(ms)
      }),
    )
  })
})
