// Removing a workspace: what goes, what stays, what is refused, and that a kill in the middle is finished by the next try.

import { chmod, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Sha } from '../../../src/domain/ids.ts'
import type { ReleaseOutcome } from '../../../src/ports/runner.ts'
import { SHELL_AGENTS } from '../../support/agents/shell-agents.ts'
import { eventually } from '../../support/eventually.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'
import { pidIn } from './script-process.ts'
import { commitOwn, prepareScene, type SessionScene } from './session-scene.ts'

function release({ world }: SessionScene, fence = 1): Promise<ReleaseOutcome> {
  return world.runner.release({ workspace: world.workspace(), fence })
}

async function otherCommits({ world }: SessionScene): Promise<readonly Sha[]> {
  const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null, isLast: true })
  if (facts.kind !== 'inspected') throw new Error(`Not inspected: ${JSON.stringify(facts)}`)
  return facts.otherCommits
}

async function pinAll(scene: SessionScene, head: Sha): Promise<string> {
  const prefix = scene.world.prefix()
  const also = (await otherCommits(scene)).filter((sha) => sha !== head)
  await scene.world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin', also })
  expect(await scene.world.run({ kind: 'verify_pin', prefix })).toEqual({ kind: 'done' })
  return prefix
}

export function describeRelease(start: StartWorld): void {
  describe('release', () => {
    it('removes worktree, repository and home; mirror, pins and the fence stay, and it can be repeated', async () => {
      const scene = await prepareScene(start)
      const { world, session } = scene
      const head = await commitOwn(scene, { 'mine.txt': 'mine\n' })
      await writeFiles(world.tree(), { 'open.txt': 'open\n', 'x.ignored': 'ignored\n' })
      const prefix = await pinAll(scene, head)
      expect(await release(scene, 7)).toEqual({ kind: 'released' })
      expect((await readdir(session)).toSorted()).toEqual(['fence'])
      expect(await git(world.mirror, 'cat-file', 'blob', `${prefix}/worktree:open.txt`)).toBe('open')
      expect(await git(world.mirror, 'rev-parse', `${prefix}/head`)).toBe(head)
      expect(await release(scene, 7)).toEqual({ kind: 'released' })
      await expect(release(scene, 6)).rejects.toMatchObject({ code: 'FENCE_TOO_OLD' })
      expect((await readFile(join(session, 'fence'), 'utf8')).trim()).toBe('7')
    })

    it('refuses while commits of a branch, of a stash or of the reflog are in no pin', async () => {
      const scene = await prepareScene(start)
      const { world } = scene
      const tree = world.tree()
      const first = await git(tree, 'rev-parse', 'HEAD')
      const amended = await commitOwn(scene, { 'mine.txt': 'first\n' })
      await git(tree, 'reset', '--quiet', '--hard', first)
      await git(tree, 'branch', 'aside')
      await git(tree, 'checkout', '--quiet', 'aside')
      const aside = await commitOwn(scene, { 'aside.txt': 'aside\n' })
      await git(tree, 'checkout', '--quiet', 'work')
      await writeFile(join(tree, 'README.md'), 'stashed\n')
      await git(tree, 'stash', '--quiet')
      const stash = await git(tree, 'rev-parse', 'refs/stash')
      expect((await otherCommits(scene)).toSorted()).toEqual([amended, aside, stash].toSorted())
      expect(await release(scene)).toMatchObject({ kind: 'refused', because: 'not_saved' })
      expect(await git(tree, 'rev-parse', 'HEAD')).toBe(first)
      const prefix = await pinAll(scene, (await git(tree, 'rev-parse', 'HEAD')) as Sha)
      expect(await otherCommits(scene)).toEqual([])
      expect(await release(scene)).toEqual({ kind: 'released' })
      const kept = await git(world.mirror, 'rev-list', `${prefix}/worktree`)
      for (const sha of [amended, aside, stash]) expect(kept).toContain(sha)
    })

    it('refuses beside another worktree that is still there', async () => {
      const scene = await prepareScene(start)
      const { world, session } = scene
      await git(world.tree(), 'worktree', 'add', '--quiet', '--detach', join(session, 'second'))
      expect(await release(scene)).toMatchObject({ kind: 'refused', because: 'not_saved' })
      await git(world.tree(), 'worktree', 'remove', join(session, 'second'))
      expect(await release(scene)).toEqual({ kind: 'released' })
    })

    it('refuses while the process of an attempt is alive', async () => {
      const world = await start({ agents: SHELL_AGENTS })
      await world.prepare()
      const session = join(world.home, 'sessions/rope-1')
      const repository = join(session, 'repo.git')
      const scene = { world, session, repository, gitDir: join(repository, 'worktrees/tree') }
      await world.runner.startAttempt(world.attempt({ prompt: 'echo $$ > child; exec sleep 300' }))
      await pidIn(world, 'child')
      expect(await release(scene)).toMatchObject({ kind: 'refused', because: 'process_alive' })
      expect(await readdir(world.tree())).toContain('child')
      await world.runner.stopAttempt({ sessionId: 'rope-1', attemptId: 'rope-1.1.implement.1' })
      await eventually(() => world.reports.some(({ kind }) => kind === 'attempt_ended'), { what: 'the end' })
      expect(await release(scene)).toEqual({ kind: 'released' })
      expect((await readdir(session)).toSorted()).toEqual(['attempts', 'fence'])
    })

    it('follows no link, and removes folders that may not be written', async () => {
      const scene = await prepareScene(start)
      const { world, session } = scene
      const outside = join(world.folder, 'outside')
      await writeFiles(outside, { 'keep.txt': 'keep\n' })
      await symlink(outside, join(world.tree(), 'link.ignored'))
      await symlink(outside, join(session, 'home'))
      await symlink(outside, join(session, 'released'))
      await mkdir(join(world.tree(), 'cache.ignored'))
      await writeFile(join(world.tree(), 'cache.ignored', 'file'), '')
      await chmod(join(world.tree(), 'cache.ignored'), 0o500)
      await chmod(world.tree(), 0o500)
      expect(await release(scene)).toEqual({ kind: 'released' })
      expect(await readdir(session)).toEqual(['fence'])
      expect(await readFile(join(outside, 'keep.txt'), 'utf8')).toBe('keep\n')
      expect(await readdir(outside)).toEqual(['keep.txt'])
    })

    it('finishes what a killed release left, and what it left looks like no worktree', async () => {
      const scene = await prepareScene(start)
      const { world, session } = scene
      await mkdir(join(session, 'released'))
      await rename(world.tree(), join(session, 'released', 'tree.half'))
      expect(await world.prepare()).toMatchObject({ kind: 'workspace_failed' })
      expect(await release(scene)).toEqual({ kind: 'released' })
      expect(await readdir(session)).toEqual(['fence'])
      expect(await world.prepare()).toMatchObject({ kind: 'workspace_prepared' })
    })
  })
}
