import { describe, expect, it } from 'vitest'
import { isReached, resultTable, toResult } from '../../../scripts/bench/result.ts'
import type { PairedTimes } from '../../../scripts/bench/pairs.ts'

const benchmark = { name: 'no-op', against: 'git status', goal: 1.3, better: 'lower' } as const

function measured(times: readonly PairedTimes[]): Parameters<typeof toResult>[1] {
  return { kind: 'measured', benchmark, times, processes: ['status'] }
}

/** Pairs whose ratios are 1.01, 1.02 … 1.20 while both sides get slower and slower. */
const DRIFTING = Array.from({ length: 20 }, (_, index) => {
  const baseline = 100 * (index + 1)
  return { baseline, ours: baseline * (1 + (index + 1) / 100) }
})

describe('toResult', () => {
  it('takes the median of the ratios, not the ratio of the medians', () => {
    const times = [
      { ours: 10, baseline: 10 },
      { ours: 40, baseline: 20 },
      { ours: 90, baseline: 30 },
      { ours: 30, baseline: 100 },
      { ours: 500, baseline: 1000 },
    ]
    expect(toResult('sync', measured(times))).toMatchObject({ value: 40, baseline: 30, ratio: 1 })
  })

  it('writes one line with everything in it', () => {
    expect(toResult('sync', measured(DRIFTING))).toEqual({
      suite: 'sync',
      name: 'no-op',
      value: 1160.5,
      unit: 'ms',
      baseline: 1050,
      ratio: 1.105,
      low: 1.06,
      high: 1.15,
      goal: 1.3,
      better: 'lower',
      ok: true,
      against: 'git status',
      pairs: 20,
      processes: ['status'],
    })
  })
})

describe('isReached', () => {
  it('needs the whole interval on the right side', () => {
    expect(isReached({ low: 1, high: 1.3, goal: 1.3, better: 'lower' })).toBe(true)
    expect(isReached({ low: 1, high: 1.31, goal: 1.3, better: 'lower' })).toBe(false)
    expect(isReached({ low: 4, high: 9, goal: 4, better: 'higher' })).toBe(true)
    expect(isReached({ low: 3.9, high: 9, goal: 4, better: 'higher' })).toBe(false)
  })
})

describe('resultTable', () => {
  it('has a line for each result', () => {
    const good = toResult('sync', measured(DRIFTING))
    const bad = { ...good, name: 'a longer name', ok: false, better: 'higher' as const }
    expect(resultTable([good, bad])).toMatchInlineSnapshot(`
      "suite  name           ours       baseline   ratio  95 % interval  goal    git  ok
      sync   no-op          1160.5 ms  1050.0 ms  1.10   1.06 to 1.15   <= 1.3  1    yes
      sync   a longer name  1160.5 ms  1050.0 ms  1.10   1.06 to 1.15   >= 1.3  1    no"
    `)
  })
})
