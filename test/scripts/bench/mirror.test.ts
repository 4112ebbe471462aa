// The whole suite with a few threads and pull requests: real database files, real triggers, the program's own parts and a
// GitHub on loopback. Says nothing about speed; each pair checks by itself that both sides wrote the same rows.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { byRows } from '../../../scripts/bench/mirror/by-rows.ts'
import { bySql } from '../../../scripts/bench/mirror/by-sql.ts'
import { byStore } from '../../../scripts/bench/mirror/by-store.ts'
import { percentileOf } from '../../../scripts/bench/mirror/latency.ts'
import { MirrorSide, type Reconcile } from '../../../scripts/bench/mirror/mirror-side.ts'
import { observationOf } from '../../../scripts/bench/mirror/observed.ts'
import { pairOf } from '../../../scripts/bench/mirror/reconcile.ts'
import { measurePairs } from '../../../scripts/bench/pairs.ts'
import { toResult } from '../../../scripts/bench/result.ts'
import type { Measured } from '../../../scripts/bench/suite.ts'
import { suite } from '../../../scripts/bench/suites/mirror.ts'

const GOALS: Readonly<Record<string, number>> = {
  'new-100-against-sql': 1.5,
  'new-100-against-rows': 0.1,
  'changed-100-against-sql': 1.5,
  'changed-100-against-rows': 0.1,
  'same-100-against-sql': 1.5,
  'same-100-against-rows': 0.1,
  'new-1000-against-sql': 1.5,
  'new-1000-against-rows': 0.1,
  'changed-1000-against-sql': 1.5,
  'changed-1000-against-rows': 0.1,
  'same-1000-against-sql': 1.5,
  'same-1000-against-rows': 0.1,
  'webhook-to-row-without-quiet-time-p50': 3,
  'webhook-to-row-without-quiet-time-p99': 4,
  'webhook-to-row-with-quiet-time-p50': 1.1,
  'webhook-to-row-with-quiet-time-p99': 1.25,
}

describe('the suite mirror', () => {
  const found: Measured[] = []

  beforeAll(async () => {
    const options = { pairs: 1, isSmall: true, filter: '', progress: () => undefined }
    for await (const measured of suite.run(options)) found.push(measured)
  }, 120_000)

  it('measures what the goals are about, in order', () => {
    const goals = found.map(({ benchmark }) => [benchmark.name, benchmark.goal])
    expect(goals).toEqual(Object.entries(GOALS))
  })

  it.each(Object.keys(GOALS))('gives a whole result for %s', (name) => {
    const measured = found.find(({ benchmark }) => benchmark.name === name)
    if (measured?.kind !== 'measured') throw new Error(JSON.stringify(measured))
    const result = toResult(suite.name, measured)
    expect(result).toMatchObject({
      suite: 'mirror',
      name,
      unit: 'ms',
      better: 'lower',
      pairs: 1,
      processes: [],
    })
    expect(result.value).toBeGreaterThan(0)
    expect(result.baseline).toBeGreaterThan(0)
    expect(result.low).toBeLessThanOrEqual(result.ratio)
    expect(result.high).toBeGreaterThanOrEqual(result.ratio)
  })

  it('keeps the quiet time apart from the rest of the way', () => {
    const times = found.flatMap((measured) =>
      measured.kind === 'measured' && measured.benchmark.name.includes('with-quiet-time')
        ? measured.times
        : [],
    )
    expect(times).toHaveLength(2)
    for (const { ours, baseline } of times) expect(ours).toBeGreaterThan(baseline)
  })
})

async function openSide(name: string): Promise<MirrorSide> {
  const folder = mkdtempSync(join(tmpdir(), 'belay-bench-test-'))
  const side = await MirrorSide.open(folder, name)
  onTestFinished(async () => {
    await side.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return side
}

describe('the ways to reconcile', () => {
  const WAYS: Readonly<Record<string, Reconcile>> = { byStore, bySql, byRows }
  const READS = [
    { threads: 3, version: 0, read: 1 },
    { threads: 3, version: 1, read: 2 },
    { threads: 3, version: 1, read: 3 },
    { threads: 2, version: 1, read: 4 },
  ]
  const ADDED = [...repeated('pr_review_thread_added', 3), ...repeated('pr_review_comment_added', 9)]
  const CHANGED = [...repeated('pr_review_thread_resolved', 3), ...repeated('pr_review_comment_edited', 9)]
  const REMOVED = ['pr_review_thread_removed', ...repeated('pr_review_comment_removed', 3)]

  it.each(Object.keys(WAYS))(
    '%s logs each real change once and writes nothing for the rest',
    async (name) => {
      const side = await openSide(name)
      const seen: string[][] = []
      for (const read of READS) {
        await side.rest()
        await WAYS[name]?.(side.database, observationOf(read))
        const { log } = await side.content()
        seen.push(log.map((line) => (JSON.parse(line) as { readonly type: string }).type))
      }
      expect(seen).toEqual([ADDED, CHANGED, [], REMOVED])
    },
  )

  it('leave the same rows behind', async () => {
    const contents = []
    for (const [name, reconcile] of Object.entries(WAYS)) {
      const side = await openSide(name)
      for (const read of READS) await reconcile(side.database, observationOf(read))
      contents.push(await side.content())
    }
    const [byTheStore, ...others] = contents
    expect(byTheStore?.threads).toHaveLength(2)
    expect(byTheStore?.comments).toHaveLength(6)
    expect(byTheStore?.log).toHaveLength(12 + 12 + 4)
    expect(others).toEqual([byTheStore, byTheStore])
  })

  it.each([
    ['does nothing', async () => Promise.resolve()],
    [
      'forgets a thread',
      (database, observation) => {
        const items = observation.threads.items.slice(1)
        return bySql(database, { ...observation, threads: { completeness: 'complete', items } })
      },
    ],
  ] satisfies readonly (readonly [string, Reconcile])[])(
    'give no time when the baseline %s',
    async (_, reconcile) => {
      const [ours, baseline] = [await openSide('ours'), await openSide('baseline')]
      const benchmark = { state: 'changed', reconcile } as const
      const pair = pairOf({ benchmark, threads: 2, ours, baseline })
      await expect(measurePairs(pair, { warmUps: 0, pairs: 1 })).rejects.toThrow(/ instead of /u)
    },
  )
})

function repeated(type: string, count: number): readonly string[] {
  return Array.from({ length: count }, () => type)
}

describe('percentileOf', () => {
  const HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index)

  it('takes the value that so many percent do not exceed', () => {
    expect(percentileOf(HUNDRED, 50)).toBe(50)
    expect(percentileOf(HUNDRED, 99)).toBe(99)
    expect(percentileOf([7], 99)).toBe(7)
    expect(() => percentileOf([], 50)).toThrow('An empty sample has no percentile')
  })
})
