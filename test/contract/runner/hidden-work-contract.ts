// Work that git was told not to look at, and files that git calls changed although nobody touched them: what is committed
// of them, what a pin keeps, and what a reset may do.

import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { StepOutcome } from '../../../src/domain/sync/step.ts'
import { BRANCH, type RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { diverge, kinds, pinned, pinOf } from './diverged-scene.ts'
import type { StartWorld } from './runner-contract.ts'
import { prepareScene } from './session-scene.ts'

const STAGED = 'staged, and nowhere else\n'
const TOKEN = `ghp_${'a'.repeat(36)}`

async function stage(world: RunnerWorld, files: Readonly<Record<string, string>>): Promise<void> {
  await writeFiles(world.tree(), files)
  await git(world.tree(), 'add', '--all')
}

/** Ways to hide a staged file. */
const HIDINGS: readonly (readonly [string, (tree: string, path: string) => Promise<unknown>])[] = [
  ['a sparse checkout', (tree) => git(tree, 'sparse-checkout', 'set', '--no-cone', '/README.md')],
  ['skip-worktree', (tree, path) => git(tree, 'update-index', '--skip-worktree', path)],
  [
    'skip-worktree, and deleted',
    async (tree, path) => {
      await git(tree, 'update-index', '--skip-worktree', path)
      await rm(join(tree, path))
    },
  ],
  ['assume-unchanged', (tree, path) => git(tree, 'update-index', '--assume-unchanged', path)],
  [
    'assume-unchanged, and deleted',
    async (tree, path) => {
      await git(tree, 'update-index', '--assume-unchanged', path)
      await rm(join(tree, path))
    },
  ],
]

/** As a session commits leftovers: once, and once more behind a pin where that is asked for. */
async function commitLeft(
  world: RunnerWorld,
): Promise<{ readonly first: StepOutcome; readonly last: StepOutcome; readonly prefix: RefName }> {
  const step = { kind: 'commit_leftovers', branch: BRANCH, message: 'Left' } as const
  const prefix = world.prefix()
  const first = await world.run(step)
  if (first.kind !== 'failed' || first.reason !== 'not_pinned') return { first, last: first, prefix }
  const head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  const pin = await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' })
  expect(pin).toMatchObject({ kind: 'pinned' })
  return { first, last: await world.run({ ...step, prefix }), prefix }
}

async function show(world: RunnerWorld, object: string): Promise<string | null> {
  const { exitCode, stdout } = await tryGit({ cwd: world.tree(), args: ['show', object] })
  return exitCode === 0 ? stdout.toString() : null
}

export function describeHiddenWork(start: StartWorld): void {
  describe('execute: commit_leftovers of staged work that is hidden', () => {
    it.each(HIDINGS)(
      'commits the staged version behind %s, and only when it is pinned',
      async (_name, hide) => {
        const { world } = await prepareScene(start)
        await stage(world, { 'src/knot.txt': STAGED })
        await hide(world.tree(), 'src/knot.txt')
        const marks = await git(world.tree(), 'ls-files', '-v')
        const { first, last, prefix } = await commitLeft(world)
        expect(first).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
        expect(last).toMatchObject({ kind: 'committed', paths: ['src/knot.txt'], leftOut: [] })
        expect(await show(world, 'HEAD:src/knot.txt')).toBe(STAGED)
        expect(await git(world.mirror, 'show', `${prefix}/index:src/knot.txt`)).toBe(STAGED.trimEnd())
        expect(await git(world.tree(), 'ls-files', '-v')).toBe(marks)
        expect((await commitLeft(world)).last).toEqual({ kind: 'nothing_to_commit', leftOut: [] })
      },
    )

    it('judges what a commit would hold, and not the clean file in its place', async () => {
      const { world } = await prepareScene(start)
      await stage(world, { 'conf.txt': `${TOKEN}\n`, 'fine.txt': 'fine\n' })
      await git(world.tree(), 'update-index', '--assume-unchanged', 'conf.txt')
      await writeFiles(world.tree(), { 'conf.txt': 'clean now\n' })
      const { last, prefix } = await commitLeft(world)
      const leftOut = [{ path: 'conf.txt', reason: 'secret_like' }]
      expect(last).toMatchObject({ kind: 'committed', paths: ['fine.txt'], leftOut })
      expect(await show(world, 'HEAD:conf.txt')).toBeNull()
      expect(await git(world.mirror, 'show', `${prefix}/index:conf.txt`)).toBe(TOKEN)
      expect(await readFile(join(world.tree(), 'conf.txt'), 'utf8')).toBe('clean now\n')
    })

    it.each(HIDINGS)('leaves a secret out behind %s and keeps the mark', async (_name, hide) => {
      const { world } = await prepareScene(start)
      await stage(world, { 'src/knot.txt': `${TOKEN}\n` })
      await hide(world.tree(), 'src/knot.txt')
      const marks = await git(world.tree(), 'ls-files', '-v')
      const before = await show(world, 'HEAD:src/knot.txt')
      const leftOut = [{ path: 'src/knot.txt', reason: 'secret_like' }]
      await writeFiles(world.tree(), { 'README.md': 'changed\n' })
      expect((await commitLeft(world)).last).toMatchObject({
        kind: 'committed',
        paths: ['README.md'],
        leftOut,
      })
      expect(await git(world.tree(), 'ls-files', '-v')).toBe(marks)
      expect(await show(world, ':src/knot.txt')).toBe(before)
      // Without the mark the next one would commit a deletion nobody made.
      expect((await commitLeft(world)).last).toEqual({ kind: 'nothing_to_commit', leftOut: [] })
      expect(await show(world, 'HEAD:src/knot.txt')).toBe(before)
    })
  })

  describe('execute: a pin of hidden work', () => {
    it('keeps the staged version of a file that a sparse checkout took away', async () => {
      const scene = await diverge(start)
      const { world, tree, theirs, prefix, ours } = scene
      await stage(world, { 'src/other.txt': STAGED })
      await git(tree, 'sparse-checkout', 'set', '--no-cone', '/README.md')
      const [outcome] = await world.execute(pinOf(scene))
      expect(outcome).toMatchObject({ kind: 'pinned', paths: ['src/other.txt'] })
      expect(await pinned(scene, 'index', 'src/other.txt')).toBe(STAGED)
      expect(await pinned(scene, 'worktree', 'src/other.txt')).toBe(STAGED)
      expect(await pinned(scene, 'worktree', 'src/knot.txt')).toBe('ours\n')
      const reset = { kind: 'reset_tree', prefix, from: ours, target: theirs } as const
      expect(await world.run(reset)).toEqual({ kind: 'done' })
    })

    it.each([
      ['with a staged version', STAGED],
      ['as it was committed', null],
    ])('takes a deletion that is assumed away for one of the files only, %s', async (_name, staged) => {
      const scene = await diverge(start)
      const { world, tree } = scene
      if (staged !== null) await stage(world, { 'src/other.txt': staged })
      await git(tree, 'update-index', '--assume-unchanged', 'src/other.txt')
      await rm(join(tree, 'src/other.txt'))
      expect((await world.execute(pinOf(scene)))[0]).toMatchObject({ paths: ['src/other.txt'] })
      expect(await pinned(scene, 'index', 'src/other.txt')).toBe(staged ?? 'other\n')
      expect(await pinned(scene, 'worktree', 'src/other.txt')).toBeNull()
    })
  })

  describe('execute: files whose line ends git would convert', () => {
    const CRLF = { '.gitattributes': '*.bat text\n', 'run.bat': 'one\r\ntwo\r\n' }

    /** Puts the file into the repository with both its line ends, as somebody did before there were attributes. */
    const pushRaw = async (world: RunnerWorld): Promise<Sha> => {
      await writeFiles(world.origin.clone, { '.git/info/attributes': '*.bat -text\n' })
      const pushed = toSha(await world.origin.push(CRLF))
      expect(await git(world.origin.clone, 'show', 'HEAD:run.bat')).toContain('\r\n')
      return pushed
    }

    /** As an editor that changes nothing leaves it: git has to read the file again. */
    const rewrite = async (world: RunnerWorld): Promise<void> => {
      await writeFiles(world.tree(), { 'run.bat': CRLF['run.bat'] })
      expect(await git(world.tree(), 'status', '--porcelain')).toContain(' M run.bat')
    }

    it('commits none that nobody touched, and every one that somebody did', async () => {
      const world = await start()
      await pushRaw(world)
      await world.prepare()
      await rewrite(world)
      expect((await commitLeft(world)).last).toEqual({ kind: 'nothing_to_commit', leftOut: [] })
      await writeFiles(world.tree(), { 'README.md': 'changed\n' })
      expect((await commitLeft(world)).last).toMatchObject({ kind: 'committed', paths: ['README.md'] })
      expect(await show(world, 'HEAD:run.bat')).toBe('one\r\ntwo\r\n')
      await writeFiles(world.tree(), { 'run.bat': 'one\r\nTWO\r\n' })
      expect((await commitLeft(world)).last).toMatchObject({ kind: 'committed', paths: ['run.bat'] })
    })

    it('does not take a reset for raced because of one, and does because of a change', async () => {
      const scene = await diverge(start)
      const { world, ours, prefix } = scene
      const theirs = await pushRaw(world)
      await world.inspect(null)
      const verify = { kind: 'verify_worktree', head: theirs } as const
      const steps = [
        ...pinOf({ ...scene, theirs }),
        { kind: 'reset_tree', prefix, from: ours, target: theirs },
        { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
      ] as const
      expect(kinds(await world.execute(steps))).toEqual(['pinned', 'done', 'done', 'done'])
      await rewrite(world)
      expect(await world.run(verify)).toEqual({ kind: 'done' })
      await writeFiles(world.tree(), { 'run.bat': 'one\r\nTWO\r\n' })
      expect(await world.run(verify)).toMatchObject({ kind: 'raced', actual: 'differs in run.bat' })
    })
  })
}
