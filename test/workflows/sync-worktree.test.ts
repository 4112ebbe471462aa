// Every state that blocks a sync: it is asked about with what is in the way, nothing in the worktree is touched, and
// after its cure `/continue` goes on.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SYNC_CASES } from '../../src/domain/sync/case.ts'
import { blockedCure } from '../../src/domain/text/blocked-cure.ts'
import type { IssueComment } from '../support/fake-github/index.ts'
import { git } from '../support/temp-repo.ts'
import {
  letAgentEnd,
  playAttempt,
  playUntilBlocked,
  playUntilConflict,
  questionTexts,
  repliesTo,
  statusOf,
  textOf,
  WORK,
  type Scene,
} from '../support/workbench/scenes.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import { BLOCKED_REMOTES } from '../support/workbench/blocked-remotes.ts'
import type { BlockedState, Place } from '../support/workbench/blocked-state.ts'
import { BLOCKED_WORKTREES } from '../support/workbench/blocked-worktrees.ts'
import { lookAtWorktree } from '../support/workbench/worktree-sight.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.watch.hook = () => undefined
  bench.watch.tokens = 'good'
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

let clean: Scene | null = null

/** One session serves all states as long as each leaves it as it found it. */
async function idlePlace(): Promise<Place> {
  const scene = clean ?? (await playAttempt(bench, `state-${bench.repo.pullRequests.length}`))
  clean = null
  const tree = bench.tree(scene.session.id)
  return { bench, scene, tree, branch: scene.session.branch, start: await git(tree, 'rev-parse', 'HEAD') }
}

async function syncsOf({ session }: Scene) {
  return bench.store.list('syncOperations', { sessionId: session.id })
}

async function trigger(state: BlockedState, { scene: { pr }, branch }: Place): Promise<IssueComment | null> {
  if (state.trigger === 'command') return bench.say(pr, 'alice', '/belay sync')
  if (state.trigger === 'push') await bench.repo.push({ by: 'alice', branch, files: state.brings ?? {} })
  await bench.settle()
  return null
}

describe('syncWorktree, idle', () => {
  it.each([...BLOCKED_WORKTREES, ...BLOCKED_REMOTES])(
    '$case: asks, touches nothing, goes on after the cure ($trigger)',
    async (state) => {
      const place = await idlePlace()
      const { scene, tree, branch } = place
      await state.make(place)
      const before = await lookAtWorktree(tree)
      const comment = await trigger(state, place)
      const question = await bench.question(scene.pr)
      expect(question).toMatchObject({
        kind: SYNC_CASES[state.case].opens,
        concerns: 'worktree',
        details: {
          case: state.case,
          note: typeof state.note === 'string' ? state.note : expect.stringMatching(state.note),
        },
      })
      expect(await lookAtWorktree(tree)).toEqual(before)
      const text = questionTexts(scene.pr).at(-1) ?? ''
      for (const line of question.details.note.split('\n')) expect(text).toContain(line)
      expect(text).toContain(SYNC_CASES[state.case].meaning)
      expect(text).toContain(blockedCure(state.case) ?? '')
      const operation = (await syncsOf(scene)).at(-1)
      const steps = await bench.store.list('syncSteps', { operationId: operation?.id ?? '' })
      expect(steps.filter(({ kind }) => kind !== 'pin' && kind !== 'verify_pin')).toEqual([])
      if (comment !== null) {
        const { before: from = null, after: to = null } = operation ?? {}
        const synced = { kind: 'synced', case: state.case, branch, before: from, after: to } as const
        expect(repliesTo(comment)).toEqual([textOf({ ...synced, questionId: question.id })])
      }

      await state.cure(place)
      await bench.say(scene.pr, 'alice', '/continue')
      expect((await bench.decisions(scene.pr)).filter(({ status }) => status === 'pending')).toEqual([])
      expect((await syncsOf(scene)).at(-1)).toMatchObject({ case: state.ends, state: 'done' })
      const head = await git(tree, 'rev-parse', 'HEAD')
      expect(head).toBe(await bench.repo.git.resolve(`refs/heads/${branch}`))
      clean = scene
    },
  )

  it('tries a host that does not answer again by itself, and asks only when that did not help', async () => {
    clean = null
    const { scene, tree } = await idlePlace()
    const before = await lookAtWorktree(tree)
    const route = 'GET /{owner}/{repo}.git/info/refs'
    bench.github.faults.cutConnection({ route, times: 3, when: 'before_response' })
    const comment = await bench.say(scene.pr, 'alice', '/belay sync')
    await retry(3)
    expect(await bench.decisions(scene.pr)).toEqual([])
    expect(repliesTo(comment)).toHaveLength(1)
    expect((await syncsOf(scene)).at(-1)).toMatchObject({ case: 'already_in_sync' })

    bench.github.faults.cutConnection({ route, times: 100, when: 'before_response' })
    await bench.say(scene.pr, 'alice', '/belay sync')
    await retry(3)
    expect(await bench.decisions(scene.pr)).toEqual([])
    await retry(1)
    expect(await bench.question(scene.pr)).toMatchObject({ details: { case: 'fetch_failed' } })
    expect(await lookAtWorktree(tree)).toEqual(before)
    bench.github.faults.clear()
    await bench.say(scene.pr, 'alice', '/continue')
    expect((await syncsOf(scene)).at(-1)).toMatchObject({ case: 'already_in_sync' })
  })
})

/** Lets failed jobs be tried again so many times. */
async function retry(times: number): Promise<void> {
  for (let left = times; left > 0; left -= 1) {
    bench.clock.advance(15 * 60_000)
    await bench.settle()
  }
}

describe('syncWorktree, at the end of a phase', () => {
  it('a refused push is asked about and tried again with the work that is there, by no new agent', async () => {
    await bench.repo.git.preReceive('#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n')
    const { pr, session, question } = await playUntilBlocked(bench, 'protected', WORK)
    const own = await git(bench.tree(session.id), 'rev-parse', 'HEAD')
    expect(question).toMatchObject({ concerns: 'pipeline', details: { case: 'local_ahead_push_failed' } })
    expect(question.details.pushRefusal).not.toBeNull()
    expect(await bench.repo.git.resolve('refs/heads/protected')).not.toBe(own)
    await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.repo.git.resolve('refs/heads/protected')).toBe(own)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete', failure: null })
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    expect(statusOf(pr)).toContain('its commits are on `protected`')
  })

  it('a race that does not end is asked about after three tries, and nothing is lost', async () => {
    const pr = await bench.openPullRequest('racing')
    await bench.story.script(pr.number, [WORK])
    let pushes = 0
    bench.watch.hook = async (moment, { order }) => {
      if (moment !== 'before' || order !== 'push_branch') return
      pushes += 1
      await bench.repo.push({ by: 'carol', branch: 'racing', files: { [`carol-${pushes}.txt`]: 'fast\n' } })
    }
    await bench.say(pr, 'alice', '/belay run')
    await bench.finishAttempts()
    expect(pushes).toBe(3)
    expect(await bench.question(pr)).toMatchObject({ headSha: pr.headSha, details: { case: 'raced' } })
    bench.watch.hook = () => undefined
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    const files = (await bench.repo.git.run(['ls-tree', '--name-only', 'racing'])).split('\n')
    expect(files).toEqual(expect.arrayContaining(['carol-1.txt', 'carol-2.txt', 'carol-3.txt']))
    expect(await bench.repo.git.readFile('racing', 'knot.txt')).toEqual(Buffer.from('tied by the agent\n'))
  })

  it('work on other lines is replayed on top, pushed, and asked about by nobody', async () => {
    const scene = await playUntilConflict(bench, 'rebased', [
      { do: 'write', path: 'mine.txt', text: 'mine\n' },
      { do: 'commit', paths: ['mine.txt'], message: 'Add mine' },
    ])
    const hers = scene.pr.headSha
    await letAgentEnd(bench, scene)
    expect(await bench.decisions(scene.pr)).toEqual([])
    expect((await syncsOf(scene)).at(-1)).toMatchObject({ case: 'divergence_rebased', trigger: 'phase_end' })
    expect(await bench.repo.git.resolve('refs/heads/rebased^')).toBe(hers)
    expect(await bench.repo.git.readFile('rebased', 'mine.txt')).toEqual(Buffer.from('mine\n'))
  })
})

describe('syncWorktree, at the start of a phase', () => {
  it('asks before any new agent starts, and starts it after the cure', async () => {
    const { pr, session } = await playAttempt(bench, 'start', [
      [
        { do: 'git', args: ['checkout', '--quiet', '--detach'] },
        { do: 'exit', code: 1 },
      ],
    ])
    bench.clock.advance(RESTART_DELAY_MS)
    await bench.settle()
    expect(await bench.question(pr)).toMatchObject({
      concerns: 'pipeline',
      details: { case: 'detached_head', moment: 'phase_start' },
    })
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'awaiting_human' })
    expect(await bench.story.attemptCount(pr.number)).toBe(1)
    await git(bench.tree(session.id), 'checkout', '--quiet', 'start')
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.story.attemptCount(pr.number)).toBe(2)
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})

describe('syncWorktree, with on_conflict: pause', () => {
  it('pins, leaves the worktree as it is, asks, and goes on after the conflict was resolved by hand', async () => {
    const config = 'version: 1\nsync:\n  on_conflict: pause\n'
    await bench.repo.push({ by: 'alice', branch: 'main', files: { '.github/belay.yml': config } })
    const scene = await playUntilConflict(bench, 'paused')
    const { pr, session } = scene
    const tree = bench.tree(session.id)
    const before = await lookAtWorktree(tree)
    await letAgentEnd(bench, scene)
    const question = await bench.question(pr)
    expect(question).toMatchObject({
      kind: 'divergence_reconcile_unacked',
      details: { case: 'divergence_unreconciled', isReset: false, conflictingPaths: ['knot.txt'] },
    })
    expect(question.details.pins).toHaveLength(1)
    expect(await lookAtWorktree(tree)).toEqual(before)
    await git(tree, 'reset', '--quiet', '--hard', pr.headSha)
    await bench.say(pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.pipeline(pr)).toMatchObject({ status: 'complete' })
  })
})
