// Pinning and resetting: nothing is lost, and nothing moves when the world is not as the plan saw it.

import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, START_FILES, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

interface Diverged {
  readonly world: RunnerWorld
  readonly ours: Sha
  readonly theirs: Sha
}

/** Our commit and theirs change the same line. */
async function diverge(
  start: StartWorld,
  theirs: Readonly<Record<string, string | null>> = {},
): Promise<Diverged> {
  const world = await start()
  await world.prepare()
  await writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' })
  await git(world.tree(), 'commit', '--quiet', '--all', '--message=Ours')
  const remote = await world.origin.push({ 'src/knot.txt': 'theirs\n', ...theirs })
  await world.inspect(null)
  return { world, ours: toSha(await git(world.tree(), 'rev-parse', 'HEAD')), theirs: toSha(remote) }
}

function recovery({ ours, theirs }: Diverged, prefix: RefName): readonly SyncStep[] {
  return [
    { kind: 'pin', prefix, head: ours, target: theirs, message: 'Before a sync' },
    { kind: 'verify_pin', prefix },
    { kind: 'push_pin', prefix, head: ours },
    { kind: 'reset_tree', prefix, from: ours, target: theirs },
    { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
    { kind: 'verify_worktree', head: theirs },
  ]
}

/** The bytes of a file in a pin, read with plain git in the mirror alone. */
async function pinned(world: RunnerWorld, leaf: string, path: string): Promise<Buffer | null> {
  const { exitCode, stdout } = await tryGit({
    cwd: world.mirror,
    args: ['cat-file', 'blob', `${leaf}:${path}`],
  })
  return exitCode === 0 ? stdout : null
}

export function describeRecovery(start: StartWorld): void {
  describe('execute: a recovery', () => {
    it('pins everything, pushes the pin, resets and moves the branch, step by step', async () => {
      const scene = await diverge(start)
      const { world, ours, theirs } = scene
      await writeFiles(world.tree(), { 'src/other.txt': 'dirty\n', 'new.txt': 'new\n' })
      const prefix = world.prefix()
      const outcomes = await world.execute(recovery(scene, prefix))
      expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done', 'push', 'done', 'done', 'done'])
      expect(outcomes[0]).toMatchObject({ head: ours, paths: ['src/other.txt', 'new.txt'] })
      expect(outcomes[2]).toMatchObject({ result: 'pushed' })
      expect(await world.origin.ref(`${prefix}/head`)).toBe(ours)
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
      expect(await git(world.tree(), 'status', '--porcelain')).toBe('?? new.txt')
      expect((await pinned(world, `${prefix}/worktree`, 'src/other.txt'))?.toString()).toBe('dirty\n')
      expect((await pinned(world, `${prefix}/worktree`, 'new.txt'))?.toString()).toBe('new\n')
      const listed = await world.runner.listPins(world.workspace())
      expect(listed.map(({ ref }) => ref)).toEqual(
        ['head', 'index', 'worktree'].map((leaf) => `${prefix}/${leaf}`),
      )
    })

    it('gives the same bytes back through plain `git stash apply`', async () => {
      const scene = await diverge(start)
      const { world, ours } = scene
      await writeFiles(world.tree(), { 'src/other.txt': 'staged\n' })
      await git(world.tree(), 'add', 'src/other.txt')
      await writeFiles(world.tree(), { 'src/other.txt': 'staged and changed\n' })
      const prefix = world.prefix()
      await world.execute(recovery(scene, prefix))
      await git(world.tree(), 'checkout', '--quiet', '-b', 'back', ours)
      await git(world.tree(), 'fetch', '--quiet', world.mirror, `${prefix}/worktree`)
      await git(world.tree(), 'stash', 'apply', '--quiet', '--index', 'FETCH_HEAD')
      expect(await git(world.tree(), 'show', ':src/other.txt')).toBe('staged')
      expect(await readFile(join(world.tree(), 'src/other.txt'), 'utf8')).toBe('staged and changed\n')
    })

    it('stops before the reset when files changed after the pin was made', async () => {
      const scene = await diverge(start)
      const { world, ours } = scene
      const prefix = world.prefix()
      const steps = recovery(scene, prefix)
      await world.execute(steps.slice(0, 2))
      await writeFiles(world.tree(), { 'src/other.txt': 'written late\n' })
      expect(await world.execute(steps.slice(3))).toMatchObject([{ kind: 'raced' }])
      expect(await readFile(join(world.tree(), 'src/other.txt'), 'utf8')).toBe('written late\n')
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(ours)
    })

    it.each(['head', 'index', 'worktree'])('does not reset when the pin’s %s is gone', async (leaf) => {
      const scene = await diverge(start)
      const { world } = scene
      const prefix = world.prefix()
      const steps = recovery(scene, prefix)
      await writeFiles(world.tree(), { 'src/other.txt': 'dirty\n' })
      await world.execute(steps.slice(0, 2))
      await git(world.mirror, 'update-ref', '-d', `${prefix}/${leaf}`)
      expect(await world.execute(steps.slice(1, 2))).toMatchObject([
        { kind: 'failed', reason: 'snapshot_failed' },
      ])
      expect(await world.execute(steps.slice(3))).toMatchObject([{ kind: 'failed', reason: 'not_pinned' }])
      expect(await readFile(join(world.tree(), 'src/other.txt'), 'utf8')).toBe('dirty\n')
    })

    it.each(['head', 'index', 'worktree'])('is no gentler to a pin whose %s is gone', async (leaf) => {
      const scene = await diverge(start)
      const { world, ours, theirs } = scene
      const prefix = world.prefix()
      await world.execute(recovery(scene, prefix).slice(0, 2))
      await git(world.mirror, 'update-ref', '-d', `${prefix}/${leaf}`)
      const gentle: SyncStep = { kind: 'reset_tree', prefix, from: ours, target: theirs, isGentle: true }
      expect(await world.run(gentle)).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
      expect(await readFile(join(world.tree(), 'src/knot.txt'), 'utf8')).toBe('ours\n')
    })

    it('does not reset when an object of the pin is missing in the mirror', async () => {
      const scene = await diverge(start)
      const { world } = scene
      const prefix = world.prefix()
      const steps = recovery(scene, prefix)
      await writeFiles(world.tree(), { 'new.txt': 'only here\n' })
      await world.execute(steps.slice(0, 2))
      const blob = await git(world.mirror, 'rev-parse', `${prefix}/worktree:new.txt`)
      await rm(join(world.mirror, 'objects', blob.slice(0, 2), blob.slice(2)))
      expect(await world.execute(steps.slice(3))).toMatchObject([{ kind: 'failed', reason: 'not_pinned' }])
    })

    it('does not reset a head it did not expect, nor beside a lock', async () => {
      const scene = await diverge(start)
      const { world, ours, theirs } = scene
      const prefix = world.prefix()
      const steps = recovery(scene, prefix)
      await world.execute(steps.slice(0, 2))
      const lock = join(world.home, 'sessions/rope-1/repo.git/worktrees/tree/index.lock')
      await writeFile(lock, '')
      expect(await world.execute(steps.slice(3))).toMatchObject([{ kind: 'failed', reason: 'locked' }])
      await rm(lock)
      await git(world.tree(), 'commit', '--quiet', '--allow-empty', '--message=Later')
      const later = await git(world.tree(), 'rev-parse', 'HEAD')
      expect(await world.execute(steps.slice(3))).toEqual([{ kind: 'raced', expected: ours, actual: later }])
      const move: SyncStep = { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs }
      expect(await world.run(move)).toEqual({ kind: 'raced', expected: ours, actual: later })
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(later)
    })

    it('repeats every step without harm, as after a kill', async () => {
      const scene = await diverge(start)
      const { world, theirs } = scene
      await writeFiles(world.tree(), { 'new.txt': 'new\n' })
      const prefix = world.prefix()
      for (const step of recovery(scene, prefix)) {
        const first = await world.run(step)
        // A pin may not be made again after the reset; the reset finds its files changed by itself.
        if (step.kind !== 'reset_tree') expect(await world.run(step)).toEqual(first)
      }
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
    })

    it('never makes a pin of another state under a name that is taken', async () => {
      const scene = await diverge(start)
      const { world } = scene
      const [pin] = recovery(scene, world.prefix())
      if (pin === undefined) throw new Error('no step')
      await world.run(pin)
      await writeFiles(world.tree(), { 'new.txt': 'later\n' })
      expect(await world.run(pin)).toMatchObject({ kind: 'failed', reason: 'snapshot_failed' })
    })

    it('removes locks of a killed process, and only then goes on', async () => {
      const scene = await diverge(start)
      const { world } = scene
      const steps = recovery(scene, world.prefix())
      await writeFile(join(world.home, 'sessions/rope-1/repo.git/worktrees/tree/index.lock'), 'half')
      expect(await world.execute(steps)).toMatchObject([{ kind: 'failed', reason: 'locked' }])
      expect(await world.run({ kind: 'remove_stale_locks' })).toEqual({ kind: 'done' })
      expect((await world.execute(steps)).at(-1)).toEqual({ kind: 'done' })
    })
  })

  describe('execute: the bytes of a pin', () => {
    const hard = async (scene: Diverged): Promise<void> => {
      const tree = scene.world.tree()
      await writeFiles(tree, {
        '.gitattributes': '*.txt text eol=lf\n*.bin filter=evil\n',
        'crlf.txt': 'one\r\ntwo\r\n',
        'data.bin': Buffer.from([0, 1, 2, 255, 254]),
        'with space and "quotes".md': 'quoted\n',
        '"leading quote': 'leading\n',
        'new\nline': 'newline\n',
        'ümläut/日本.txt': 'utf-8\n',
        '-dash': 'dash\n',
        'run.sh': '#!/bin/sh\n',
        'intent.txt': 'intended\n',
        'staged-then-gone.txt': 'staged only\n',
      })
      await writeFile(Buffer.concat([Buffer.from(`${tree}/caf`), Buffer.from([0xe9])]), 'latin1 name\n')
      await chmod(join(tree, 'run.sh'), 0o755)
      await symlink('/etc/passwd', join(tree, 'link'))
      await git(tree, 'add', '--intent-to-add', 'intent.txt')
      await git(tree, 'add', 'staged-then-gone.txt')
      await rm(join(tree, 'staged-then-gone.txt'))
      await rm(join(tree, 'README.md'))
    }

    it('keeps every kind of file exactly as it lies, and index and worktree apart', async () => {
      const scene = await diverge(start)
      const { world, ours } = scene
      await hard(scene)
      const before = await tryGit({ cwd: world.tree(), args: ['status', '--porcelain=v2', '-z', '-uall'] })
      const prefix = world.prefix()
      expect((await world.execute(recovery(scene, prefix).slice(0, 2))).map(({ kind }) => kind)).toEqual([
        'pinned',
        'done',
      ])
      const after = await tryGit({ cwd: world.tree(), args: ['status', '--porcelain=v2', '-z', '-uall'] })
      expect(after.stdout).toEqual(before.stdout)

      const worktree = `${prefix}/worktree`
      for (const path of [
        'crlf.txt',
        'data.bin',
        'with space and "quotes".md',
        '"leading quote',
        'new\nline',
        'ümläut/日本.txt',
        '-dash',
        'intent.txt',
      ]) {
        expect(await pinned(world, worktree, path), path).toEqual(await readFile(join(world.tree(), path)))
      }
      expect((await pinned(world, worktree, 'link'))?.toString()).toBe('/etc/passwd')
      expect(await pinned(world, worktree, 'README.md')).toBeNull()
      expect(await pinned(world, worktree, 'staged-then-gone.txt')).toBeNull()
      expect((await pinned(world, `${prefix}/index`, 'staged-then-gone.txt'))?.toString()).toBe(
        'staged only\n',
      )
      expect((await pinned(world, `${prefix}/index`, 'README.md'))?.toString()).toBe('A rope\n')
      const { stdout } = await tryGit({ cwd: world.mirror, args: ['ls-tree', '-r', '-z', worktree] })
      const listing = stdout.toString('latin1')
      expect(listing).toMatch(/100755 blob [0-9a-f]{40}\trun\.sh\0/)
      expect(listing).toMatch(/120000 blob [0-9a-f]{40}\tlink\0/)
      expect(listing).toContain('\tcaf\xe9\0')
      expect(await git(world.mirror, 'rev-parse', `${worktree}^1`)).toBe(ours)
      expect(
        (await tryGit({ cwd: world.mirror, args: ['fsck', '--strict', '--connectivity-only'] })).exitCode,
      ).toBe(0)
    })

    it('saves ignored files that lie where the target has something, and hidden edits', async () => {
      const scene = await diverge(start, { 'a.ignored': 'theirs', folder: 'a file now\n' })
      const { world } = scene
      await writeFiles(world.tree(), {
        'a.ignored': 'ours',
        'folder/b.ignored': 'deep',
        'free.ignored': 'free',
      })
      await git(world.tree(), 'update-index', '--skip-worktree', 'src/other.txt')
      await writeFiles(world.tree(), { 'src/other.txt': 'hidden\n' })
      const prefix = world.prefix()
      expect((await world.execute(recovery(scene, prefix).slice(0, 4))).at(-1)).toEqual({ kind: 'done' })
      const worktree = `${prefix}/worktree`
      expect((await pinned(world, worktree, 'a.ignored'))?.toString()).toBe('ours')
      expect((await pinned(world, worktree, 'folder/b.ignored'))?.toString()).toBe('deep')
      expect((await pinned(world, worktree, 'src/other.txt'))?.toString()).toBe('hidden\n')
      expect(await readFile(join(world.tree(), 'a.ignored'), 'utf8')).toBe('theirs')
      expect(await readFile(join(world.tree(), 'free.ignored'), 'utf8')).toBe('free')
    })

    it('saves an ignored file at a path that was only taken out of the index', async () => {
      const scene = await diverge(start)
      const { world } = scene
      await writeFiles(world.tree(), { '.gitignore': 'README.md\n', 'README.md': 'private notes\n' })
      await git(world.tree(), 'rm', '--quiet', '--cached', 'README.md')
      const prefix = world.prefix()
      expect((await world.execute(recovery(scene, prefix).slice(0, 4))).at(-1)).toEqual({ kind: 'done' })
      expect((await pinned(world, `${prefix}/worktree`, 'README.md'))?.toString()).toBe('private notes\n')
    })

    it('keeps all stages of a conflicted index and the file with its markers', async () => {
      const scene = await diverge(start)
      const { world } = scene
      await tryGit({ cwd: world.tree(), args: ['merge', 'origin/work'] })
      await writeFiles(world.tree(), { 'staged.txt': 'staged beside the conflict\n' })
      await git(world.tree(), 'add', 'staged.txt')
      await writeFiles(world.tree(), { 'staged.txt': 'and changed\n' })
      const prefix = world.prefix()
      const outcomes = await world.execute(recovery(scene, prefix).slice(0, 2))
      expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done'])
      const index = `${prefix}/index`
      const stages = await Promise.all([1, 2, 3].map((no) => pinned(world, index, `stage${no}/src/knot.txt`)))
      expect(stages.map(String)).toEqual([START_FILES['src/knot.txt'], 'ours\n', 'theirs\n'])
      expect(String(await pinned(world, index, 'stage0/staged.txt'))).toBe('staged beside the conflict\n')
      const worktree = `${prefix}/worktree`
      expect(String(await pinned(world, worktree, 'src/knot.txt'))).toContain(
        '<<<<<<< HEAD\nours\n=======\ntheirs\n',
      )
      expect(String(await pinned(world, worktree, 'staged.txt'))).toBe('and changed\n')
    })

    it('refuses when a repository of its own would be lost, and leaves alone one that is not in the way', async () => {
      const scene = await diverge(start, { 'nested/file.txt': 'theirs\n' })
      const { world } = scene
      for (const name of ['nested', 'free']) {
        await mkdir(join(world.tree(), name))
        await git(join(world.tree(), name), 'init', '--quiet', '.')
        await writeFiles(join(world.tree(), name), { 'inner.txt': 'inner\n' })
      }
      expect(await world.execute(recovery(scene, world.prefix()))).toMatchObject([
        { kind: 'failed', reason: 'snapshot_failed' },
      ])
      await rm(join(world.tree(), 'nested'), { recursive: true })
      expect((await world.execute(recovery(scene, world.prefix()))).at(-1)).toEqual({ kind: 'done' })
      expect(await readFile(join(world.tree(), 'free/inner.txt'), 'utf8')).toBe('inner\n')
    })

    it('refuses to pin what it can not read', async () => {
      const scene = await diverge(start)
      const { world } = scene
      await writeFiles(world.tree(), { 'staged.txt': 'staged and gone\n' })
      await git(world.tree(), 'add', 'staged.txt')
      const blob = await git(world.tree(), 'rev-parse', ':staged.txt')
      await rm(join(world.home, 'sessions/rope-1/repo.git/objects', blob.slice(0, 2), blob.slice(2)))
      expect(await world.execute(recovery(scene, world.prefix()))).toMatchObject([
        { kind: 'failed', reason: 'snapshot_failed' },
      ])
    })
  })
}
