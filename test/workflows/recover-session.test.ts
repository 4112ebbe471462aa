// Crashes around an attempt and a preparation: what stands in the database is all the next start has.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expireAttempts } from '../../src/workflows/recover-session.ts'
import { playAttempt, reactionsOf, statusOf, WORK } from '../support/workbench/scenes.ts'
import { ATTEMPT_LEASE_MS, RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import type { Order } from '../support/workbench/runner-watch.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(async () => {
  if (bench.isDead) await bench.reboot()
})

afterAll(() => bench?.close())

function killAt(moment: 'before' | 'after', order: Order): void {
  bench.watch.hook = (now, seen) => {
    if (now === moment && seen.order === order) throw bench.kill()
  }
}

async function goOn(): Promise<void> {
  await bench.settle()
  bench.clock.advance(RESTART_DELAY_MS)
  await bench.settle()
  await bench.finishAttempts()
}

describe('recoverSession', () => {
  it('ends an attempt that was committed and never spawned, and tries again', async () => {
    const pr = await bench.openPullRequest('never-spawned')
    await bench.story.script(pr.number, [WORK])
    killAt('before', 'startAttempt')
    const comment = await bench.say(pr, 'alice', '/belay run')
    const { id: sessionId } = await bench.session(pr)
    const attempts = () => bench.store.list('attempts', { sessionId })
    expect(await attempts()).toMatchObject([{ status: 'starting', pid: null, runEpoch: 2 }])
    expect(await bench.story.attemptCount(pr.number)).toBe(0)
    await bench.reboot()
    await goOn()
    expect(await attempts()).toMatchObject([
      { status: 'lost', exit: { kind: 'lost' }, runEpoch: 2 },
      { status: 'succeeded', runEpoch: 3 },
    ])
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(await bench.repo.git.readFile(pr.headSha, 'knot.txt')).toEqual(Buffer.from('tied by the agent\n'))
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
  })

  it('ends the process of an attempt whose end nobody would see, before it starts another', async () => {
    const pr = await bench.openPullRequest('orphan')
    await bench.story.script(pr.number, [
      [
        { do: 'write', path: 'half.txt', text: 'half\n' },
        { do: 'meet', name: 'half' },
      ],
      WORK,
    ])
    killAt('after', 'startAttempt')
    await bench.say(pr, 'alice', '/belay run')
    const { id: sessionId } = await bench.session(pr)
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'half')
    expect(await bench.story.runningAgents()).toHaveLength(1)
    await bench.reboot()
    await bench.settle()
    expect(await bench.story.runningAgents()).toEqual([])
    const attempts = await bench.store.list('attempts', { sessionId })
    expect(attempts).toMatchObject([{ status: 'lost' }])
    const [pin] = await bench.store.list('backups', { sessionId })
    expect(pin).toMatchObject({ reason: 'failed_attempt' })
    await goOn()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    const prompt = await bench.story.prompt({ pr: pr.number, attempt: 2 })
    expect(prompt).toContain(pin?.prefix)
  })

  it.each(['before', 'after'] as const)(
    'makes a workspace again that was being made (%s)',
    async (moment) => {
      const pr = await bench.openPullRequest(`unprepared-${moment}`)
      killAt(moment, 'prepare')
      await bench.say(pr, 'alice', '/belay run')
      expect(await bench.session(pr)).toMatchObject({ state: 'spawning' })
      await bench.reboot()
      await goOn()
      expect(await bench.session(pr)).toMatchObject({ state: 'live' })
      expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
      expect(await bench.story.attemptCount(pr.number)).toBe(1)
    },
  )

  it('takes a start up again that was cut short, and starts one agent only', async () => {
    const pr = await bench.openPullRequest('cut-short')
    killAt('after', 'inspect')
    await bench.say(pr, 'alice', '/belay run')
    await bench.reboot()
    await goOn()
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete', runEpoch: 2 })
  })

  it('finishes an attempt whose end was stored and not yet acted on', async () => {
    const pr = await bench.openPullRequest('unfinished')
    await bench.story.script(pr.number, [WORK])
    killAt('before', 'commit_leftovers')
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'running' })
    await bench.reboot()
    await goOn()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete', runEpoch: 2 })
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    expect(statusOf(pr)).toContain('its commits are on `unfinished`')
  })

  it('says that commits are on the branch when it was killed right after it had pushed them', async () => {
    const pr = await bench.openPullRequest('pushed')
    await bench.story.script(pr.number, [WORK])
    killAt('after', 'push_branch')
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    const head = await bench.repo.git.resolve('refs/heads/pushed')
    await bench.reboot()
    await goOn()
    expect(await bench.repo.git.resolve('refs/heads/pushed')).toBe(head)
    expect(await bench.repo.git.readFile('pushed', 'knot.txt')).toEqual(Buffer.from('tied by the agent\n'))
    const { id: pipelineId, status } = await bench.pipeline(pr)
    expect(status).toBe('complete')
    expect(await bench.store.list('phaseRuns', { pipelineId })).toMatchObject([{ result: 'changed' }])
    expect(statusOf(pr)).toContain('its commits are on `pushed`')
  })
})

describe('expireAttempts', () => {
  it('starts no second agent beside one that is only late with its signs of life', async () => {
    const pr = await bench.openPullRequest('late')
    await bench.story.script(pr.number, [[{ do: 'meet', name: 'worked' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    bench.clock.advance(ATTEMPT_LEASE_MS + 1)
    await expireAttempts(bench.deps)
    await bench.settle()
    bench.clock.advance(10 * RESTART_DELAY_MS)
    await bench.settle()
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    expect(await bench.story.runningAgents()).toHaveLength(1)
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })

  it('leaves an idle session alone', async () => {
    const { session } = await playAttempt(bench, 'idle')
    const orders = bench.watch.orders.length
    bench.clock.advance(100 * ATTEMPT_LEASE_MS)
    await expireAttempts(bench.deps)
    await bench.settle()
    expect(bench.watch.ordersOf(session.id, orders)).toEqual([])
  })
})
