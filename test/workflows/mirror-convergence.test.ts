// Random stories of pull requests, told by webhooks that are lost, doubled, late and stale, and read through every fault
// of GitHub: in the end the mirror holds what is true, and has told each change that it could see once.

import { describe, expect, it } from 'vitest'
import { checkMirrorCases } from '../support/mirror-bench/property.ts'
import { Tally } from '../support/mirror-bench/tally.ts'

const FIXED_SEED = 4
const FIXED_RUNS = 14
const RANDOM_RUNS = 6
const SHRINK_MS = 60_000
const MOST_SEEDS = 2 ** 31

async function play(seed: number, runs: number): Promise<Tally> {
  const tally = new Tally()
  const found = await checkMirrorCases({ seed, runs, shrinkMs: SHRINK_MS, tally })
  const replay = `npm run test:long -- --suite mirror --seed ${seed} --path ${found?.path ?? ''}`
  if (found !== null) throw new Error(`${found.message}\n${JSON.stringify(found.example)}\n${replay}`)
  return tally
}

describe('the mirror of whatever happened', () => {
  it('tells the truth, with a fixed seed', { timeout: 240_000 }, async () => {
    const { cases, acts, faults, webhooks, reads, events } = (await play(FIXED_SEED, FIXED_RUNS)).counts
    expect(cases).toBe(FIXED_RUNS)
    // A run that looked at nothing would pass every law.
    expect(Object.keys(acts).length).toBeGreaterThan(15)
    expect(Object.keys(faults).length).toBeGreaterThan(6)
    expect(Object.keys(webhooks)).toEqual(['doubled', 'late', 'lost', 'sent'])
    expect(Object.keys(reads)).toEqual(expect.arrayContaining(['observed', 'partial', 'try_later']))
    expect(Object.keys(events).length).toBeGreaterThan(9)
  })

  it('tells the truth, with a random seed', { timeout: 240_000 }, async () => {
    const seed = Math.floor(Math.random() * MOST_SEEDS)
    console.log(`Random mirror with seed ${seed}.`)
    expect((await play(seed, RANDOM_RUNS)).counts.cases).toBe(RANDOM_RUNS)
  })
})
