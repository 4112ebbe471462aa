// The property of all random cases, checked with a seed and within a time. Knows how a failure is played again.

import fc from 'fast-check'
import type { FakePullRequest } from '../fake-github/index.ts'
import { MirrorBench } from './bench.ts'
import { playMirrorCase, type Stage } from './player.ts'
import { MIRROR_CASES, type MirrorCase } from './story.ts'
import type { Tally } from './tally.ts'

export interface MirrorCheck {
  readonly seed: number
  /** Where a failed case was found; plays that one only. */
  readonly path?: string
  readonly runs: number
  /** How long it may look for a smaller case after a failure, in milliseconds. */
  readonly shrinkMs: number
  readonly tally: Tally
  readonly spoil?: Stage['spoil']
  /** Returns whether it is time to stop. */
  readonly isOver?: () => boolean
  /** Called after every case. */
  readonly onCase?: () => void
}

/** A case that breaks a law, as small as was found in the time. */
export interface MirrorCounterexample {
  readonly seed: number
  readonly path: string
  readonly mirrorCase: MirrorCase
  readonly message: string
}

/** Pull requests are opened many at a time. */
const LOT = 60

/** Plays cases in a world of their own until one fails; returns it, or null when all held. */
export async function checkMirrorCases(order: MirrorCheck): Promise<MirrorCounterexample | null> {
  const bench = await MirrorBench.start()
  try {
    return await check(bench, order)
  } finally {
    await bench.close()
  }
}

async function check(bench: MirrorBench, order: MirrorCheck): Promise<MirrorCounterexample | null> {
  const { seed, path, runs, tally, spoil } = order
  const stage: Stage = { bench, tally, ...(spoil === undefined ? {} : { spoil }) }
  const take = takerOf(bench)
  let failedAt: number | null = null
  const property = fc.asyncProperty(MIRROR_CASES, async (mirrorCase) => {
    const isTooLate = failedAt !== null && performance.now() - failedAt > order.shrinkMs
    if (isTooLate || (failedAt === null && order.isOver?.() === true)) return
    try {
      await playMirrorCase(stage, await take(mirrorCase.prs), mirrorCase)
    } catch (error) {
      failedAt ??= performance.now()
      throw error
    } finally {
      order.onCase?.()
    }
  })
  const result = await fc.check(property, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  })
  if (!result.failed || result.counterexample === null) return null
  const error = result.errorInstance
  return {
    seed,
    path: result.counterexamplePath ?? '',
    mirrorCase: result.counterexample[0],
    message: error instanceof Error ? error.message : String(error),
  }
}

function takerOf(bench: MirrorBench): (count: number) => Promise<readonly FakePullRequest[]> {
  const left: FakePullRequest[] = []
  return async (count) => {
    if (left.length < count) left.push(...(await bench.open(LOT)))
    return left.splice(0, count)
  }
}
