// The App loses a repository, gets it back, or finds it under another name: nothing is lost, nothing starts by itself,
// and an event that comes late changes nothing back.

import { access } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { pullRequestGone } from '../../src/workflows/follow-pull-request.ts'
import type { Act } from '../support/agents/story.ts'
import {
  coverRepository,
  suspendInstallation,
  uncoverRepository,
  uninstall,
  unsuspendInstallation,
} from '../support/fake-github/installation-changes.ts'
import {
  deleteRepository,
  renameRepository,
  transferRepository,
} from '../support/fake-github/repository-changes.ts'
import { git } from '../support/temp-repo.ts'
import { playUntilBlocked, questionTexts, statusOf, type Scene } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

const OPEN_WORK: readonly Act[] = [
  { do: 'write', path: 'open.txt', text: 'open\n' },
  { do: 'meet', name: 'worked' },
  { do: 'sleep' },
]

const SECOND_LOOK_MS = 60_000

async function playUntilWorked(branch: string): Promise<Scene> {
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, [OPEN_WORK])
  await bench.say(pr, 'alice', '/belay run')
  await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
  return { pr, session: await bench.session(pr) }
}

async function settleAll(): Promise<void> {
  await bench.settle()
  await bench.finishAttempts()
}

/** Stopped, with its work in a pin and its worktree where it was. */
async function expectStopped(scene: Scene, because: string): Promise<void> {
  expect(await bench.session(scene.pr)).toMatchObject({
    state: 'stopped',
    ending: { because, workspace: 'kept' },
  })
  expect(await bench.story.runningAgents()).toEqual([])
  const pins = await bench.store.list('backups', { sessionId: scene.session.id })
  const mirror = bench.mirror(scene.session.projectId)
  expect(await git(mirror, 'cat-file', 'blob', `${pins.at(-1)?.prefix}/worktree:open.txt`)).toBe('open')
  await access(bench.tree(scene.session.id))
}

async function project(): Promise<{
  readonly installationId: number
  readonly owner: string
  readonly name: string
}> {
  const [found, ...more] = await bench.store.list('projects', {})
  expect(more).toEqual([])
  if (found === undefined) throw new Error('There is no project')
  expect(found.id).toBe('rope')
  return found
}

describe('an App that may not work any more', () => {
  it('stops and pins when it is suspended; when it is let in again that is shown and nothing starts', async () => {
    const scene = await playUntilWorked('suspended')
    suspendInstallation(bench.github.world, 'acme')
    await settleAll()
    await expectStopped(scene, 'suspended')
    expect(statusOf(scene.pr)).toContain('works on phase')
    expect(await deadEffects()).toBeGreaterThan(0)
    unsuspendInstallation(bench.github.world, 'acme')
    await settleAll()
    expect(statusOf(scene.pr)).toContain('The App was suspended')
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
    await bench.say(scene.pr, 'alice', '/belay run')
    await bench.finishAttempts()
    const next = await bench.session(scene.pr)
    expect(next).toMatchObject({ state: 'live' })
    expect(next.id).not.toBe(scene.session.id)
  })

  it('goes on when a suspension is told after its end', async () => {
    const scene = await playUntilWorked('late')
    const repositoryId = bench.repo.id
    await bench.enqueue(scene.pr, {
      kind: 'handle_event',
      event: { kind: 'access_lost', repositoryId, because: 'suspended' },
    })
    await bench.settle()
    expect(await bench.session(scene.pr)).toMatchObject({ state: 'live' })
    expect(await bench.story.runningAgents()).toHaveLength(1)
    await bench.say(scene.pr, 'alice', '/belay stop')
    await bench.finishAttempts()
  })

  it('stops and pins when it is uninstalled, and is found again under another installation', async () => {
    const scene = await playUntilWorked('uninstalled')
    const before = await project()
    const installed = bench.github.world.installations.findByRepository(bench.repo.id)
    uninstall(bench.github.world, 'acme')
    await settleAll()
    await expectStopped(scene, 'uninstalled')
    coverRepository(bench.repo, installed?.permissions ?? {})
    await settleAll()
    expect((await project()).installationId).not.toBe(before.installationId)
    expect(statusOf(scene.pr)).toContain('The App was uninstalled')
  })

  it('stops and pins when its repository was taken off it, at the second look', async () => {
    const scene = await playUntilWorked('removed')
    uncoverRepository(bench.repo)
    await bench.settle()
    expect(await bench.session(scene.pr)).toMatchObject({ state: 'live' })
    bench.clock.advance(SECOND_LOOK_MS)
    await settleAll()
    await expectStopped(scene, 'repository_removed')
    const installed = bench.github.world.installations.list()[0]
    coverRepository(bench.repo, installed?.permissions ?? {})
    await settleAll()
    expect(statusOf(scene.pr)).toContain('The repository was taken off the App')
  })
})

describe('a repository under another name', () => {
  it('keeps project and session; an event with the old name changes nothing back', async () => {
    const scene = await playUntilBlocked(bench, 'renamed')
    const before = await bench.store.find('projects', { id: 'rope' })
    renameRepository(bench.repo, 'alice', 'line')
    await settleAll()
    expect(await project()).toMatchObject({ owner: 'acme', name: 'line' })
    if (before === null) throw new Error('There is no project')
    const event = {
      kind: 'repository_changed',
      repository: before,
      action: 'edited',
      sender: { login: 'alice', isBot: false },
    } as const
    await bench.enqueue(scene.pr, { kind: 'handle_event', event })
    await settleAll()
    expect(await project()).toMatchObject({ owner: 'acme', name: 'line' })
    await git(bench.tree(scene.session.id), 'checkout', '--quiet', 'renamed')
    await bench.say(scene.pr, 'alice', '/continue')
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
    expect(bench.failures()).toEqual([])
  })

  it('asks its question anew, once, with links to the new owner, and works on there', async () => {
    const scene = await playUntilBlocked(bench, 'transferred')
    const other = await bench.github.createRepository({ owner: 'globex', name: 'other' })
    expect(other.name).toBe('other')
    transferRepository(bench.repo, 'alice', { owner: 'globex', covered: true })
    await settleAll()
    bench.clock.advance(SECOND_LOOK_MS)
    await settleAll()
    expect(await project()).toMatchObject({ owner: 'globex', name: bench.repo.name })
    expect(await bench.session(scene.pr)).toMatchObject({ state: 'live' })
    const [before, now, ...more] = await bench.decisions(scene.pr)
    expect(more).toEqual([])
    expect(before).toMatchObject({ status: 'cancelled', successorId: now?.id })
    expect(questionTexts(scene.pr)).toHaveLength(1)
    expect(questionTexts(scene.pr).join('')).toContain(now?.id)
    const [question] = await bench.reader.query(
      `SELECT payload FROM effects WHERE target = 'question:rope:${now?.rootId}'`,
    )
    expect(question?.['payload']).toMatchObject({ repository: { owner: 'globex' } })
    await git(bench.tree(scene.session.id), 'checkout', '--quiet', 'transferred')
    await bench.say(scene.pr, 'alice', '/continue')
    expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'complete' })
  })

  it('stops and pins when it is deleted, whether the event tells so or a read', async () => {
    const read = await playUntilWorked('deleted-read')
    const told = await playUntilWorked('deleted-told')
    bench.github.faults.drop({ event: 'repository', times: 1 })
    const repository = await bench.store.find('projects', { id: 'rope' })
    if (repository === null) throw new Error('There is no project')
    deleteRepository(bench.repo, 'alice')
    await bench.settle()
    const known = await bench.store.find('pullRequests', { projectId: 'rope', number: read.pr.number })
    if (known === null) throw new Error('There is no pull request')
    await bench.store.commit(await pullRequestGone(bench.deps, { project: repository, known }), null)
    const sender = { login: 'alice', isBot: false }
    const event = { kind: 'repository_changed', repository, action: 'deleted', sender } as const
    await bench.enqueue(told.pr, { kind: 'handle_event', event })
    await settleAll()
    await expectStopped(read, 'gone')
    await expectStopped(told, 'repository_deleted')
  })
})

async function deadEffects(): Promise<number> {
  const rows = await bench.reader.query(`SELECT id FROM effects WHERE state = 'dead'`)
  return rows.length
}
