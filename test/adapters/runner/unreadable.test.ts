// Files that nobody may read, as an unprivileged user meets them. Root reads everything, so a process that runs as root
// becomes another user here, for good: each test file has a process of its own.

import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import { embeddedOptions } from '../../support/embedded-runner.ts'
import { RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'

const NOBODY = 65_534

let world: RunnerWorld
let head: Sha

beforeAll(() => {
  if (process.getuid?.() !== 0) return
  process.setgroups?.([])
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
})

beforeEach(async () => {
  world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)))
  expect(await world.prepare()).toMatchObject({ kind: 'workspace_prepared' })
  head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  await writeFiles(world.tree(), {
    'src/other.txt': 'changed\n',
    'new.txt': 'new\n',
    'locked.txt': 'locked\n',
  })
})

afterEach(() => world.close())

async function pinnedFile(prefix: string, path: string): Promise<string | null> {
  const args = ['cat-file', 'blob', `${prefix}/worktree:${path}`]
  const { exitCode, stdout } = await tryGit({ cwd: world.mirror, args })
  return exitCode === 0 ? stdout.toString() : null
}

describe('a pin of what can not be read', () => {
  it('holds everything else and names what it lacks, when no reset follows', async () => {
    const tree = world.tree()
    await writeFiles(tree, { 'shut/inside.txt': 'inside\n' })
    await git(tree, 'add', 'shut/inside.txt')
    await git(tree, 'update-index', '--assume-unchanged', 'README.md')
    for (const path of ['locked.txt', 'src/knot.txt', 'README.md']) await chmod(join(tree, path), 0)
    await writeFiles(tree, { 'shut/inside.txt': 'changed inside\n' })
    await chmod(join(tree, 'shut'), 0)
    await expect(readFile(join(tree, 'locked.txt'))).rejects.toThrow('EACCES')
    const prefix = world.prefix()
    const outcome = await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' })
    await chmod(join(tree, 'shut'), 0o755)
    if (outcome.kind !== 'pinned') throw new Error(JSON.stringify(outcome))
    expect(outcome.skipped?.toSorted()).toEqual([
      'README.md',
      'locked.txt',
      'shut/inside.txt',
      'src/knot.txt',
    ])
    expect(outcome.paths.toSorted()).toEqual(['new.txt', 'src/other.txt'])
    expect(await pinnedFile(prefix, 'src/other.txt')).toBe('changed\n')
    expect(await pinnedFile(prefix, 'new.txt')).toBe('new\n')
    expect(await pinnedFile(prefix, 'locked.txt')).toBeNull()
    // What the index has of a tracked file stays in the pin.
    expect(await pinnedFile(prefix, 'README.md')).toBe('A rope\n')
    expect(await pinnedFile(prefix, 'shut/inside.txt')).toBe('inside\n')
    expect(await world.run({ kind: 'verify_pin', prefix })).toEqual({ kind: 'done' })
    // The same pin once more, as after a kill.
    await chmod(join(tree, 'shut'), 0)
    expect(await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' })).toEqual(outcome)
    await chmod(join(tree, 'shut'), 0o755)
  })

  it('says nothing of skipping when everything was read', async () => {
    const outcome = await world.run({
      kind: 'pin',
      prefix: world.prefix(),
      head,
      target: null,
      message: 'Pin',
    })
    expect(outcome.kind).toBe('pinned')
    expect(outcome).not.toHaveProperty('skipped')
  })

  it('is refused when a reset would follow', async () => {
    await chmod(join(world.tree(), 'locked.txt'), 0)
    const target = toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n' }))
    await world.inspect(null)
    const step = { kind: 'pin', prefix: world.prefix(), head, target, message: 'Pin' } as const
    expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'snapshot_failed' })
  })

  it('is refused when a folder that can not be opened lies where the target has a file', async () => {
    const tree = world.tree()
    await mkdir(join(tree, 'arrives.txt'))
    await writeFiles(tree, { 'arrives.txt/deep.ignored': 'only here\n' })
    const target = toSha(await world.origin.push({ 'arrives.txt': 'theirs\n' }))
    await chmod(join(tree, 'arrives.txt'), 0)
    const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
    expect(facts).toMatchObject({ kind: 'unavailable', fault: { kind: 'unreadable' } })
    const step = { kind: 'pin', prefix: world.prefix(), head, target, message: 'Pin' } as const
    const outcome = await world.run(step)
    await chmod(join(tree, 'arrives.txt'), 0o755)
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'snapshot_failed' })
  })
})

describe('a move of what can not be written', () => {
  it.each([
    ['changed', 'theirs\n'],
    ['deleted', null],
  ])('fails when a file in a closed folder is %s, and is finished once it can be', async (_name, content) => {
    const tree = world.tree()
    await git(tree, 'checkout', '--quiet', '--', '.')
    const target = toSha(await world.origin.push({ 'README.md': 'theirs\n', 'src/knot.txt': content }))
    await world.inspect(null)
    const step = { kind: 'move_tree', from: head, target } as const
    await chmod(join(tree, 'src'), 0o555)
    const outcome = await world.run(step)
    const index = await git(tree, 'ls-files', '--stage')
    await chmod(join(tree, 'src'), 0o755)
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'git_failed' })
    expect(index).toBe(
      await git(tree, 'ls-tree', '-r', '--format=%(objectmode) %(objectname) 0%x09%(path)', head),
    )
    expect(await world.run(step)).toEqual({ kind: 'done' })
    expect(await readFile(join(tree, 'README.md'), 'utf8')).toBe('theirs\n')
    expect(await git(tree, 'ls-files', '--stage', 'src/knot.txt')).toMatch(
      content === null ? /^$/ : /^100644/,
    )
    expect(await readFile(join(tree, 'src/knot.txt'), 'utf8').catch(() => null)).toBe(content)
  })
})
