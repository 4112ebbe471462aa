// A step that breaks inside Belay again and again: the pipeline ends as loudly as with a question, and can be run again.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Order } from '../support/workbench/runner-watch.ts'
import { playAttempt, reactionsOf, WORK, type Scene } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.watch.hook = () => undefined
})

afterAll(() => bench?.close())

const MOST_TRIES = 8
const LONGEST_PAUSE_MS = 60 * 60_000

/** Breaks an order whenever it is given, until every try of the job is used up. */
async function playUntilGivenUp(branch: string, broken: Order): Promise<Scene> {
  bench.watch.hook = (moment, { order }) => {
    if (moment === 'before' && order === broken) throw new Error('Broken here')
  }
  const scene = await playAttempt(bench, branch, [WORK])
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    bench.clock.advance(LONGEST_PAUSE_MS)
    await bench.settle()
  }
  bench.watch.hook = () => undefined
  return scene
}

async function toldOf({ session }: Scene): Promise<readonly string[]> {
  const rows = await bench.reader.changeLog()
  return rows
    .filter(({ sessionId, type }) => sessionId === session.id && /^(?:pipeline|phase)\./u.test(type))
    .map(({ type }) => type)
}

describe.each([
  { when: 'the start of a phase', order: 'inspect', before: ['pipeline.started'] },
  { when: 'the end of a phase', order: 'push_branch', before: ['pipeline.started', 'phase.started'] },
] as const)('a pipeline that is given up at $when', ({ when, order, before }) => {
  it('fails with its phase, tells both in their order, and leaves nobody watching', async () => {
    const scene = await playUntilGivenUp(when.replaceAll(' ', '-'), order)
    const pipeline = await bench.pipeline(scene.pr)
    expect(pipeline).toMatchObject({ status: 'failed', failure: { code: 'internal' } })
    const phases = await bench.store.list('phaseRuns', { pipelineId: pipeline.id })
    expect(phases).toMatchObject([{ status: 'failed', failure: { code: 'internal' } }])
    const watches = await bench.store.list('overseers', { sessionId: scene.session.id, status: 'watching' })
    expect(watches).toEqual([])
    expect(await toldOf(scene)).toEqual([...before, 'phase.failed', 'pipeline.failed'])
    expect(await bench.decisions(scene.pr)).toEqual([])
  })

  it('can be run again by /belay retry', async () => {
    const scene = await playUntilGivenUp(`${when.replaceAll(' ', '-')}-again`, order)
    const retry = await bench.say(scene.pr, 'alice', '/belay retry')
    await bench.finishAttempts()
    expect(reactionsOf(retry)).toEqual(['eyes', 'rocket'])
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
  })
})
