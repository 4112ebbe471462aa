// The property of all random stories of the mirror, each batch in a world of its own.

import type { FakePullRequest } from '../fake-github/index.ts'
import { checkCases, type CaseOrder, type Counterexample } from '../random-cases.ts'
import { MirrorBench } from './bench.ts'
import { playMirrorCase, type Stage } from './player.ts'
import { MIRROR_CASES, type MirrorCase } from './story.ts'
import type { Tally } from './tally.ts'

export interface MirrorCheck extends CaseOrder {
  readonly tally: Tally
  readonly spoil?: Stage['spoil']
}

/** Pull requests are opened many at a time. */
const LOT = 60

/** Plays cases in a world of their own until one fails; returns it, or null when all held. */
export async function checkMirrorCases(order: MirrorCheck): Promise<Counterexample<MirrorCase> | null> {
  const bench = await MirrorBench.start()
  const { tally, spoil } = order
  const stage: Stage = { bench, tally, ...(spoil === undefined ? {} : { spoil }) }
  const take = takerOf(bench)
  const play = async (mirrorCase: MirrorCase): Promise<void> =>
    playMirrorCase(stage, await take(mirrorCase.prs), mirrorCase)
  try {
    return await checkCases(MIRROR_CASES, play, order)
  } finally {
    await bench.close()
  }
}

function takerOf(bench: MirrorBench): (count: number) => Promise<readonly FakePullRequest[]> {
  const left: FakePullRequest[] = []
  return async (count) => {
    if (left.length < count) left.push(...(await bench.open(LOT)))
    return left.splice(0, count)
  }
}
