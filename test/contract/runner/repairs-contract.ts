// Steps that a person's choice or a missing folder asks for: half-done operations, deleted and moved folders. Nothing that
// only the worktree had is lost by any of them.

import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { BRANCH, START_FILES } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { diverge, kinds, parents, pinned, pinOf, type Scene } from './diverged-scene.ts'
import type { StartWorld } from './runner-contract.ts'

export function describeRepairs(start: StartWorld): void {
  describe('execute: the end of a half-done operation', () => {
    const reset = ({ prefix, ours, theirs }: Scene): readonly SyncStep[] => [
      { kind: 'end_operation', prefix },
      { kind: 'reset_tree', prefix, from: ours, target: theirs },
      { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
      { kind: 'verify_worktree', head: theirs },
    ]

    it.each([
      ['merge', ['merge', 'origin/work']],
      ['cherry-pick', ['cherry-pick', 'origin/work']],
      ['revert', ['revert', '--no-edit', 'HEAD~1', 'HEAD']],
      ['bisect', ['bisect', 'start', 'HEAD', 'HEAD']],
      ['squash', ['merge', '--squash', 'origin/work']],
    ])('forgets a %s, keeps files and index until the reset, and resets', async (_name, args) => {
      const scene = await diverge(start)
      const { world, tree } = scene
      await tryGit({ cwd: tree, args })
      const before = (await tryGit({ cwd: tree, args: ['status', '--porcelain=v2', '-z'] })).stdout
      expect(kinds(await world.execute(pinOf(scene)))).toEqual(['pinned', 'done'])
      expect(await world.run({ kind: 'end_operation', prefix: scene.prefix })).toEqual({ kind: 'done' })
      expect((await tryGit({ cwd: tree, args: ['status', '--porcelain=v2', '-z'] })).stdout).toEqual(before)
      expect((await world.inspect(null)).inProgress).toBeNull()
      expect(await git(tree, 'rev-parse', 'HEAD')).toBe(scene.ours)
      expect(kinds(await world.execute(reset(scene)))).toEqual(['done', 'done', 'done', 'done'])
      expect(await git(tree, 'status', '--porcelain')).toBe('')
      expect(await git(tree, 'status')).not.toMatch(/merging|rebas|bisect|cherry|revert/i)
    })

    it('keeps what a rebase had put aside', async () => {
      const scene = await diverge(start)
      const { world, tree, theirs, prefix } = scene
      await writeFiles(tree, { 'src/other.txt': 'put aside\n' })
      await tryGit({ cwd: tree, args: ['rebase', '--autostash', 'origin/work'] })
      const stash = (await readFile(join(scene.gitDir, 'rebase-merge/autostash'), 'utf8')).trim()
      expect(kinds(await world.execute(pinOf({ ...scene, ours: theirs })))).toEqual(['pinned', 'done'])
      expect(await git(world.mirror, 'show', `${stash}:src/other.txt`)).toBe('put aside')
      expect(await parents(scene, `${prefix}/index`)).toContain(stash)
      expect(await world.run({ kind: 'end_operation', prefix })).toEqual({ kind: 'done' })
      await expect(stat(join(scene.gitDir, 'rebase-merge'))).rejects.toThrow('ENOENT')
      expect(await git(tree, 'rev-parse', 'HEAD')).toBe(theirs)
    })

    it('refuses when something was put aside after the pin', async () => {
      const scene = await diverge(start)
      await scene.world.execute(pinOf(scene))
      await writeFile(join(scene.gitDir, 'MERGE_AUTOSTASH'), `${scene.theirs}\n`)
      const step: SyncStep = { kind: 'end_operation', prefix: scene.prefix }
      expect(await scene.world.run(step)).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
      expect(await readFile(join(scene.gitDir, 'MERGE_AUTOSTASH'), 'utf8')).toContain(scene.theirs)
    })

    it.each(['end_operation', 'attach_head'] as const)('%s refuses without the pin', async (kind) => {
      const scene = await diverge(start)
      const { world, tree, prefix, theirs } = scene
      await tryGit({ cwd: tree, args: ['rebase', 'origin/work'] })
      const step: SyncStep = kind === 'end_operation' ? { kind, prefix } : { kind, prefix, branch: BRANCH }
      expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
      expect((await world.inspect(null)).inProgress).toBe('rebase')
      expect(await git(tree, 'rev-parse', 'HEAD')).toBe(theirs)
    })

    it('does not attach a HEAD that stands on another commit than the pinned one', async () => {
      const scene = await diverge(start)
      const { world, tree, prefix } = scene
      await world.execute(pinOf(scene))
      await git(tree, 'checkout', '--quiet', '--detach')
      await git(tree, 'commit', '--quiet', '--allow-empty', '--message=Only here')
      const step: SyncStep = { kind: 'attach_head', prefix, branch: BRANCH }
      expect(await world.run(step)).toMatchObject({ kind: 'raced', expected: scene.ours })
      expect(await git(tree, 'log', '-1', '--format=%s')).toBe('Only here')
    })
  })

  describe('execute: a folder that is gone', () => {
    const repair = (scene: Scene): readonly SyncStep[] => [
      ...pinOf(scene, { target: null }),
      { kind: 'recreate_worktree' },
    ]

    it('pins what the index holds and makes the files again', async () => {
      const scene = await diverge(start)
      const { world, tree } = scene
      await writeFiles(tree, { 'staged.txt': 'staged\n', 'run.sh': '#!/bin/sh\n', 'lost.txt': 'untracked\n' })
      await symlink('README.md', join(tree, 'link'))
      await git(tree, 'add', 'staged.txt', 'run.sh', 'link')
      await git(tree, 'update-index', '--chmod=+x', 'run.sh')
      await rm(tree, { recursive: true })
      expect(kinds(await world.execute(repair(scene)))).toEqual(['pinned', 'done', 'done'])
      expect(await pinned(scene, 'index', 'staged.txt')).toBe('staged\n')
      expect(await pinned(scene, 'worktree', 'staged.txt')).toBe('staged\n')
      expect(await git(tree, 'status', '--porcelain')).toBe('A  link\nA  run.sh\nA  staged.txt')
      expect(await readFile(join(tree, 'src/knot.txt'), 'utf8')).toBe('ours\n')
      expect((await stat(join(tree, 'run.sh'))).mode & 0o100).toBe(0o100)
      expect(await world.run({ kind: 'recreate_worktree' })).toEqual({ kind: 'done' })
      expect((await world.inspect(null)).tree.dirty.toSorted()).toEqual(['link', 'run.sh', 'staged.txt'])
    })

    it('makes it from HEAD when the index is gone too', async () => {
      const scene = await diverge(start)
      const { world, tree, gitDir } = scene
      await rm(tree, { recursive: true })
      await rm(join(gitDir, 'index'))
      expect(kinds(await world.execute(repair(scene)))).toEqual(['pinned', 'done', 'done'])
      expect(await git(tree, 'status', '--porcelain')).toBe('')
      expect(await readFile(join(tree, 'src/knot.txt'), 'utf8')).toBe('ours\n')
    })

    it('keeps the stages of a conflict in the pin and in the index', async () => {
      const scene = await diverge(start)
      const { world, tree } = scene
      await tryGit({ cwd: tree, args: ['merge', 'origin/work'] })
      await rm(tree, { recursive: true })
      expect(kinds(await world.execute(repair(scene)))).toEqual(['pinned', 'done', 'done'])
      expect(await pinned(scene, 'index', 'stage1/src/knot.txt')).toBe(START_FILES['src/knot.txt'])
      expect(await pinned(scene, 'index', 'stage3/src/knot.txt')).toBe('theirs\n')
      expect(await git(tree, 'show', ':2:src/knot.txt')).toBe('ours')
    })

    it('begins anew after a kill in the middle, which nobody saw', async () => {
      const scene = await diverge(start)
      const { world, tree } = scene
      await rm(tree, { recursive: true })
      await world.execute(repair(scene).slice(0, 2))
      await writeFiles(join(world.home, 'sessions/rope-1/control/tree'), { 'README.md': 'half' })
      expect((await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })).kind).toBe(
        'unavailable',
      )
      expect(await world.run({ kind: 'recreate_worktree' })).toEqual({ kind: 'done' })
      expect(await readFile(join(tree, 'README.md'), 'utf8')).toBe('A rope\n')
      await expect(stat(join(world.home, 'sessions/rope-1/control/tree'))).rejects.toThrow('ENOENT')
    })

    it('never writes over anything that lies there', async () => {
      const scene = await diverge(start)
      const { world, tree } = scene
      await rm(tree, { recursive: true })
      await writeFiles(tree, { 'notes.txt': 'mine\n' })
      expect((await world.run({ kind: 'recreate_worktree' })).kind).toBe('failed')
      expect(await readFile(join(tree, 'notes.txt'), 'utf8')).toBe('mine\n')
      await expect(stat(join(tree, 'README.md'))).rejects.toThrow('ENOENT')
    })

    it('never pins a missing folder for a reset', async () => {
      const scene = await diverge(start)
      await rm(scene.tree, { recursive: true })
      expect(await scene.world.execute(pinOf(scene))).toMatchObject([{ kind: 'failed' }])
    })
  })

  describe('execute: a folder that was moved', () => {
    it('puts it back with everything in it, and once more is fine', async () => {
      const scene = await diverge(start)
      const { world, tree } = scene
      await writeFiles(tree, { 'src/other.txt': 'dirty\n', 'new.txt': 'new\n' })
      await rename(tree, join(world.home, 'sessions/rope-1/elsewhere'))
      const step: SyncStep = { kind: 'return_worktree', from: 'elsewhere' }
      expect(await world.run(step)).toEqual({ kind: 'done' })
      expect(await world.run(step)).toEqual({ kind: 'done' })
      expect(await git(tree, 'status', '--porcelain')).toBe(' M src/other.txt\n?? new.txt')
    })

    it('refuses when something lies at the place, and touches neither', async () => {
      const scene = await diverge(start)
      const { world, tree } = scene
      const moved = join(world.home, 'sessions/rope-1/elsewhere')
      await rename(tree, moved)
      await mkdir(tree)
      const step: SyncStep = { kind: 'return_worktree', from: 'elsewhere' }
      expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'collision' })
      expect(await readFile(join(moved, 'README.md'), 'utf8')).toBe('A rope\n')
    })

    it.each(['', '.', '..', '../../x', 'repo.git', 'home', 'other', 'a/b'])('refuses %j', async (from) => {
      const scene = await diverge(start)
      const { world, tree } = scene
      const session = join(world.home, 'sessions/rope-1')
      await rename(tree, join(session, 'elsewhere'))
      await writeFiles(join(session, 'other'), { '.git': 'gitdir: /somewhere/else\n' })
      expect(await world.run({ kind: 'return_worktree', from })).toMatchObject({ kind: 'failed' })
      await expect(stat(tree)).rejects.toThrow('ENOENT')
    })
  })
}
