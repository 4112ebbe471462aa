// Pipelines, questions, commands, pushes and deaths in every order: a story for each row of the tables, then chance. The
// database and the workflows are real; the machine and GitHub are simulated, because so many cases are needed.

import { describe, expect, it } from 'vitest'
import { MISTAKES } from '../support/pipeline-model/mistakes.ts'
import { checkModelCases } from '../support/pipeline-model/property.ts'
import { playStories } from '../support/pipeline-model/play-stories.ts'
import { STORIES, withDeath } from '../support/pipeline-model/stories.ts'
import { Tally } from '../support/pipeline-model/tally.ts'

const FIXED_SEED = 7
const FIXED_RUNS = 4
const RANDOM_RUNS = 2
const SHRINK_MS = 60_000
const MOST_SEEDS = 2 ** 31

/** A phase whose turn has not come is as it was before: nothing of it is written. */
const NEVER_WRITTEN = ['phase pending rewound']

/** Writes between an answer and the end of what follows from it; every so many of them are tried here. */
const WRITES = 60
const STRIDE = 12

async function play(seed: number, runs: number): Promise<Tally> {
  const tally = new Tally()
  const found = await checkModelCases({ seed, runs, shrinkMs: SHRINK_MS, tally })
  const replay = `npm run test:long -- --suite pipeline --seed ${seed} --path '${found?.path ?? ''}'`
  if (found !== null) throw new Error(`${found.message}\n${JSON.stringify(found.example)}\n${replay}`)
  return tally
}

describe('pipelines and questions, whatever happens', () => {
  it('keep every law in every row of the tables', { timeout: 240_000 }, async () => {
    const tally = new Tally()
    expect(await playStories(STORIES, { tally })).toEqual([])
    expect(tally.counts.cases).toBe(STORIES.length)
    expect(tally.counts.notReached).toEqual(NEVER_WRITTEN)
  })

  it(
    'keep every law when the program dies between an answer and its effect',
    { timeout: 240_000 },
    async () => {
      const answered = STORIES.find(({ name }) => name.startsWith('hard_reset_recovery, answer 1'))
      if (answered === undefined) throw new Error('There is no such story')
      const writes = Array.from({ length: Math.ceil(WRITES / STRIDE) }, (_, at) => 1 + at * STRIDE)
      const tally = new Tally()
      const dying = writes.map((write) => withDeath(answered, { last: 3, write }))
      expect(await playStories(dying, { tally })).toEqual([])
      expect(tally.deaths).toBe(writes.length)
    },
  )

  it.each(MISTAKES)('would not keep it to themselves: $name', async ({ story, spoil, noticed }) => {
    const spoilt = STORIES.filter(({ name }) => name.startsWith(story)).slice(0, 1)
    const [fault] = await playStories(spoilt, { tally: new Tally(), spoil })
    expect(fault).toMatch(noticed)
  })

  it('keep every law, with a fixed seed', { timeout: 240_000 }, async () => {
    const { cases, acts, deaths } = (await play(FIXED_SEED, FIXED_RUNS)).counts
    expect(cases).toBe(FIXED_RUNS)
    // A run that looked at nothing would pass every law.
    expect(Object.keys(acts).length).toBeGreaterThan(25)
    expect(deaths).toBeGreaterThan(0)
  })

  it('keep every law, with a random seed', { timeout: 240_000 }, async () => {
    const seed = Math.floor(Math.random() * MOST_SEEDS)
    console.log(`Random pipelines with seed ${seed}.`)
    expect((await play(seed, RANDOM_RUNS)).counts.cases).toBe(RANDOM_RUNS)
  })
})
