// The property of the mirror is worth something only if it sees: each of these mistakes in a difference must be found.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MirrorBench } from '../support/mirror-bench/bench.ts'
import { MISTAKES, type Mistake } from '../support/mirror-bench/mistakes.ts'
import { playMirrorCase } from '../support/mirror-bench/player.ts'
import type { ActName, MirrorCase, Step } from '../support/mirror-bench/story.ts'
import { Tally } from '../support/mirror-bench/tally.ts'

let bench: MirrorBench

beforeAll(async () => {
  bench = await MirrorBench.start()
})

afterAll(() => bench?.close())

/** Of every list something that is read, changed and read again; in between a page of threads ends early. */
const STORY: MirrorCase = {
  prs: 1,
  seed: 1,
  copies: 2,
  lost: 0,
  steps: [
    ...acts('thread', 'thread', 'check', 'review'),
    ...readAll(),
    ...acts('edit_comment', 'resolve', 'finish_check', 'edit_review'),
    ...readAll(),
    // The base moves, so that GitHub does not know whether it merges, while something else is news.
    ...acts('push_base', 'auto_merge'),
    ...readAll(),
    ...acts('delete_comment', 'push'),
    { do: 'fault', fault: 'short_page', times: 1, way: 1 },
    ...readAll(),
  ],
}

function acts(...names: readonly ActName[]): readonly Step[] {
  return names.map((name, pick) => ({ do: name, pr: 0, pick, way: 0 }))
}

function readAll(): readonly Step[] {
  return [
    { do: 'deliver', count: 20 },
    { do: 'wait', ms: 12_000 },
    { do: 'wait', ms: 12_000 },
  ]
}

async function play(spoil?: Mistake): Promise<void> {
  const prs = await bench.open(1)
  const stage = { bench, tally: new Tally(), ...(spoil === undefined ? {} : { spoil }) }
  await playMirrorCase(stage, prs, STORY)
}

describe('the property of the mirror', { timeout: 120_000 }, () => {
  it('holds for a story without a mistake', async () => {
    await play()
  })

  it.each(Object.entries(MISTAKES))('finds the mistake %s', async (_, mistake) => {
    await expect(play(mistake)).rejects.toThrow(/Event told|Told with nothing new|Against the/)
  })
})
