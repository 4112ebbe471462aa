// A branch that is rewritten or deleted on the remote while a session works on it: the agent is stopped, a person asked.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pinsOf } from '../../src/domain/decision/subject.ts'
import type { Decision } from '../../src/domain/records.ts'
import type { Act } from '../support/agents/story.ts'
import { git } from '../support/temp-repo.ts'
import { casesOf, headOf, playAttempt, type Scene, statusOf, WORK } from '../support/workbench/scenes.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(async () => {
  bench.watch.hook = () => undefined
  bench.github.faults.clear()
  await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
})

afterAll(() => bench?.close())

async function pinnedBytes(scene: Scene, decision: Decision, path: string): Promise<string> {
  const prefix = pinsOf(decision).at(-1)?.prefix ?? ''
  return git(bench.mirror(scene.session.projectId), 'cat-file', 'blob', `${prefix}/worktree:${path}`)
}

describe('a branch that is gone from the remote', () => {
  it('is pushed anew from the worktree when told to, and not when somebody made it again', async () => {
    const scene = await playAttempt(bench, 'gone')
    const start = await headOf(bench, scene)
    bench.github.faults.drop({ event: 'push', times: 1 })
    bench.github.faults.drop({ event: 'pull_request', times: 1 })
    await bench.repo.push({ by: 'alice', branch: 'gone', delete: true })
    await bench.say(scene.pr, 'alice', '/belay sync')
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'branch_gone', context: `branch_gone:${scene.pr.number}` })
    expect(question.details.pins).toHaveLength(1)
    await bench.say(scene.pr, 'alice', '/continue')
    expect(await bench.repo.git.resolve('refs/heads/gone')).toBe(start)
    expect((await casesOf(bench, scene)).at(-1)).toBe('local_ahead_pushed')
  })
})

describe('a branch that is rewritten while the agent works', () => {
  const SLOW: readonly Act[] = [
    { do: 'write', path: 'mine.txt', text: 'mine\n' },
    { do: 'commit', paths: ['mine.txt'], message: 'Add mine' },
    { do: 'write', path: 'open.txt', text: 'not committed\n' },
    { do: 'meet', name: 'worked' },
    { do: 'sleep' },
  ]

  async function rewriteUnder(branch: string): Promise<Scene> {
    const pr = await bench.openPullRequest(branch)
    await bench.story.script(pr.number, [SLOW])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.repo.push({ by: 'alice', branch, files: { 'hers.txt': 'hers\n' }, amend: true, force: true })
    await bench.settle()
    await bench.finishAttempts()
    return { pr, session: await bench.session(pr) }
  }

  it('stops the agent, pins everything, asks, and replays only our own commits after continue', async () => {
    const scene = await rewriteUnder('rewritten')
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'sync_blocked', details: { case: 'blocked_rewritten' } })
    expect(await pinnedBytes(scene, question, 'open.txt')).toBe('not committed')
    expect(
      await bench.store.list('backups', { sessionId: scene.session.id, reason: 'rewritten' }),
    ).toHaveLength(1)
    expect(await bench.story.runningAgents()).toEqual([])
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await casesOf(bench, scene)).toContain('divergence_rebased')
    expect(await bench.repo.git.run(['log', '--format=%s', 'rewritten'])).not.toContain(
      'Start rewritten\nStart rewritten',
    )
    expect(await bench.repo.git.readFile('rewritten', 'mine.txt')).toEqual(Buffer.from('mine\n'))
    expect(await bench.session(scene.pr)).toMatchObject({ remoteMoved: null })
  })

  it('counts the failures of the next attempt once the branch is as it was', async () => {
    const pr = await bench.openPullRequest('put-back')
    const start = await bench.repo.git.resolve('refs/heads/put-back')
    const FAIL: readonly Act[] = [{ do: 'exit', code: 1 }]
    await bench.story.script(pr.number, [SLOW, FAIL, FAIL, FAIL, FAIL, FAIL])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    bench.watch.hook = async (moment, { order }) => {
      if (moment !== 'after' || order !== 'stopAttempt') return
      bench.watch.hook = () => undefined
      await bench.repo.push({ by: 'alice', branch: 'put-back', to: start ?? '', force: true })
    }
    await bench.repo.push({
      by: 'alice',
      branch: 'put-back',
      files: { 'hers.txt': 'hers\n' },
      amend: true,
      force: true,
    })
    await bench.settle()
    await bench.finishAttempts()
    expect((await bench.session(pr)).remoteMoved).not.toMatchObject({ isRewritten: true })
    for (let tries = 0; tries < 3; tries += 1) {
      bench.clock.advance(8 * RESTART_DELAY_MS)
      await bench.settle()
      await bench.finishAttempts()
    }
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'failed', failure: { code: 'agent_failed' } })
    expect(await bench.story.attemptCount(pr.number)).toBe(4)
  })

  it('is shown while the agent is being stopped', async () => {
    const pr = await bench.openPullRequest('shown')
    await bench.story.script(pr.number, [SLOW])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    let seen: unknown = null
    bench.watch.hook = async (moment, { order }) => {
      if (moment === 'before' && order === 'stopAttempt') seen = (await bench.session(pr)).remoteMoved
    }
    await bench.repo.push({
      by: 'alice',
      branch: 'shown',
      files: { 'hers.txt': 'hers\n' },
      amend: true,
      force: true,
    })
    await bench.settle()
    await bench.finishAttempts()
    expect(seen).toMatchObject({ by: 'alice', isRewritten: true })
    expect(statusOf(pr)).toContain('An answer is needed')
    expect(statusOf(pr)).not.toContain('being stopped')
  })
})

describe('a branch that is rewritten while the remote can not be read', () => {
  it('is asked about when the attempt ends, and nothing is pushed on top before', async () => {
    const pr = await bench.openPullRequest('unseen')
    await bench.story.script(pr.number, [[...WORK, { do: 'meet', name: 'worked' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    bench.watch.tokens = 'revoked'
    await bench.repo.push({
      by: 'alice',
      branch: 'unseen',
      files: { 'x.txt': 'x\n' },
      amend: true,
      force: true,
    })
    await bench.settle()
    bench.watch.tokens = 'good'
    const rewritten = await bench.repo.git.resolve('refs/heads/unseen')
    await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.finishAttempts()
    expect(await bench.question(pr)).toMatchObject({
      kind: 'sync_blocked',
      details: { case: 'blocked_rewritten' },
    })
    expect(await bench.repo.git.resolve('refs/heads/unseen')).toBe(rewritten)
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.repo.git.resolve('refs/heads/unseen^')).toBe(rewritten)
  })

  it('a way back to what Belay pushed last is no push of its own', async () => {
    const pr = await bench.openPullRequest('back')
    await bench.story.script(pr.number, [WORK, [{ do: 'meet', name: 'second' }, { do: 'sleep' }]])
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    const pushed = await bench.repo.git.resolve('refs/heads/back')
    await bench.repo.push({ by: 'alice', branch: 'back', files: { 'z.txt': 'z\n' } })
    await bench.settle()
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 2 }, 'second')
    await bench.repo.push({ by: 'alice', branch: 'back', to: pushed ?? '', force: true })
    await bench.settle()
    await bench.finishAttempts()
    expect(await bench.question(pr)).toMatchObject({ details: { case: 'blocked_rewritten' } })
  })
})
