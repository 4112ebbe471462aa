// A session follows its pull request: what is over is freed and loses nothing, what changes is followed.

import { access } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Backup } from '../../src/domain/records.ts'
import type { Act } from '../support/agents/story.ts'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { git, tryGit } from '../support/temp-repo.ts'
import {
  playAttempt,
  playUntilBlocked,
  questionTexts,
  statusOf,
  type Scene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.watch.hook = () => undefined
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

/** A commit of the agent's own, something staged, something changed, something new, something ignored; then it waits. */
const HALF_DONE: readonly Act[] = [
  { do: 'write', path: 'mine.txt', text: 'mine\n' },
  { do: 'commit', paths: ['mine.txt'], message: 'Add mine' },
  { do: 'write', path: 'staged.txt', text: 'staged\n' },
  { do: 'git', args: ['add', 'staged.txt'] },
  { do: 'write', path: 'knot.txt', text: 'changed\n' },
  { do: 'write', path: 'new.txt', text: 'new\n' },
  { do: 'write', path: 'x.ignored', text: 'ignored\n' },
  { do: 'meet', name: 'worked' },
  { do: 'sleep' },
]

async function playUntilHalfDone(branch: string): Promise<Scene> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, [HALF_DONE])
  await bench.say(pr, 'alice', '/belay run')
  await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
  return { pr, session: await bench.session(pr) }
}

async function settleAll(): Promise<void> {
  await bench.settle()
  await bench.finishAttempts()
}

function endPins({ session }: Scene): Promise<readonly Backup[]> {
  return bench.store.list('backups', { sessionId: session.id, reason: 'ended' })
}

async function isThere({ session }: Scene): Promise<boolean> {
  return access(bench.tree(session.id)).then(
    () => true,
    () => false,
  )
}

/** Reads everything of the half-done attempt out of the pin, with plain git and from the mirror alone. */
async function expectWholePin(scene: Scene, { prefix }: Backup): Promise<void> {
  const mirror = bench.mirror(scene.session.projectId)
  const read = (name: string): Promise<string> => git(mirror, 'cat-file', 'blob', `${prefix}/${name}`)
  expect(await git(mirror, 'log', '-1', '--format=%s', `${prefix}/head`)).toBe('Add mine')
  expect(await read('head:mine.txt')).toBe('mine')
  expect(await read('index:staged.txt')).toBe('staged')
  expect(await read('worktree:knot.txt')).toBe('changed')
  expect(await read('worktree:new.txt')).toBe('new')
  expect(
    (await tryGit({ cwd: mirror, args: ['cat-file', '-e', `${prefix}/worktree:x.ignored`] })).exitCode,
  ).not.toBe(0)
}

describe('a pull request that is over', () => {
  it('stops the agent, pins all that is not on GitHub, frees the workspace and says so', async () => {
    const scene = await playUntilHalfDone('merged')
    await scene.pr.merge('carol')
    await bench.repo.push({ by: 'carol', branch: 'merged', delete: true })
    await settleAll()
    expect(await bench.store.list('alerts', { sessionId: scene.session.id })).toEqual([])
    expect(await bench.session(scene.pr)).toMatchObject({
      state: 'closed',
      ending: { because: 'merged', workspace: 'released' },
    })
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'cancelled' })
    expect(await bench.story.runningAgents()).toEqual([])
    expect(await isThere(scene)).toBe(false)
    const [pin, ...others] = await endPins(scene)
    expect(others).toEqual([])
    await expectWholePin(scene, pin as Backup)
    expect(await bench.decisions(scene.pr)).toEqual([])
    expect(statusOf(scene.pr)).toContain('The pull request was merged')
    expect(statusOf(scene.pr)).toContain(`/belay rescue ${pin?.id} --dirty`)
    await bench.say(scene.pr, 'alice', `/belay rescue ${pin?.id}`)
    expect(await bench.repo.git.readFile(`belay/rescue/${scene.session.id}-1`, 'mine.txt')).toEqual(
      Buffer.from('mine\n'),
    )
  })

  it('pins nothing of a clean worktree, and asks nothing when the branch is gone before the news of the merge', async () => {
    const scene = await playAttempt(bench, 'clean', [[{ do: 'write', path: 'done.txt', text: 'done\n' }]])
    bench.github.faults.drop({ event: 'pull_request', times: 1 })
    await scene.pr.merge('carol')
    await bench.repo.push({ by: 'carol', branch: 'clean', delete: true })
    await settleAll()
    bench.clock.advance(60_000)
    await settleAll()
    expect(await bench.session(scene.pr)).toMatchObject({
      state: 'closed',
      ending: { because: 'merged', workspace: 'released' },
    })
    expect(await endPins(scene)).toEqual([])
    expect(await bench.decisions(scene.pr)).toEqual([])
    expect(await isThere(scene)).toBe(false)
  })

  it('withdraws an open question, and a reopened one starts anew and names the earlier pins', async () => {
    const scene = await playUntilBlocked(bench, 'reopened', [
      { do: 'write', path: 'aside.txt', text: 'aside\n' },
      { do: 'git', args: ['checkout', '--quiet', '-b', 'elsewhere'] },
      { do: 'commit', paths: ['aside.txt'], message: 'Aside' },
    ])
    await scene.pr.close('alice')
    await settleAll()
    expect(await bench.decisions(scene.pr)).toMatchObject([
      { status: 'cancelled', cancelReason: 'pull_request_over' },
    ])
    expect(questionTexts(scene.pr).join('')).toContain('The pull request is closed')
    // What the question had pinned is not pinned a second time.
    expect(await endPins(scene)).toEqual([])
    const [pin] = await bench.store.list('backups', { sessionId: scene.session.id })
    const mirror = bench.mirror(scene.session.projectId)
    expect(await git(mirror, 'log', '-1', '--format=%s', `${pin?.prefix}/head`)).toBe('Aside')
    expect(await isThere(scene)).toBe(false)
    await scene.pr.reopen('alice')
    await settleAll()
    expect((await bench.session(scene.pr)).id).toBe(scene.session.id)
    await bench.say(scene.pr, 'alice', '/belay run')
    await bench.finishAttempts()
    const next = await bench.session(scene.pr)
    expect(next).toMatchObject({ state: 'live', ending: null })
    expect(next.id).not.toBe(scene.session.id)
    expect(statusOf(scene.pr)).toContain(pin?.prefix)
  })

  it('keeps a workspace with something that no pin can hold, and raises an alert once', async () => {
    const scene = await playAttempt(bench, 'nested', [
      [
        { do: 'git', args: ['init', '--quiet', 'inner'] },
        { do: 'write', path: 'inner/kept.txt', text: 'kept\n' },
      ],
    ])
    await scene.pr.close('alice')
    await settleAll()
    await bench.enqueue(scene.pr, { kind: 'free_session', sessionId: scene.session.id })
    await settleAll()
    expect(await bench.session(scene.pr)).toMatchObject({ state: 'closed', ending: { workspace: 'held' } })
    expect(await bench.store.list('alerts', { sessionId: scene.session.id })).toMatchObject([
      { code: 'workspace_held', details: { detail: expect.stringContaining('inner') as string } },
    ])
    expect(await isThere(scene)).toBe(true)
    expect(statusOf(scene.pr)).toContain('kept on the runner')
  })
})

describe('a kill while a session is freed', () => {
  it.each([
    ['before', 'stopAttempt'],
    ['after', 'stopAttempt'],
    ['before', 'pin'],
    ['after', 'pin'],
    ['after', 'verify_pin'],
    ['before', 'release'],
    ['after', 'release'],
  ] as const)('%s %s loses nothing and is finished by the next start', async (when, order) => {
    const scene = await playUntilHalfDone(`kill-${when}-${order.toLowerCase().replace('_', '-')}`)
    let kills = 0
    bench.watch.hook = (moment, seen) => {
      if (moment !== when || seen.order !== order || kills > 0) return
      kills += 1
      throw bench.kill()
    }
    await scene.pr.close('alice')
    await bench.settle()
    // Nobody would end an agent whose runner died before it was told to.
    if (!bench.isDead) await settleAll()
    expect(kills).toBe(1)
    await bench.reboot()
    await settleAll()
    expect(await bench.session(scene.pr)).toMatchObject({ ending: { workspace: 'released' } })
    const pins = await endPins(scene)
    expect(pins.length).toBeGreaterThan(0)
    for (const pin of pins) await expectWholePin(scene, pin)
    expect(await isThere(scene)).toBe(false)
    expect(await bench.store.list('alerts', { sessionId: scene.session.id })).toEqual([])
  })
})

describe('a pull request that changes', () => {
  it('asks its question anew, once, in the same comment, and works towards the new base', async () => {
    await bench.repo.push({ by: 'alice', branch: 'next', files: { 'next.txt': 'next\n' } })
    const scene = await playUntilBlocked(bench, 'retargeted')
    await scene.pr.edit('alice', { base: 'next' })
    await settleAll()
    await scene.pr.edit('alice', { title: 'Another title' })
    await settleAll()
    expect(await bench.session(scene.pr)).toMatchObject({ state: 'live', baseRef: 'next' })
    const [before, now, ...more] = await bench.decisions(scene.pr)
    expect(more).toEqual([])
    expect(before).toMatchObject({ status: 'cancelled', cancelReason: 'superseded', successorId: now?.id })
    expect(now).toMatchObject({ status: 'pending', rootId: before?.id })
    expect(questionTexts(scene.pr)).toHaveLength(1)
    await git(bench.tree(scene.session.id), 'checkout', '--quiet', 'retargeted')
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.say(scene.pr, 'alice', '/belay run')
    await bench.finishAttempts()
    expect(await bench.story.prompt({ pr: scene.pr.number, attempt: 2 })).toContain('into: next')
    const mirror = bench.mirror(scene.session.projectId)
    expect(await git(mirror, 'rev-parse', 'refs/remotes/origin/next')).toBe(
      await bench.repo.git.resolve('refs/heads/next'),
    )
  })

  it('lets the agent work on when it becomes a draft or gets another base', async () => {
    const scene = await playUntilHalfDone('draft')
    await scene.pr.setDraft('alice', true)
    await scene.pr.edit('alice', { base: 'next' })
    await bench.settle()
    expect(await bench.story.runningAgents()).toHaveLength(1)
    expect(statusOf(scene.pr)).toContain('`draft` into `next`, a draft')
    await stop(scene.pr)
  })

  it('ends the session, pins, and asks nothing when it shows another branch', async () => {
    const scene = await playUntilHalfDone('named')
    const observed = await bench.deps.github.readPullRequest(
      { installationId: await installationId(), owner: 'acme', name: 'rope' },
      scene.pr.number,
    )
    const project = await bench.store.find('projects', { id: scene.session.projectId })
    if (observed === null || project === null) throw new Error('Nothing was read')
    const pullRequest = { ...observed, headRef: 'renamed', updatedAt: observed.updatedAt + 1000 }
    const event = {
      kind: 'pull_request_changed',
      repository: project,
      action: 'edited',
      pullRequest,
      sender: { login: 'alice', isBot: false },
    } as const
    await bench.enqueue(scene.pr, { kind: 'handle_event', event })
    await settleAll()
    expect(await bench.session(scene.pr)).toMatchObject({
      state: 'stopped',
      ending: { because: 'branch_changed', workspace: 'kept' },
    })
    const pins = await bench.store.list('backups', { sessionId: scene.session.id })
    await expectWholePin(scene, pins.at(-1) as Backup)
    expect(await isThere(scene)).toBe(true)
    expect(await bench.decisions(scene.pr)).toEqual([])
  })
})

async function installationId(): Promise<number> {
  const [project] = await bench.store.list('projects', {})
  return project?.installationId ?? 0
}

async function stop(pr: FakePullRequest): Promise<void> {
  await bench.say(pr, 'alice', '/belay stop')
  await bench.finishAttempts()
}
