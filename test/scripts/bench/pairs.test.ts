import { describe, expect, it } from 'vitest'
import { measurePairs, type Pair } from '../../../scripts/bench/pairs.ts'

/** A pair that notes what is called. */
function notingPair(notes: string[], overrides: Partial<Pair> = {}): Pair {
  const note = (word: string): Promise<void> => {
    notes.push(word)
    return Promise.resolve()
  }
  return {
    prepare: (round) => note(`prepare ${round}`),
    ours: () => note('ours'),
    baseline: () => note('baseline'),
    check: (round) => note(`check ${round}`),
    ...overrides,
  }
}

describe('measurePairs', () => {
  it('prepares, runs both sides in turns, checks, and leaves the warm-up out', async () => {
    const notes: string[] = []
    const seen: number[] = []
    const times = await measurePairs(notingPair(notes), {
      warmUps: 1,
      pairs: 2,
      onPair: (_, index) => seen.push(index),
    })
    expect(notes).toEqual([
      'prepare 0',
      'ours',
      'baseline',
      'check 0',
      'prepare 1',
      'baseline',
      'ours',
      'check 1',
      'prepare 2',
      'ours',
      'baseline',
      'check 2',
    ])
    expect(times).toHaveLength(2)
    expect(seen).toEqual([0, 1])
  })

  it('times the sides and nothing around them', async () => {
    let clock = 0
    const last = (ms: number) => (): Promise<void> => {
      clock += ms
      return Promise.resolve()
    }
    const pair = { prepare: last(1000), ours: last(20), baseline: last(5), check: last(1000) }
    const times = await measurePairs(pair, { warmUps: 1, pairs: 2, now: () => clock })
    expect(times).toEqual([
      { ours: 20, baseline: 5 },
      { ours: 20, baseline: 5 },
    ])
  })

  it('gives no times when a side did not do its work, or when it is stopped', async () => {
    const broken = notingPair([], { check: () => Promise.reject(new Error('nothing was done')) })
    await expect(measurePairs(broken, { warmUps: 0, pairs: 1 })).rejects.toThrow('nothing was done')
    const stop = new AbortController()
    const notes: string[] = []
    const stopping = notingPair(notes, { check: () => Promise.resolve(stop.abort(new Error('stopped'))) })
    await expect(measurePairs(stopping, { warmUps: 0, pairs: 9, signal: stop.signal })).rejects.toThrow(
      'stopped',
    )
    expect(notes).toEqual(['prepare 0', 'ours', 'baseline'])
  })
})
