// How many git processes the steps of a sync start. A number that grows is a cost that every sync pays.

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

interface Diverged {
  readonly world: RunnerWorld
  readonly ours: Sha
  readonly theirs: Sha
}

async function diverge(start: StartWorld, commits = 1): Promise<Diverged> {
  const world = await start()
  await world.prepare()
  for (let n = 1; n <= commits; n += 1) {
    await writeFiles(world.tree(), { 'src/knot.txt': `ours ${n}\n`, [`own-${n}.txt`]: `${n}\n` })
    await git(world.tree(), 'add', '--all')
    await git(world.tree(), 'commit', '--quiet', `--message=Ours ${n}`)
  }
  const theirs = toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n' }))
  await world.inspect(null)
  return { world, ours: toSha(await git(world.tree(), 'rev-parse', 'HEAD')), theirs }
}

function recovery({ ours, theirs }: Diverged, prefix: RefName, by: 'move_tree' | 'reset_tree'): SyncStep[] {
  const clear: SyncStep =
    by === 'move_tree'
      ? { kind: by, from: ours, target: theirs }
      : { kind: by, prefix, from: ours, target: theirs }
  return [
    { kind: 'pin', prefix, head: ours, target: theirs, message: 'Before a sync' },
    { kind: 'verify_pin', prefix },
    clear,
    { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
    { kind: 'verify_worktree', head: theirs },
  ]
}

export function describeStepCounts(start: StartWorld): void {
  describe('execute: the number of git processes', () => {
    it('recovers a clean worktree with six', async () => {
      const scene = await diverge(start)
      const { world, theirs } = scene
      world.gitCommands.length = 0
      const outcomes = await world.execute(recovery(scene, world.prefix(), 'move_tree'))
      expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done', 'done', 'done', 'done'])
      expect(world.gitCommands).toEqual([
        'status',
        'update-ref',
        'rev-list',
        'checkout',
        'update-ref',
        'status',
      ])
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
    })

    it('recovers forty changed files, staged, unstaged and untracked, with fourteen at most', async () => {
      const scene = await diverge(start)
      const { world, theirs } = scene
      const files = (kind: string, count: number): Record<string, string> =>
        Object.fromEntries(
          Array.from({ length: count }, (_none, n) => [`${kind}/${n}.txt`, `${kind} ${n}\n`]),
        )
      await writeFiles(world.tree(), { ...files('staged', 14), 'src/other.txt': 'staged\n' })
      await git(world.tree(), 'add', '--all')
      await writeFiles(world.tree(), {
        ...files('untracked', 20),
        'staged/0.txt': 'staged and changed\n',
        'README.md': 'unstaged\n',
      })
      await rm(join(world.tree(), 'staged/1.txt'))
      await mkdir(join(world.tree(), 'empty'))
      const prefix = world.prefix()
      world.gitCommands.length = 0
      const [pinned, ...others] = await world.execute(recovery(scene, prefix, 'reset_tree'))
      expect(others).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }, { kind: 'done' }])
      expect(pinned?.kind === 'pinned' ? pinned.paths : []).toHaveLength(36)
      expect(world.gitCommands.length, world.gitCommands.join(' ')).toBeLessThanOrEqual(14)
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(theirs)
      expect(await git(world.mirror, 'cat-file', 'blob', `${prefix}/worktree:staged/0.txt`)).toBe(
        'staged and changed',
      )
      expect(await git(world.mirror, 'cat-file', 'blob', `${prefix}/index:staged/0.txt`)).toBe('staged 0')
    })

    it('moves files forward with one and the branch with one', async () => {
      const world = await start()
      await world.prepare()
      const ours = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      const theirs = toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n' }))
      await world.inspect(null)
      world.gitCommands.length = 0
      await world.execute([
        { kind: 'move_tree', from: ours, target: theirs },
        { kind: 'move_branch', branch: BRANCH, from: ours, to: theirs },
      ])
      expect(world.gitCommands).toEqual(['checkout', 'update-ref'])
      expect(await git(world.tree(), 'rev-parse', 'HEAD', 'origin/work')).toBe(`${theirs}\n${theirs}`)
    })

    it.each([1, 5])('rebases %d commits with so many and ten', async (count) => {
      const world = await start()
      await world.prepare()
      const synced = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      for (let n = 1; n <= count; n += 1) {
        await writeFiles(world.tree(), { [`own-${n}.txt`]: `${n}\n` })
        await git(world.tree(), 'add', '--all')
        await git(world.tree(), 'commit', '--quiet', `--message=Ours ${n}`)
      }
      const ours = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      await world.origin.push({ 'src/knot.txt': 'theirs\n' })
      world.gitCommands.length = 0
      const { relation } = await world.inspect(synced)
      if (relation?.rebase.kind !== 'clean') throw new Error(JSON.stringify(relation))
      const to = relation.rebase.newHead
      expect(world.gitCommands.filter((name) => name === 'merge-tree')).toHaveLength(count)
      const prefix = world.prefix()
      const outcomes = await world.execute([
        { kind: 'pin', prefix, head: ours, target: null, message: 'Before a rebase' },
        { kind: 'verify_pin', prefix },
        { kind: 'move_tree', from: ours, target: to },
        { kind: 'move_branch', branch: BRANCH, from: ours, to },
        { kind: 'verify_worktree', head: to },
      ])
      expect(outcomes.at(-1)).toEqual({ kind: 'done' })
      expect(world.gitCommands.length, world.gitCommands.join(' ')).toBeLessThanOrEqual(count + 10)
    })
  })
}
