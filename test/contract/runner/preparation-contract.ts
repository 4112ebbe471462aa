// Preparing a workspace: what lies where afterwards, that it can be repeated, and that a kill leaves nothing for good.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../../support/eventually.ts'
import { describe, expect, it } from 'vitest'
import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, IDENTITY } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

export function describePreparation(start: StartWorld): void {
  describe('prepare', () => {
    it('makes a worktree on the branch with the bot as its author and reports it', async () => {
      const world = await start()
      const report = await world.prepare()
      expect(report).toEqual({ kind: 'workspace_prepared', sessionId: 'rope-1', pipelineId: 'rope-1.1' })
      const tree = world.tree()
      expect(await git(tree, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('work')
      expect(await git(tree, 'rev-parse', 'HEAD')).toBe(await world.origin.ref('refs/heads/work'))
      expect(await git(tree, 'status', '--porcelain')).toBe('')
      expect(await git(tree, 'config', 'user.email')).toBe(IDENTITY.email)
      expect(await git(tree, 'rev-parse', 'origin/main')).toBe(await world.origin.ref('refs/heads/main'))
    })

    it('borrows the mirror’s objects instead of copying them', async () => {
      const world = await start()
      await world.prepare()
      const repository = join(world.home, 'sessions/rope-1/repo.git')
      expect(await git(repository, 'count-objects')).toBe('0 objects, 0 kilobytes')
    })

    it('changes nothing when it is repeated while work lies in the worktree', async () => {
      const world = await start()
      await world.prepare()
      const tree = world.tree()
      await writeFiles(tree, { 'src/knot.txt': 'changed\n', 'new.txt': 'new\n' })
      await git(tree, 'commit', '--quiet', '--message=Mine', 'src/knot.txt')
      const head = await git(tree, 'rev-parse', 'HEAD')
      await world.origin.push({ 'src/other.txt': 'pushed\n' })
      expect((await world.prepare()).kind).toBe('workspace_prepared')
      expect(await git(tree, 'rev-parse', 'HEAD')).toBe(head)
      expect(await git(tree, 'status', '--porcelain')).toBe('?? new.txt')
    })

    it('finishes what a killed preparation left: a half-made mirror, registration and checkout', async () => {
      const world = await start()
      await world.prepare()
      const folder = join(world.home, 'sessions/rope-1')
      // The traces of a kill in the checkout: no mark of completion, a lock, no index, some of the files.
      await rm(join(folder, 'prepared'))
      await rm(join(world.mirror, 'belay-ready'))
      await rm(join(folder, 'repo.git/worktrees/tree/index'))
      await writeFile(join(folder, 'repo.git/worktrees/tree/index.lock'), 'half')
      await rm(join(folder, 'tree/src'), { recursive: true })
      await writeFile(join(folder, 'tree/README.md'), 'ha')
      expect((await world.prepare()).kind).toBe('workspace_prepared')
      expect(await git(world.tree(), 'status', '--porcelain')).toBe('')
      expect(await readFile(join(world.tree(), 'README.md'), 'utf8')).toBe('A rope\n')
    })

    it('finishes a preparation that was killed between making the folder and registering it', async () => {
      const world = await start()
      await world.prepare()
      const folder = join(world.home, 'sessions/rope-1')
      await rm(join(folder, 'prepared'))
      await rm(join(folder, 'repo.git/worktrees'), { recursive: true })
      await rm(join(folder, 'tree'), { recursive: true })
      await mkdir(join(folder, 'tree'))
      expect((await world.prepare()).kind).toBe('workspace_prepared')
      expect(await git(world.tree(), 'status', '--porcelain', '--branch')).toMatch(/^## work/)
    })

    it('reports a branch that is not on the remote', async () => {
      const world = await start()
      await git(world.origin.path, 'update-ref', 'refs/heads/gone', 'refs/heads/main')
      const workspace = { ...world.workspace('rope-2'), branch: toBranchName('nowhere') }
      const head = toSha((await world.origin.ref('refs/heads/work')) ?? '')
      await world.runner.prepare({ workspace, pipelineId: 'rope-2.1', identity: IDENTITY, head, fence: 1 })
      await world.runner.close()
      expect(world.reports).toMatchObject([{ kind: 'workspace_failed', code: 'WORKSPACE_INVALID' }])
    })

    it('reports a worktree that is gone instead of making it again over lost work', async () => {
      const world = await start()
      await world.prepare()
      await rm(world.tree(), { recursive: true })
      expect(await world.prepare()).toMatchObject({ kind: 'workspace_failed', code: 'WORKSPACE_INVALID' })
    })

    it('gives each session its own repository on one mirror', async () => {
      const world = await start()
      await Promise.all([world.prepare('rope-1'), world.prepare('rope-2')])
      // A report of either ends both waits.
      await eventually(() => world.reports.length === 2, { what: 'both workspaces' })
      await writeFiles(world.tree('rope-1'), { 'mine.txt': 'mine\n' })
      expect(await git(world.tree('rope-2'), 'status', '--porcelain')).toBe('')
      const heads = await git(world.mirror, 'for-each-ref', '--format=%(refname)')
      expect(heads.split('\n')).toEqual(['refs/remotes/origin/main', `refs/remotes/origin/${BRANCH}`])
    })

    it('refuses ids that could name another place on the disk', async () => {
      const world = await start()
      const workspace = { ...world.workspace(), sessionId: '../rope' }
      const order = { workspace, pipelineId: 'x', identity: IDENTITY, head: toSha('0'.repeat(40)), fence: 1 }
      await expect(world.runner.prepare(order)).rejects.toMatchObject({ code: 'WORKSPACE_INVALID' })
    })
  })

  describe('the fence', () => {
    it('refuses an older one, also after the runner forgot everything but its disk', async () => {
      const world = await start()
      await world.prepare('rope-1', 5)
      const old = { workspace: world.workspace(), plan: [], identity: IDENTITY, fence: 4 }
      const plan = [
        { kind: 'verify_worktree', head: toSha((await world.origin.ref('refs/heads/work')) ?? '') },
      ] as const
      const run = async (): Promise<void> => {
        for await (const result of world.runner.execute({ ...old, plan }))
          expect(result).toBe('never reached')
      }
      await expect(run()).rejects.toMatchObject({ code: 'FENCE_TOO_OLD' })
      await expect(world.runner.startAttempt(world.attempt({ fence: 4 }))).rejects.toMatchObject({
        code: 'FENCE_TOO_OLD',
      })
      expect((await readFile(join(world.home, 'sessions/rope-1/fence'), 'utf8')).trim()).toBe('5')
      expect(await world.execute(plan, 'rope-1', 6)).toEqual([{ kind: 'done' }])
      expect((await readFile(join(world.home, 'sessions/rope-1/fence'), 'utf8')).trim()).toBe('6')
    })
  })
}
