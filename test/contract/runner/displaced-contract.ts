// Pinning and resetting when something of another kind lies where a tracked file or folder was: git's status shows the
// tracked file as gone, shows nothing ignored, and a reset removes whatever is in its way.

import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { StepOutcome, SyncStep } from '../../../src/domain/sync/step.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

interface Scene {
  readonly world: RunnerWorld
  readonly tree: string
  readonly ours: Sha
  readonly theirs: Sha
}

/** Our commit and theirs change the same line; neither touches `src/other.txt`. */
async function diverge(
  start: StartWorld,
  theirs: Readonly<Record<string, string | null>> = {},
): Promise<Scene> {
  const world = await start()
  await world.prepare()
  const tree = world.tree()
  await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
  await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
  const pushed = await world.origin.push({ 'src/knot.txt': 'theirs\n', ...theirs })
  await world.inspect(null)
  return { world, tree, ours: toSha(await git(tree, 'rev-parse', 'HEAD')), theirs: toSha(pushed) }
}

function recovery({ ours, theirs }: Scene, prefix: RefName): readonly SyncStep[] {
  return [
    { kind: 'pin', prefix, head: ours, target: theirs, message: 'Before a sync' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from: ours, target: theirs },
    { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
    { kind: 'verify_worktree', head: theirs },
  ]
}

/** Recovers and expects the given texts in the pin, whatever became of the files. */
async function expectPinned(scene: Scene, texts: Readonly<Record<string, string>>): Promise<void> {
  const { world } = scene
  const prefix = world.prefix()
  const outcomes = await world.execute(recovery(scene, prefix))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done', 'done', 'done', 'done'])
  for (const [path, text] of Object.entries(texts)) {
    const args = ['cat-file', 'blob', `${prefix}/worktree:${path}`]
    const { stdout } = await tryGit({ cwd: world.mirror, args })
    expect(stdout.toString(), path).toBe(text)
  }
  expect(await git(world.tree(), 'status', '--porcelain', '--untracked-files=no')).toBe('')
}

async function replaceByFolder({ tree }: Scene, path: string): Promise<void> {
  await rm(join(tree, path), { recursive: true, force: true })
  await mkdir(join(tree, path))
}

async function makeRepository(folder: string): Promise<void> {
  await git(folder, 'init', '--quiet', '.')
  await writeFiles(folder, { 'precious.txt': 'only here\n' })
  await git(folder, 'add', '.')
  await git(folder, '-c', 'user.name=A', '-c', 'user.email=a@b', 'commit', '--quiet', '--message=Precious')
}

const READ_COMMIT = ['log', '-1', '--format=%s']

/** Expects that the pin is refused, that the reset is refused even beside an older pin, and that nothing moved. */
async function expectRefused(scene: Scene, disturb: () => Promise<void>): Promise<void> {
  const { world } = scene
  const older = world.prefix()
  const [, , reset] = recovery(scene, older)
  if (reset === undefined) throw new Error('no step')
  await world.execute(recovery(scene, older).slice(0, 2))
  await disturb()
  expect(await world.execute(recovery(scene, world.prefix()))).toMatchObject([
    { kind: 'failed', reason: 'snapshot_failed' },
  ])
  const refused: StepOutcome = await world.run(reset)
  expect(refused.kind).toBe('raced')
  expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(scene.ours)
}

export function describeDisplaced(start: StartWorld): void {
  describe('execute: a file became a folder', () => {
    it('pins what is ignored in the folder, at every depth', async () => {
      const scene = await diverge(start)
      await replaceByFolder(scene, 'src/other.txt')
      await writeFiles(join(scene.tree, 'src/other.txt'), {
        'precious.ignored': 'only here\n',
        'deep/down/also.ignored': 'only there\n',
        'plain.txt': 'untracked\n',
      })
      await expectPinned(scene, {
        'src/other.txt/precious.ignored': 'only here\n',
        'src/other.txt/deep/down/also.ignored': 'only there\n',
        'src/other.txt/plain.txt': 'untracked\n',
      })
      expect(await readFile(join(scene.tree, 'src/other.txt'), 'utf8')).toBe('other\n')
    })

    it('does so for a file that both commits changed, that is in conflict, or that was taken out of the index', async () => {
      const scene = await diverge(start)
      await tryGit({ cwd: scene.tree, args: ['merge', '--quiet', 'origin/work'] })
      await git(scene.tree, 'rm', '--quiet', '--cached', 'src/other.txt')
      const places = ['src/knot.txt', 'src/other.txt', 'README.md']
      for (const path of places) {
        await replaceByFolder(scene, path)
        await writeFile(join(scene.tree, path, 'a.ignored'), `under ${path}\n`)
      }
      expect(await git(scene.tree, 'status', '--porcelain')).toContain('UU src/knot.txt')
      await expectPinned(
        scene,
        Object.fromEntries(places.map((path) => [`${path}/a.ignored`, `under ${path}\n`])),
      )
    })

    it.each(['--assume-unchanged', '--skip-worktree'])('does so for a file hidden by %s', async (flag) => {
      const scene = await diverge(start)
      await git(scene.tree, 'update-index', flag, 'src/other.txt')
      await replaceByFolder(scene, 'src/other.txt')
      await writeFile(join(scene.tree, 'src/other.txt/a.ignored'), 'only here\n')
      const prefix = scene.world.prefix()
      const outcomes = await scene.world.execute(recovery(scene, prefix).slice(0, 3))
      expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done', 'done'])
      const name = `${prefix}/worktree:src/other.txt/a.ignored`
      expect(await git(scene.world.mirror, 'cat-file', 'blob', name)).toBe('only here')
    })

    it('leaves the folder alone when the target has nothing there', async () => {
      const scene = await diverge(start, { 'src/other.txt': null })
      await replaceByFolder(scene, 'src/other.txt')
      await mkdir(join(scene.tree, 'src/other.txt/inner'))
      await makeRepository(join(scene.tree, 'src/other.txt/inner'))
      await writeFile(join(scene.tree, 'src/other.txt/a.ignored'), 'stays\n')
      await expectPinned(scene, {})
      expect(await readFile(join(scene.tree, 'src/other.txt/a.ignored'), 'utf8')).toBe('stays\n')
      expect(await git(join(scene.tree, 'src/other.txt/inner'), ...READ_COMMIT)).toBe('Precious')
    })

    it('stops the reset when something was written into the folder after the pin', async () => {
      const scene = await diverge(start)
      await replaceByFolder(scene, 'src/other.txt')
      const prefix = scene.world.prefix()
      await scene.world.execute(recovery(scene, prefix).slice(0, 2))
      await writeFile(join(scene.tree, 'src/other.txt/late.ignored'), 'late\n')
      expect(await scene.world.execute(recovery(scene, prefix).slice(2))).toMatchObject([{ kind: 'raced' }])
      expect(await readFile(join(scene.tree, 'src/other.txt/late.ignored'), 'utf8')).toBe('late\n')
    })
  })

  describe('execute: a folder became a file', () => {
    const replaceFolder = async ({ tree }: Scene): Promise<void> => {
      await rm(join(tree, 'src'), { recursive: true })
    }

    it.each([
      ['ignored', 'src\n'],
      ['untracked', ''],
    ])('pins a file that is %s', async (_kind, line) => {
      const scene = await diverge(start)
      await replaceFolder(scene)
      await appendFile(join(scene.tree, '.gitignore'), line)
      await writeFile(join(scene.tree, 'src'), 'only here\n')
      await expectPinned(scene, { src: 'only here\n' })
      expect(await readFile(join(scene.tree, 'src/knot.txt'), 'utf8')).toBe('theirs\n')
    })

    it('pins a link by its name and touches nothing behind it', async () => {
      const scene = await diverge(start)
      await replaceFolder(scene)
      await writeFiles(scene.tree, { 'real.ignored/knot.txt': 'behind\n', 'real.ignored/other.txt': 'it\n' })
      await appendFile(join(scene.tree, '.gitignore'), 'src\n')
      await symlink('real.ignored', join(scene.tree, 'src'))
      await expectPinned(scene, { src: 'real.ignored' })
      expect(await readFile(join(scene.tree, 'real.ignored/knot.txt'), 'utf8')).toBe('behind\n')
      expect(await readFile(join(scene.tree, 'real.ignored/other.txt'), 'utf8')).toBe('it\n')
    })

    it('reads nothing beyond a link that took the place of a folder, and keeps the link as it lies', async () => {
      const scene = await diverge(start)
      const { tree, world } = scene
      await replaceFolder(scene)
      await writeFiles(world.folder, { 'outside/knot.txt': 'a secret\n' })
      await symlink('first', join(tree, 'src'))
      await git(tree, 'add', '--all')
      await rm(join(tree, 'src'))
      await symlink(join(world.folder, 'outside'), join(tree, 'src'))
      await expectPinned(scene, { src: join(world.folder, 'outside') })
      const secret = await git(world.mirror, 'hash-object', join(world.folder, 'outside/knot.txt'))
      expect((await tryGit({ cwd: world.mirror, args: ['cat-file', '-e', secret] })).exitCode).not.toBe(0)
      expect(await readFile(join(world.folder, 'outside/knot.txt'), 'utf8')).toBe('a secret\n')
    })

    it('pins a link that leads to itself', async () => {
      const scene = await diverge(start)
      await replaceFolder(scene)
      await symlink('src', join(scene.tree, 'src'))
      await expectPinned(scene, { src: 'src' })
    })

    it('pins a file in place of a submodule', async () => {
      const scene = await diverge(start)
      const { tree, world } = scene
      const commit = await git(tree, 'rev-parse', 'HEAD')
      await git(tree, 'update-index', '--add', '--cacheinfo', `160000,${commit},part`)
      await git(tree, 'commit', '--quiet', '--message=A submodule')
      const ours = toSha(await git(tree, 'rev-parse', 'HEAD'))
      await writeFile(join(tree, 'part'), 'only here\n')
      const prefix = world.prefix()
      const step = { kind: 'pin', prefix, head: ours, target: scene.ours, message: 'Pin' } as const
      expect((await world.run(step)).kind).toBe('pinned')
      expect(await git(world.mirror, 'cat-file', 'blob', `${prefix}/worktree:part`)).toBe('only here')
    })
  })

  describe('execute: a repository of its own in place of tracked files', () => {
    it('refuses pin and reset when it lies where a file was', async () => {
      const scene = await diverge(start)
      await expectRefused(scene, async () => {
        await replaceByFolder(scene, 'src/other.txt')
        await makeRepository(join(scene.tree, 'src/other.txt'))
      })
      expect(await git(join(scene.tree, 'src/other.txt'), ...READ_COMMIT)).toBe('Precious')
    })

    it('refuses when it lies deeper in such a folder, without a commit, and ignored', async () => {
      const scene = await diverge(start)
      await expectRefused(scene, async () => {
        await replaceByFolder(scene, 'src/other.txt')
        const inner = join(scene.tree, 'src/other.txt/deep.ignored')
        await mkdir(inner)
        await git(inner, 'init', '--quiet', '.')
        await writeFile(join(inner, 'precious.txt'), 'only here\n')
      })
      const file = join(scene.tree, 'src/other.txt/deep.ignored/precious.txt')
      expect(await readFile(file, 'utf8')).toBe('only here\n')
    })

    it('goes on when it was made around tracked files, which it then keeps', async () => {
      const scene = await diverge(start)
      await git(join(scene.tree, 'src'), 'init', '--quiet', '.')
      await writeFiles(scene.tree, { 'src/other.txt': 'dirty\n' })
      await expectPinned(scene, { 'src/other.txt': 'dirty\n' })
      expect(await readFile(join(scene.tree, 'src/.git/HEAD'), 'utf8')).toContain('ref: ')
    })
  })
}
