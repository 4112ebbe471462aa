// A question that appears after a workflow has looked and before it commits: the guard inside the transaction decides.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/records.ts'
import { plantQuestion } from '../support/workbench/plant-question.ts'
import type { Order } from '../support/workbench/runner-watch.ts'
import { playAttempt, repliesTo, textOf, type Scene } from '../support/workbench/scenes.ts'
import { git } from '../support/temp-repo.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.watch.hook = () => undefined
})

afterAll(() => bench?.close())

/** Has a question appear right after the next order of this kind, once; returns how to get it. */
function askAfter(order: Order, scene: () => Promise<Scene>): () => Decision {
  let planted: Decision | undefined
  bench.watch.hook = async (moment, seen) => {
    if (moment !== 'after' || seen.order !== order || planted !== undefined) return
    planted = await plantQuestion(bench, await scene())
  }
  return () => {
    if (planted === undefined) throw new Error(`Nobody asked for ${order}`)
    return planted
  }
}

describe('startPhase', () => {
  it('starts no agent when a question appears while it syncs', async () => {
    const pr = await bench.openPullRequest('start-race')
    const question = askAfter('inspect', async () => ({ pr, session: await bench.session(pr) }))
    await bench.say(pr, 'alice', '/belay run')
    const session = await bench.session(pr)
    expect(bench.watch.ordersOf(session.id)).toEqual(['prepare', 'inspect'])
    expect(await bench.store.list('attempts', { sessionId: session.id })).toEqual([])
    expect(await bench.decisions(pr)).toEqual([question()])
    expect(await bench.pipeline(pr)).toMatchObject({ runEpoch: 1 })
  })
})

describe('syncSession', () => {
  it('looks again and names the question that appeared meanwhile', async () => {
    const scene = await playAttempt(bench, 'sync-race')
    const question = askAfter('inspect', async () => scene)
    const comment = await bench.say(scene.pr, 'alice', '/belay sync')
    expect(repliesTo(comment)).toEqual([
      textOf({ kind: 'question_open', verb: 'sync', question: question() }),
    ])
    expect(await bench.decisions(scene.pr)).toEqual([question()])
  })

  it('asks no second question when its own sync is blocked', async () => {
    const scene = await playAttempt(bench, 'blocked-race')
    await git(bench.tree(scene.session.id), 'checkout', '--quiet', '--detach')
    const question = askAfter('inspect', async () => scene)
    const comment = await bench.say(scene.pr, 'alice', '/belay sync')
    expect(repliesTo(comment)).toEqual([
      textOf({ kind: 'question_open', verb: 'sync', question: question() }),
    ])
    expect(await bench.decisions(scene.pr)).toEqual([question()])
  })
})

describe('startSession', () => {
  it('starts no second pipeline beside a question that appeared while it checked', async () => {
    const scene = await playAttempt(bench, 'run-race')
    const question = askAfter('checkAgent', async () => scene)
    const comment = await bench.say(scene.pr, 'alice', '/belay run')
    expect(repliesTo(comment)).toEqual([textOf({ kind: 'question_open', verb: 'run', question: question() })])
    expect(await bench.pipeline(scene.pr)).toMatchObject({ no: 1, status: 'complete' })
  })
})
