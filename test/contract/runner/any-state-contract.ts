// Pins of whatever HEAD and index there are, and resets over what git itself would keep or refuse.

import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { BRANCH } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { diverge, kinds, parents, pinned, pinOf } from './diverged-scene.ts'
import type { StartWorld } from './runner-contract.ts'

export function describeAnyState(start: StartWorld): void {
  describe('execute: a pin of any HEAD', () => {
    it('pins a branch without a commit: its index stands alone, its files on top', async () => {
      const scene = await diverge(start)
      const { world, tree, prefix, theirs } = scene
      await git(tree, 'symbolic-ref', 'HEAD', `refs/heads/${BRANCH}`)
      await git(tree, 'update-ref', '-d', `refs/heads/${BRANCH}`)
      await writeFiles(tree, { 'src/other.txt': 'changed\n', 'new.txt': 'new\n' })
      const [outcome, verified] = await world.execute(pinOf(scene, { head: null }))
      if (outcome?.kind !== 'pinned') throw new Error(JSON.stringify(outcome))
      expect(verified).toEqual({ kind: 'done' })
      expect(outcome.head).toBe(outcome.index)
      expect(await git(world.mirror, 'rev-parse', `${prefix}/head`)).toBe(outcome.index)
      expect(await parents(scene, outcome.index)).toBe('')
      expect(await parents(scene, outcome.worktree)).toBe(outcome.index)
      expect(await pinned(scene, 'index', 'src/knot.txt')).toBe('ours\n')
      expect(await pinned(scene, 'worktree', 'src/other.txt')).toBe('changed\n')
      expect(await pinned(scene, 'worktree', 'new.txt')).toBe('new\n')
      const reset: readonly SyncStep[] = [
        { kind: 'reset_tree', prefix, from: null, target: theirs },
        { kind: 'move_branch', branch: BRANCH, from: null, to: theirs },
        { kind: 'verify_worktree', head: theirs },
      ]
      expect(kinds(await world.execute(reset))).toEqual(['done', 'done', 'done'])
      expect(await git(tree, 'status', '--porcelain')).toBe('?? new.txt')
      expect(await readFile(join(tree, 'src/knot.txt'), 'utf8')).toBe('theirs\n')
    })

    it('pins nothing at all: no commit, no index, no file', async () => {
      const scene = await diverge(start)
      const { world, tree, gitDir } = scene
      await git(tree, 'update-ref', '-d', `refs/heads/${BRANCH}`)
      await git(tree, 'rm', '-r', '--quiet', '--force', '.')
      await rm(join(gitDir, 'index'))
      expect(kinds(await world.execute(pinOf(scene, { head: null, target: null })))).toEqual([
        'pinned',
        'done',
      ])
      const { exitCode } = await tryGit({ cwd: world.mirror, args: ['fsck', '--strict'] })
      expect(exitCode).toBe(0)
    })

    it.each([
      ['detached', ['checkout', '--quiet', '--detach']],
      ['another branch', ['checkout', '--quiet', '-b', 'elsewhere']],
    ])('pins and resets on a HEAD that is %s, and puts HEAD back', async (_name, args) => {
      const scene = await diverge(start)
      const { world, tree, prefix, theirs } = scene
      await git(tree, ...args)
      await writeFiles(tree, { 'aside.txt': 'aside\n' })
      await git(tree, 'add', '--all')
      await git(tree, 'commit', '--quiet', '--message=Aside')
      const aside = toSha(await git(tree, 'rev-parse', 'HEAD'))
      await writeFiles(tree, { 'src/other.txt': 'dirty\n' })
      const steps: readonly SyncStep[] = [
        ...pinOf(scene, { head: aside, also: [scene.ours] }),
        { kind: 'reset_tree', prefix, from: aside, target: theirs },
        { kind: 'attach_head', prefix, branch: BRANCH },
        { kind: 'move_branch', branch: BRANCH, from: scene.ours, to: theirs },
        { kind: 'verify_worktree', head: theirs },
      ]
      expect(kinds(await world.execute(steps))).toEqual(['pinned', 'done', 'done', 'done', 'done', 'done'])
      expect(await git(tree, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/${BRANCH}`)
      expect(await git(tree, 'status', '--porcelain')).toBe('')
      expect(await parents(scene, `${prefix}/index`)).toBe(`${aside} ${scene.ours}`)
      expect(await pinned(scene, 'worktree', 'src/other.txt')).toBe('dirty\n')
      // Once more, as after a kill.
      expect(await world.run({ kind: 'attach_head', prefix, branch: BRANCH })).toEqual({ kind: 'done' })
    })

    it('makes no pin of another commit than the plan saw', async () => {
      const scene = await diverge(start)
      await git(scene.tree, 'commit', '--quiet', '--allow-empty', '--message=Later')
      const later = await git(scene.tree, 'rev-parse', 'HEAD')
      const raced = { kind: 'raced', expected: scene.ours, actual: later }
      expect(await scene.world.execute(pinOf(scene))).toEqual([raced])
      expect(await scene.world.execute(pinOf(scene, { head: null, target: null }))).toMatchObject([
        { kind: 'raced', expected: null },
      ])
    })

    it('pins beside a lock when no reset follows, and refuses when one does', async () => {
      const scene = await diverge(start)
      await writeFile(join(scene.gitDir, 'index.lock'), '')
      expect(kinds(await scene.world.execute(pinOf(scene)))).toEqual(['locked'])
      expect(kinds(await scene.world.execute(pinOf(scene, { target: null })))).toEqual(['pinned', 'done'])
    })

    it('keeps other commits that only the session has; one that is gone is skipped, or fails a pin before a reset', async () => {
      const scene = await diverge(start)
      const { world, tree, ours } = scene
      await git(tree, 'commit', '--quiet', '--allow-empty', '--message=Other')
      const other = toSha(await git(tree, 'rev-parse', 'HEAD'))
      await git(tree, 'reset', '--quiet', '--soft', ours)
      const gone = toSha('d'.repeat(40))
      expect(kinds(await world.execute(pinOf(scene, { also: [other, gone] })))).toEqual(['snapshot_failed'])
      const outcomes = await world.execute(pinOf(scene, { target: null, also: [gone, other] }))
      expect(outcomes).toMatchObject([{ kind: 'pinned', skipped: [`commit ${gone}`] }, { kind: 'done' }])
      expect(await parents(scene, `${scene.prefix}/index`)).toBe(`${ours} ${other}`)
      expect(await git(world.mirror, 'log', '-1', '--format=%s', other)).toBe('Other')
    })

    it('pins a worktree whose index was deleted', async () => {
      const scene = await diverge(start)
      await rm(join(scene.gitDir, 'index'))
      await writeFiles(scene.tree, { 'src/other.txt': 'dirty\n' })
      expect(kinds(await scene.world.execute(pinOf(scene)))).toEqual(['pinned', 'done'])
      expect(await pinned(scene, 'worktree', 'src/other.txt')).toBe('dirty\n')
      expect(await pinned(scene, 'worktree', 'README.md')).toBe('A rope\n')
    })
  })

  describe('execute: a reset over marks and conflicts', () => {
    it.each(['--assume-unchanged', '--skip-worktree'])('leaves no old bytes behind %s', async (mark) => {
      const scene = await diverge(start, { 'README.md': null })
      const { world, tree, prefix, ours, theirs } = scene
      const paths = ['src/knot.txt', 'src/other.txt', 'README.md']
      await git(tree, 'update-index', mark, ...paths)
      await writeFiles(tree, Object.fromEntries(paths.map((path) => [path, `hidden in ${path}\n`])))
      const steps: readonly SyncStep[] = [
        ...pinOf(scene),
        { kind: 'reset_tree', prefix, from: ours, target: theirs },
        { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
        { kind: 'verify_worktree', head: theirs },
      ]
      expect(kinds(await world.execute(steps))).toEqual(['pinned', 'done', 'done', 'done', 'done'])
      for (const path of paths) expect(await pinned(scene, 'worktree', path)).toBe(`hidden in ${path}\n`)
      expect(await readFile(join(tree, 'src/knot.txt'), 'utf8')).toBe('theirs\n')
      expect(await readFile(join(tree, 'src/other.txt'), 'utf8')).toBe('other\n')
      await expect(stat(join(tree, 'README.md'))).rejects.toThrow('ENOENT')
      expect(await git(tree, 'ls-files', '-v')).not.toMatch(/^[a-zS]/m)
    })

    it('leaves the files of a sparse checkout away', async () => {
      const scene = await diverge(start)
      const { world, tree, prefix, ours, theirs } = scene
      await git(tree, 'update-index', '--skip-worktree', 'src/other.txt')
      await rm(join(tree, 'src/other.txt'))
      const steps: readonly SyncStep[] = [
        ...pinOf(scene),
        { kind: 'reset_tree', prefix, from: ours, target: theirs },
      ]
      expect(kinds(await world.execute(steps))).toEqual(['pinned', 'done', 'done'])
      await expect(stat(join(tree, 'src/other.txt'))).rejects.toThrow('ENOENT')
      expect(await git(tree, 'ls-files', '-v', 'src/other.txt')).toBe('S src/other.txt')
      expect(await pinned(scene, 'worktree', 'src/other.txt')).toBe('other\n')
    })

    it('notices a marked file that is edited after the pin', async () => {
      const scene = await diverge(start)
      const { world, tree, prefix, ours, theirs } = scene
      await git(tree, 'update-index', '--assume-unchanged', 'src/other.txt')
      await world.execute(pinOf(scene))
      await writeFiles(tree, { 'src/other.txt': 'later\n' })
      const reset: SyncStep = { kind: 'reset_tree', prefix, from: ours, target: theirs }
      expect(await world.run(reset)).toMatchObject({ kind: 'raced' })
      expect(await readFile(join(tree, 'src/other.txt'), 'utf8')).toBe('later\n')
    })

    it('notices a file that is written again at once with as many bytes', async () => {
      const scene = await diverge(start)
      const { world, tree, prefix, ours, theirs } = scene
      await writeFiles(tree, { 'new.txt': 'first\n', 'src/other.txt': 'first\n' })
      await world.execute(pinOf(scene))
      await writeFiles(tree, { 'new.txt': 'again\n' })
      const reset: SyncStep = { kind: 'reset_tree', prefix, from: ours, target: theirs }
      expect(await world.run(reset)).toMatchObject({ kind: 'raced' })
      expect(await readFile(join(tree, 'src/other.txt'), 'utf8')).toBe('first\n')
    })
  })
}
