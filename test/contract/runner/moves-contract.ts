// Moving files and branch forward: what is uncommitted stays as it lies, and what is in the way is never written over.

import { mkdir, readFile, readlink, rm, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

interface Behind {
  readonly world: RunnerWorld
  readonly ours: Sha
  readonly theirs: Sha
}

export function describeMoves(start: StartWorld): void {
  describe('execute: moves that keep what is uncommitted', () => {
    const behind = async (files: Readonly<Record<string, string | null>>): Promise<Behind> => {
      const world = await start()
      await world.prepare()
      const ours = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      const theirs = toSha(await world.origin.push(files))
      await world.inspect(null)
      return { world, ours, theirs }
    }
    const moves = ({ ours, theirs }: Behind): readonly SyncStep[] => [
      { kind: 'move_tree', from: ours, target: theirs },
      { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
      { kind: 'verify_worktree', head: theirs },
    ]

    it('fast-forwards beside staged, unstaged and untracked changes in other files', async () => {
      const scene = await behind({ 'src/knot.txt': 'theirs\n', 'run.sh': '#!/bin/sh\n', 'README.md': null })
      const { world } = scene
      await writeFiles(world.tree(), {
        'src/other.txt': 'dirty\n',
        'staged.txt': 'staged\n',
        'new.txt': 'new\n',
      })
      await git(world.tree(), 'add', 'staged.txt')
      expect(await world.execute(moves(scene))).toEqual([
        { kind: 'done' },
        { kind: 'done' },
        { kind: 'done' },
      ])
      expect(await git(world.tree(), 'status', '--porcelain')).toBe(
        ' M src/other.txt\nA  staged.txt\n?? new.txt',
      )
      expect(await readFile(join(world.tree(), 'src/knot.txt'), 'utf8')).toBe('theirs\n')
      await expect(stat(join(world.tree(), 'README.md'))).rejects.toThrow('ENOENT')
    })

    it.each([
      ['a changed file', { 'src/knot.txt': 'dirty\n' }],
      ['an untracked file', { 'new.txt': 'mine\n' }],
      ['an ignored file', { 'a.ignored': 'mine' }],
      ['a folder with an ignored file', { 'folder/b.ignored': 'mine' }],
    ])('refuses to write over %s and moves nothing', async (_name, files) => {
      const scene = await behind({
        'src/knot.txt': 'theirs\n',
        'new.txt': 'theirs\n',
        'a.ignored': 'theirs',
        folder: 'file\n',
      })
      const { world, ours } = scene
      await writeFiles(world.tree(), files)
      expect(await world.execute(moves(scene))).toMatchObject([{ kind: 'failed', reason: 'collision' }])
      const [[path, content] = ['', '']] = Object.entries(files)
      expect(await readFile(join(world.tree(), path), 'utf8')).toBe(content)
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(ours)
    })

    it('finishes a move whose files were moved and whose branch was not', async () => {
      const scene = await behind({ 'src/knot.txt': 'theirs\n', 'added.txt': 'theirs\n' })
      const { world, theirs } = scene
      const steps = moves(scene)
      await world.execute(steps.slice(0, 1))
      expect(await world.execute(steps)).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }])
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
    })

    it('finishes a move that was killed in the middle of its files', async () => {
      const scene = await behind({
        'src/knot.txt': 'theirs\n',
        'added.txt': 'theirs\n',
        'a.ignored': 'theirs',
        'README.md': null,
      })
      const { world, ours, theirs } = scene
      // As a killed checkout leaves it: some files are new, some are gone, index and branch are old.
      await writeFiles(world.tree(), {
        'src/knot.txt': 'theirs\n',
        'a.ignored': 'theirs',
        'mine.txt': 'mine\n',
      })
      await rm(join(world.tree(), 'README.md'))
      const facts = await world.inspect(ours)
      expect(facts.tree.collisions).toEqual({ dirty: [], untracked: [], ignored: [] })
      expect(await world.execute(moves(scene))).toEqual([
        { kind: 'done' },
        { kind: 'done' },
        { kind: 'done' },
      ])
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
      expect(await git(world.tree(), 'status', '--porcelain')).toBe('?? mine.txt')
    })

    it('keeps something staged that neither commit has, although the file already holds the new bytes', async () => {
      const scene = await behind({ 'src/knot.txt': 'theirs\n' })
      const { world } = scene
      await writeFiles(world.tree(), { 'src/knot.txt': 'only staged\n' })
      await git(world.tree(), 'add', 'src/knot.txt')
      await writeFiles(world.tree(), { 'src/knot.txt': 'theirs\n' })
      expect(await world.execute(moves(scene))).toMatchObject([{ kind: 'failed', reason: 'collision' }])
      expect(await git(world.tree(), 'show', ':src/knot.txt')).toBe('only staged')
    })

    it('notices a worktree that is not where the plan put it', async () => {
      const scene = await behind({ 'src/knot.txt': 'theirs\n' })
      const { world, theirs } = scene
      const steps = moves(scene)
      await world.execute(steps.slice(0, 2))
      await writeFiles(world.tree(), { 'src/knot.txt': 'changed behind our back\n' })
      const outcomes = await world.execute(steps)
      expect(outcomes.at(-1)).toMatchObject({ kind: 'raced' })
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
    })

    it('notices it as well where nothing but the check is left of the plan', async () => {
      const scene = await behind({ 'src/knot.txt': 'theirs\n' })
      const { world, theirs } = scene
      const [, , verify] = moves(scene)
      if (verify === undefined) throw new Error('no step')
      await world.execute(moves(scene))
      expect(await world.run(verify)).toEqual({ kind: 'done' })
      await writeFiles(world.tree(), { 'src/other.txt': 'changed behind our back\n' })
      expect(await world.run(verify)).toEqual({
        kind: 'raced',
        expected: theirs,
        actual: 'differs in src/other.txt',
      })
    })

    it('follows no link on the way and keeps a link’s target', async () => {
      const scene = await behind({ 'src/knot.txt': 'theirs\n' })
      const { world } = scene
      const outside = join(world.folder, 'outside')
      await mkdir(outside)
      await rm(join(world.tree(), 'src'), { recursive: true })
      await symlink(outside, join(world.tree(), 'src'))
      expect(await world.execute(moves(scene))).toMatchObject([{ kind: 'failed', reason: 'collision' }])
      expect(await readlink(join(world.tree(), 'src'))).toBe(outside)
      await expect(stat(join(outside, 'knot.txt'))).rejects.toThrow('ENOENT')
    })
  })
}
