// Random histories, random dirty states on both sides and a random order of things, judged by the separate checker:
// some fixed seeds, and a random one that is printed. `npm run test:long` plays the same until its time is up.

import { describe, expect, it } from 'vitest'
import type { FileChange, RandomCase, WorktreeState } from '../support/random-sync/operations.ts'
import { playRandomCase } from '../support/random-sync/player.ts'
import { checkRandomCases } from '../support/random-sync/property.ts'
import { Tally } from '../support/random-sync/tally.ts'

const FIXED_SEED = 20
const FIXED_RUNS = 3
const RANDOM_RUNS = 1
const SHRINK_MS = 60_000
const MOST_SEEDS = 2 ** 31

function once(state: WorktreeState, change: FileChange): RandomCase {
  return {
    onConflict: 'reset',
    pushBackups: 'head',
    exits: [0],
    beginsIdle: false,
    operations: [{ do: 'disturb', state, changes: [change] }, { do: 'end_attempt' }],
  }
}

/** Cases that broke a law once, as small as they were found. */
const REMEMBERED: readonly RandomCase[] = [
  once('sparse_checkout', { kind: 'edit', at: 1, line: 2 }),
  once('assume_unchanged', { kind: 'delete', at: 1, line: 1 }),
  once('skip_worktree', { kind: 'edit', at: 1, line: 1 }),
  {
    onConflict: 'reset',
    pushBackups: 'head',
    exits: [0],
    beginsIdle: false,
    operations: [
      { do: 'disturb', state: 'staged_and_edited', changes: [{ kind: 'edit', at: 1, line: 5 }] },
      { do: 'end_attempt' },
    ],
  },
]

async function play(seed: number, runs: number): Promise<Tally> {
  const tally = new Tally()
  const found = await checkRandomCases({ seed, runs, shrinkMs: SHRINK_MS, tally })
  const replay = `npm run test:long -- --suite sync --seed ${seed} --path ${found?.path ?? ''}`
  if (found !== null) throw new Error(`${found.message}\n${JSON.stringify(found.example)}\n${replay}`)
  return tally
}

describe('a sync of whatever was left', () => {
  it('loses nothing, with a fixed seed', { timeout: 240_000 }, async () => {
    const { cases, syncCases, operations } = (await play(FIXED_SEED, FIXED_RUNS)).counts
    expect(cases).toBe(FIXED_RUNS)
    // A run that looked at nothing would pass every law.
    expect(Object.keys(syncCases).length).toBeGreaterThan(FIXED_RUNS)
    expect(Object.keys(operations).length).toBeGreaterThan(FIXED_RUNS)
  })

  it.each(REMEMBERED)(
    'loses nothing where it once did: $operations',
    { timeout: 120_000 },
    async (remembered) => {
      const tally = new Tally()
      await playRandomCase(remembered, tally)
      expect(tally.counts.cases).toBe(1)
    },
  )

  it('loses nothing, with a random seed', { timeout: 240_000 }, async () => {
    const seed = Math.floor(Math.random() * MOST_SEEDS)
    console.log(`Random sync with seed ${seed}.`)
    expect((await play(seed, RANDOM_RUNS)).counts.cases).toBe(RANDOM_RUNS)
  })
})
