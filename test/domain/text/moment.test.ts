import { describe, expect, it } from 'vitest'
import { formatDuration, formatTime } from '../../../src/domain/text/moment.ts'

describe('formatTime', () => {
  it('writes minutes in UTC', () => {
    expect(formatTime(Date.UTC(2025, 0, 31, 9, 5, 59))).toBe('2025-01-31 09:05 UTC')
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59_499, '59 s'],
    [60_000, '1 min'],
    [95_000, '1 min 35 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })
})
