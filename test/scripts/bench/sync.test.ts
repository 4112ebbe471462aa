// The whole suite on a small repository: the real runner, real git and a GitHub on loopback. Says nothing about speed;
// each pair checks by itself that both sides did their work.

import { beforeAll, describe, expect, it } from 'vitest'
import type { Measured } from '../../../scripts/bench/suite.ts'
import { suite } from '../../../scripts/bench/suites/sync.ts'

const NAMES = [
  'no-op',
  'fast-forward',
  'rebase-10-onto-10',
  'rebase-10-onto-100',
  'rebase-10-onto-100-with-fetch',
  'recovery',
  'recovery-with-fetch-and-push',
]

const found: Measured[] = []

beforeAll(async () => {
  const options = { pairs: 1, isSmall: true, filter: '', progress: () => undefined }
  for await (const measured of suite.run(options)) found.push(measured)
}, 240_000)

describe('the suite sync', () => {
  it('measures what the goals are about, in order', () => {
    expect(found.map(({ benchmark }) => benchmark.name)).toEqual(NAMES)
    const goals = found.map(({ benchmark }) => benchmark.goal)
    expect(goals).toEqual([1.3, 1.5, 0.6, 0.6, 0.6, 2, 2])
  })

  it.each(NAMES)('measures %s on both sides and counts our git processes', (name) => {
    const measured = found.find(({ benchmark }) => benchmark.name === name)
    if (measured?.kind !== 'measured') throw new Error(JSON.stringify(measured))
    expect(measured.times).toHaveLength(1)
    for (const { ours, baseline } of measured.times) {
      expect(ours).toBeGreaterThan(0)
      expect(baseline).toBeGreaterThan(0)
    }
    expect(measured.processes.length).toBeGreaterThan(0)
  })
})
