// The property of all random cases: whatever happens in whatever order, no law of pipelines and questions is broken.

import fc from 'fast-check'
import type { CaseOrder, Counterexample } from '../random-cases.ts'
import { Play } from './play.ts'
import { BEGINNINGS, runsOfActs, type Beginning } from './random-cases.ts'
import type { Tally } from './tally.ts'
import { Template } from './template.ts'

export interface ModelCheck extends CaseOrder {
  readonly tally: Tally
}

/** What a failure is told as: how the repository is configured and what happened, act by act. */
export interface ModelCase extends Beginning {
  /** The random part, act by act. */
  readonly follows: string
}

/** Stands in a path between where a case is and which of its commands ran. */
const BETWEEN = '#'

/** Plays cases until one fails; returns it, or null when all held. */
export async function checkModelCases(order: ModelCheck): Promise<Counterexample<ModelCase> | null> {
  const template = await Template.make()
  try {
    return await check(order, template)
  } finally {
    await template.remove()
  }
}

async function check(order: ModelCheck, template: Template): Promise<Counterexample<ModelCase> | null> {
  const { seed, runs, tally } = order
  const [path, replayPath = null] = order.path === undefined ? [undefined] : order.path.split(BETWEEN)
  let failedAt: number | null = null
  const property = fc.asyncProperty(BEGINNINGS, runsOfActs(replayPath), async (beginning, acts) => {
    const isTooLate = failedAt !== null && performance.now() - failedAt > order.shrinkMs
    if (isTooLate || (failedAt === null && order.isOver?.() === true)) return
    const play = await Play.begin(template, beginning.setup, { tally })
    try {
      for (const act of beginning.acts) await play.act(act)
      await fc.asyncModelRun(() => ({ model: { play }, real: play }), acts)
      await play.end()
    } catch (error) {
      failedAt ??= performance.now()
      throw error
    } finally {
      await play.close()
      order.onCase?.()
    }
  })
  const result = await fc.check(property, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  })
  if (!result.failed || result.counterexample === null) return null
  const [beginning, acts] = result.counterexample
  const told = fc.stringify(acts)
  const replay = /replayPath="([^"]*)"/u.exec(told)?.[1] ?? ''
  const error = result.errorInstance
  return {
    seed,
    path: `${result.counterexamplePath ?? ''}${BETWEEN}${replay}`,
    example: { ...beginning, follows: told },
    message: error instanceof Error ? error.message : String(error),
  }
}
