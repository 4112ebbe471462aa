// Putting pins on branches and taking pushed copies away, on a real remote: what leaves the machine, and what never does.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { toBranchName, toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { StepOutcome, SyncStep } from '../../../src/domain/sync/step.ts'
import { embeddedOptions } from '../../support/embedded-runner.ts'
import { RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'

const worlds: RunnerWorld[] = []

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

interface Pinned {
  readonly world: RunnerWorld
  readonly prefix: RefName
  readonly head: Sha
}

/** A worktree with one commit of its own, disturbed by `disturb`, and its pin. */
async function pinned(disturb: (tree: string) => Promise<unknown>): Promise<Pinned> {
  const world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)))
  worlds.push(world)
  await world.prepare()
  const tree = world.tree()
  await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
  await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
  await disturb(tree)
  const head = toSha(await git(tree, 'rev-parse', 'HEAD'))
  const prefix = world.prefix()
  expect(await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' })).toMatchObject({
    kind: 'pinned',
  })
  return { world, prefix, head }
}

const BRANCH = toBranchName('belay/rescue/rope-1-1')
const TOKEN = `ghp_${'a'.repeat(36)}`

function rescue({ world, prefix }: Pinned, branch = BRANCH): Promise<StepOutcome> {
  return world.run({ kind: 'push_rescue', prefix, branch, content: 'dirty' })
}

async function show(world: RunnerWorld, path: string, commit: string = BRANCH): Promise<string | null> {
  const { exitCode, stdout } = await tryGit({
    cwd: world.origin.path,
    args: ['cat-file', 'blob', `${commit}:${path}`],
  })
  return exitCode === 0 ? stdout.toString() : null
}

/** Every blob that a branch of the origin reaches. */
async function reachable(world: RunnerWorld): Promise<string> {
  const list = await git(world.origin.path, 'rev-list', '--objects', '--no-object-names', BRANCH)
  const { stdout } = await tryGit({
    cwd: world.origin.path,
    args: ['cat-file', '--batch'],
    input: `${list}\n`,
  })
  return stdout.toString('latin1')
}

describe('push_rescue of uncommitted work', () => {
  it('puts files and index on top of the head as a stash, so that both can be had back', async () => {
    const scene = await pinned(async (tree) => {
      await writeFiles(tree, { 'src/other.txt': 'staged\n' })
      await git(tree, 'add', 'src/other.txt')
      await writeFiles(tree, { 'src/other.txt': 'unstaged\n', 'fresh.txt': 'untracked\n' })
    })
    const { world, head } = scene
    const outcome = await rescue(scene)
    const tip = await world.origin.ref(`refs/heads/${BRANCH}`)
    expect(outcome).toEqual({
      kind: 'committed',
      head: tip,
      paths: ['fresh.txt', 'src/other.txt'],
      leftOut: [],
    })
    expect(await git(world.origin.path, 'rev-parse', `${BRANCH}^1`, `${BRANCH}^2^1`)).toBe(`${head}\n${head}`)
    expect(await show(world, 'src/other.txt')).toBe('unstaged\n')
    expect(await show(world, 'src/other.txt', `${BRANCH}^2`)).toBe('staged\n')
    const { clone } = world.origin
    await git(clone, 'fetch', '--quiet', 'origin', BRANCH)
    await git(clone, 'checkout', '--quiet', '--detach', head)
    await git(clone, 'stash', 'apply', '--quiet', '--index', 'FETCH_HEAD')
    expect(await git(clone, 'status', '--porcelain')).toBe('MM src/other.txt\n?? fresh.txt')
  })

  it('makes the same commits again, so that pushing twice is pushing once', async () => {
    const scene = await pinned((tree) => writeFiles(tree, { 'fresh.txt': 'untracked\n', '.env': 'KEY=1\n' }))
    const first = await rescue(scene)
    expect(await rescue(scene)).toEqual(first)
    const { world, prefix } = scene
    const taken = { kind: 'push_rescue', prefix, branch: toBranchName('main'), content: 'dirty' } as const
    expect(await world.run(taken)).toMatchObject({ kind: 'push', result: 'non_fast_forward' })
  })

  it('leaves out what looks like a secret, by name and by content, staged or not, and names it', async () => {
    const scene = await pinned(async (tree) => {
      await writeFiles(tree, {
        '.env.local': 'PASSWORD=hunter2\n',
        'config.txt': `token ${TOKEN}\n`,
        'src/other.txt': `was ${TOKEN}\n`,
        'kept.txt': 'kept\n',
      })
      await git(tree, 'add', 'src/other.txt', '.env.local')
      // The file is harmless again; what was staged of it is not.
      await writeFiles(tree, { 'src/other.txt': 'harmless\n' })
    })
    const { world, prefix } = scene
    const outcome = await rescue(scene)
    expect(outcome).toMatchObject({
      kind: 'committed',
      paths: ['kept.txt'],
      leftOut: [
        { path: '.env.local', reason: 'secret_like' },
        { path: 'config.txt', reason: 'secret_like' },
        { path: 'src/other.txt', reason: 'secret_like' },
      ],
    })
    expect(await show(world, 'src/other.txt')).toBe('other\n')
    const published = await reachable(world)
    expect(published).toContain('kept\n')
    expect(published).not.toMatch(/hunter2|ghp_a/)
    // The pin itself keeps them.
    expect(await git(world.mirror, 'show', `${prefix}/worktree:.env.local`)).toBe('PASSWORD=hunter2')
  })

  it.each([
    ['nothing lay uncommitted', {}, []],
    ['only secrets did', { '.env': 'KEY=1\n' }, [{ path: '.env', reason: 'secret_like' }]],
  ] as const)('pushes nothing when %s', async (_what, files, leftOut) => {
    const scene = await pinned((tree) => writeFiles(tree, files))
    expect(await rescue(scene)).toEqual({ kind: 'nothing_to_commit', leftOut })
    expect(await scene.world.origin.ref(`refs/heads/${BRANCH}`)).toBeNull()
  })

  it('leaves conflict stages at home and puts the files on the branch', async () => {
    const scene = await pinned(async (tree) => {
      await git(tree, 'checkout', '--quiet', '-b', 'other', 'HEAD~1')
      await writeFiles(tree, { 'src/knot.txt': 'theirs\n' })
      await git(tree, 'commit', '--quiet', '--all', '--message=Theirs')
      await git(tree, 'checkout', '--quiet', 'work')
      await tryGit({ cwd: tree, args: ['merge', '--quiet', 'other'] })
    })
    const outcome = await rescue(scene)
    expect(outcome).toMatchObject({ kind: 'committed', paths: ['src/knot.txt'] })
    const { world, head } = scene
    expect(await git(world.origin.path, 'log', '-1', '--format=%P', BRANCH)).toBe(head)
    expect(await show(world, 'src/knot.txt')).toContain('<<<<<<<')
  })
})

describe('delete_pushed_pin', () => {
  async function pushed(): Promise<Pinned & { readonly step: SyncStep; readonly ref: RefName }> {
    const scene = await pinned((tree) => writeFiles(tree, { 'fresh.txt': 'untracked\n' }))
    const { world, prefix, head } = scene
    expect(await world.run({ kind: 'push_pin', prefix, head })).toMatchObject({ result: 'pushed' })
    const ref = `${prefix}/head` as RefName
    expect(await world.origin.ref(ref)).toBe(head)
    return { ...scene, ref, step: { kind: 'delete_pushed_pin', prefix, head } }
  }

  it('deletes the copy, keeps the local pin, and is done when nothing is there any more', async () => {
    const { world, step, ref, head } = await pushed()
    expect(await world.run(step)).toEqual({ kind: 'done' })
    expect(await world.origin.ref(ref)).toBeNull()
    expect(await git(world.mirror, 'rev-parse', ref)).toBe(head)
    expect(await world.run(step)).toEqual({ kind: 'done' })
  })

  it('keeps a copy that somebody moved', async () => {
    const { world, step, ref } = await pushed()
    const other = await git(world.origin.path, 'rev-parse', 'main')
    await git(world.origin.path, 'update-ref', ref, other)
    expect(await world.run(step)).toMatchObject({ kind: 'raced', actual: `${ref} at ${other}` })
    expect(await world.origin.ref(ref)).toBe(other)
  })

  it('keeps the copy when the local pin lost an object', async () => {
    const { world, step, ref, head, prefix } = await pushed()
    const blob = await git(world.mirror, 'rev-parse', `${prefix}/worktree:fresh.txt`)
    await rm(join(world.mirror, 'objects', blob.slice(0, 2), blob.slice(2)))
    expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
    expect(await world.origin.ref(ref)).toBe(head)
  })

  it('keeps the copy when the local refs are gone', async () => {
    const { world, step, ref, head } = await pushed()
    await git(world.mirror, 'update-ref', '-d', ref)
    expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
    expect(await world.origin.ref(ref)).toBe(head)
  })

  it('says so when the remote can not be read', async () => {
    const { world, step } = await pushed()
    await rm(world.origin.path, { recursive: true })
    expect(await world.run(step)).toMatchObject({ kind: 'push' })
  })
})
