// What the one process of a move refuses by itself, and what it would remove without a word: a small experiment for each
// thing that can lie in the way. A newer git that behaves otherwise shows here.

import { mkdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

interface Scene {
  readonly world: RunnerWorld
  readonly tree: string
  readonly ours: Sha
  readonly theirs: Sha
}

type Files = Readonly<Record<string, string | null>>

/** The remote is a commit ahead, and another one when a folder has to go first. */
async function behind(start: StartWorld, files: Files, gone: string | null = null): Promise<Scene> {
  const world = await start()
  await world.prepare()
  const tree = world.tree()
  const ours = toSha(await git(tree, 'rev-parse', 'HEAD'))
  if (gone !== null) await world.origin.push({ [gone]: null })
  const theirs = toSha(await world.origin.push(files))
  await world.inspect(null)
  return { world, tree, ours, theirs }
}

function move({ world, ours, theirs }: Scene): ReturnType<RunnerWorld['run']> {
  return world.run({ kind: 'move_tree', from: ours, target: theirs })
}

async function expectRefused(scene: Scene): Promise<void> {
  const before = await git(scene.tree, 'ls-files', '--stage')
  expect(await move(scene)).toMatchObject({ kind: 'failed', reason: 'collision' })
  expect(await git(scene.tree, 'ls-files', '--stage')).toBe(before)
}

async function makeRepository(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  await git(folder, 'init', '--quiet', '.')
  await writeFiles(folder, files)
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message=Precious')
}

interface Obstacle {
  readonly name: string
  /** A folder that the move removes as well. */
  readonly gone?: string
  readonly files: Files
  readonly put: (tree: string) => Promise<void>
  /** A file and what must be in it afterwards. */
  readonly kept: readonly [string, string]
}

const write =
  (path: string, text: string) =>
  (tree: string): Promise<void> =>
    writeFiles(tree, { [path]: text })

const OBSTACLES: readonly Obstacle[] = [
  {
    name: 'an ignored file',
    files: { 'a.ignored': 'theirs' },
    put: write('a.ignored', 'mine'),
    kept: ['a.ignored', 'mine'],
  },
  {
    name: 'an ignored file in a folder that becomes a file',
    files: { folder: 'theirs\n' },
    put: write('folder/deep/b.ignored', 'mine'),
    kept: ['folder/deep/b.ignored', 'mine'],
  },
  {
    name: 'an ignored file that becomes a folder',
    files: { 'p.ignored/x.txt': 'theirs\n' },
    put: write('p.ignored', 'mine'),
    kept: ['p.ignored', 'mine'],
  },
  {
    name: 'a tracked folder with an ignored file that becomes a file',
    gone: 'src',
    files: { src: 'theirs\n' },
    put: write('src/b.ignored', 'mine'),
    kept: ['src/b.ignored', 'mine'],
  },
  {
    name: 'a file in place of a tracked folder',
    files: { 'src/knot.txt': 'theirs\n' },
    put: async (tree) => {
      await rm(join(tree, 'src'), { recursive: true })
      await writeFile(join(tree, 'src'), 'mine')
    },
    kept: ['src', 'mine'],
  },
  {
    name: 'a folder in place of a tracked file',
    files: { 'src/knot.txt': 'theirs\n' },
    put: async (tree) => {
      await rm(join(tree, 'src/knot.txt'))
      await writeFiles(tree, { 'src/knot.txt/b.ignored': 'mine' })
    },
    kept: ['src/knot.txt/b.ignored', 'mine'],
  },
  {
    name: 'a repository without a commit where a file comes',
    files: { nest: 'theirs\n' },
    put: async (tree) => {
      await mkdir(join(tree, 'nest'))
      await git(join(tree, 'nest'), 'init', '--quiet', '.')
      await writeFile(join(tree, 'nest/.git/kept'), 'mine')
    },
    kept: ['nest/.git/kept', 'mine'],
  },
  {
    name: 'a repository with nothing but commits, deeper in such a folder',
    files: { nest: 'theirs\n' },
    put: async (tree) => {
      await makeRepository(join(tree, 'nest/deep.ignored'), {})
      await writeFile(join(tree, 'nest/deep.ignored/.git/kept'), 'mine')
    },
    kept: ['nest/deep.ignored/.git/kept', 'mine'],
  },
  {
    name: 'a repository around tracked files that become one file',
    gone: 'src',
    files: { src: 'theirs\n' },
    put: async (tree) => {
      await git(join(tree, 'src'), 'init', '--quiet', '.')
      await writeFile(join(tree, 'src/.git/kept'), 'mine')
    },
    kept: ['src/.git/kept', 'mine'],
  },
  ...['--assume-unchanged', '--skip-worktree'].flatMap((mark) =>
    [{ 'src/knot.txt': 'theirs\n' }, { 'src/knot.txt': null }].map((files): Obstacle => ({
      name: `an edit behind ${mark}, ${files['src/knot.txt'] === null ? 'deleted' : 'changed'} by the move`,
      files,
      put: async (tree) => {
        await git(tree, 'update-index', mark, 'src/knot.txt')
        await writeFiles(tree, { 'src/knot.txt': 'mine' })
      },
      kept: ['src/knot.txt', 'mine'],
    })),
  ),
  {
    name: 'a file that is meant to be added',
    files: { 'new.txt': 'theirs\n' },
    put: async (tree) => {
      await writeFiles(tree, { 'new.txt': 'mine' })
      await git(tree, 'add', '--intent-to-add', 'new.txt')
    },
    kept: ['new.txt', 'mine'],
  },
  {
    name: 'a tracked file that was taken out of the index and is ignored',
    files: { 'src/knot.txt': 'theirs\n' },
    put: async (tree) => {
      await git(tree, 'rm', '--quiet', '--cached', 'src/knot.txt')
      await writeFiles(tree, { 'src/knot.txt': 'mine', 'src/.gitignore': 'knot.txt\n' })
    },
    kept: ['src/knot.txt', 'mine'],
  },
]

export function describeCheckout(start: StartWorld): void {
  describe('execute: what lies in the way of a move', () => {
    it.each(OBSTACLES)('refuses to remove $name', async ({ gone, files, put, kept: [path, text] }) => {
      const scene = await behind(start, files, gone ?? null)
      await put(scene.tree)
      await expectRefused(scene)
      expect(await readFile(join(scene.tree, path), 'utf8')).toBe(text)
    })

    it('keeps what is staged and nowhere else', async () => {
      const scene = await behind(start, { 'src/knot.txt': 'theirs\n' })
      const before = await readFile(join(scene.tree, 'src/knot.txt'), 'utf8')
      await writeFiles(scene.tree, { 'src/knot.txt': 'only staged\n' })
      await git(scene.tree, 'add', 'src/knot.txt')
      await writeFiles(scene.tree, { 'src/knot.txt': before })
      await expectRefused(scene)
      expect(await git(scene.tree, 'show', ':src/knot.txt')).toBe('only staged')
    })

    it.each([
      ['a folder outside', 'outside'],
      ['nothing', 'nowhere'],
    ])('keeps a link to %s in place of a tracked folder', async (_name, target) => {
      const scene = await behind(start, { 'src/knot.txt': 'theirs\n' })
      const outside = join(scene.world.folder, 'outside')
      await mkdir(outside)
      await rm(join(scene.tree, 'src'), { recursive: true })
      await symlink(join(scene.world.folder, target), join(scene.tree, 'src'))
      await expectRefused(scene)
      expect(await readlink(join(scene.tree, 'src'))).toBe(join(scene.world.folder, target))
      await expect(stat(join(outside, 'knot.txt'))).rejects.toThrow('ENOENT')
    })

    it.each([
      ['with its repository', true],
      ['with loose files', false],
    ])('keeps the files of a submodule %s where a file comes', async (_name, isRepository) => {
      const scene = await behind(start, { 'src/knot.txt': 'theirs\n' })
      const { tree, world, ours } = scene
      await git(tree, 'update-index', '--add', '--cacheinfo', `160000,${ours},part`)
      await git(tree, 'commit', '--quiet', '--message=A submodule')
      const from = toSha(await git(tree, 'rev-parse', 'HEAD'))
      await git(tree, 'rm', '--quiet', '--cached', 'part')
      await writeFiles(tree, { part: 'a file now\n' })
      await git(tree, 'add', 'part')
      await git(tree, 'commit', '--quiet', '--message=A file')
      const target = toSha(await git(tree, 'rev-parse', 'HEAD'))
      await git(tree, 'reset', '--quiet', '--soft', from)
      await git(tree, 'reset', '--quiet')
      await rm(join(tree, 'part'))
      if (isRepository) await makeRepository(join(tree, 'part'), { 'inner.txt': 'mine' })
      else await writeFiles(tree, { 'part/inner.txt': 'mine' })
      await world.inspect(null)
      await git(world.mirror, 'fetch', '--quiet', join(world.home, 'sessions/rope-1/repo.git'), target)
      await expectRefused({ ...scene, ours: from, theirs: target })
      expect(await readFile(join(tree, 'part/inner.txt'), 'utf8')).toBe('mine')
    })

    it('goes on beside a repository around tracked files that keep their place', async () => {
      const scene = await behind(start, { 'src/knot.txt': 'theirs\n' })
      await git(join(scene.tree, 'src'), 'init', '--quiet', '.')
      expect(await move(scene)).toEqual({ kind: 'done' })
      expect(await readFile(join(scene.tree, 'src/knot.txt'), 'utf8')).toBe('theirs\n')
      expect(await readFile(join(scene.tree, 'src/.git/HEAD'), 'utf8')).toContain('ref: ')
    })

    it('keeps a file that is meant to be added, when the target has an empty one', async () => {
      const scene = await behind(start, { 'new.txt': '' })
      await writeFiles(scene.tree, { 'new.txt': 'mine' })
      await git(scene.tree, 'add', '--intent-to-add', 'new.txt')
      expect(['done', 'failed']).toContain((await move(scene)).kind)
      expect(await readFile(join(scene.tree, 'new.txt'), 'utf8')).toBe('mine')
    })

    it('writes a tracked file that was deleted again, and keeps a deletion elsewhere', async () => {
      const scene = await behind(start, { 'src/knot.txt': 'theirs\n' })
      await rm(join(scene.tree, 'src/knot.txt'))
      await rm(join(scene.tree, 'README.md'))
      expect(await move(scene)).toEqual({ kind: 'done' })
      expect(await readFile(join(scene.tree, 'src/knot.txt'), 'utf8')).toBe('theirs\n')
      await expect(stat(join(scene.tree, 'README.md'))).rejects.toThrow('ENOENT')
    })

    it('leaves our own git directory usable after a checkout that was killed', async () => {
      const scene = await behind(start, { 'src/knot.txt': 'theirs\n' })
      await writeFile(join(scene.world.home, 'sessions/rope-1/control/HEAD.lock'), '')
      expect(await move(scene)).toEqual({ kind: 'done' })
    })
  })
}
