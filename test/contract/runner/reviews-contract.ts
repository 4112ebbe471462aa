// Reviewers: each in a worktree of its own, beside each other, gone with its end; and what they may not disturb.

import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import { eventually } from '../../support/eventually.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import { NOTHING_LEFT, ReviewScene, UNTIL_GO } from './review-scene.ts'
import type { StartWorld } from './runner-contract.ts'
import { gone, isAlive } from './script-process.ts'

/** What a kill of the program leaves of a review: its folder, and its worktree's entry in the session repository. */
async function leaveBehind(scene: ReviewScene, from: string): Promise<void> {
  const { worktrees } = await scene.left()
  const [living = ''] = worktrees.filter((name) => name !== 'tree')
  const folder = join(scene.session, 'repo.git/worktrees')
  const left = join(folder, `review-${'0'.repeat(24)}`)
  await cp(join(folder, living), left, { recursive: true })
  await cp(join(scene.session, 'reviews', from), join(scene.session, 'reviews/left.1'), { recursive: true })
  await writeFile(join(left, 'gitdir'), `${join(scene.tree('left.1'), '.git')}\n`)
}

export function describeReviews(start: StartWorld): void {
  const prepared = (): Promise<ReviewScene> => ReviewScene.prepare(start)

  describe('startAttempt in a worktree of its own', () => {
    it('works at the commit, beside another, in a home of its own; both are gone with their ends', async () => {
      const scene = await prepared()
      const { world, session, commit } = scene
      await writeFiles(world.tree(), { 'src/knot.txt': 'open work\n' })
      const before = await git(world.tree(), 'status', '--porcelain=v2', '--branch')
      const look = `git rev-parse HEAD; git branch --show-current; git status --porcelain; cat src/knot.txt | head -1`
      world.gitCommands.length = 0
      await scene.begin('one.review.1', `{ ${look}; } > ../seen; env > ../env; ${UNTIL_GO}`)
      expect(world.gitCommands).toEqual(['read-tree'])
      await scene.begin('two.review.1', `(pwd; echo "$HOME"; touch "$HOME/mine") > ../seen; ${UNTIL_GO}`)
      const seen = (id: string, name: string): Promise<string> =>
        readFile(join(session, 'reviews', id, name), 'utf8')
      const first = await eventually(() => seen('one.review.1', 'seen'), { what: 'the first look' })
      expect(first).toBe(`${commit}\n?? at-work\none\n`)
      expect(await eventually(() => seen('two.review.1', 'seen'), { what: 'the second look' })).toBe(
        `${scene.tree('two.review.1')}\n${join(session, 'reviews/two.review.1/home')}\n`,
      )
      const env = await eventually(() => seen('one.review.1', 'env'), { what: 'the environment' })
      expect(env).toContain(`\nBELAY_VERDICT_FILE=${join(session, 'attempts/one.review.1/verdict.json')}\n`)
      expect(env).toContain('\nBELAY_ROLE=reviewer\n')
      expect((await git(world.tree(), 'worktree', 'list')).split('\n')).toHaveLength(4)
      world.gitCommands.length = 0
      await world.runner.inspect({ workspace: world.workspace(), lastSynced: commit, knownHead: commit })
      expect(world.gitCommands).toEqual(['status'])
      expect(await scene.letGo('two.review.1')).toMatchObject({ exit: { kind: 'exited', code: 0 } })
      expect((await scene.left()).reviews).toEqual(['one.review.1'])
      await scene.letGo('one.review.1')
      expect(await scene.left()).toEqual(NOTHING_LEFT)
      expect(await git(world.tree(), 'status', '--porcelain=v2', '--branch')).toBe(before)
      expect(await git(world.tree(), 'fsck', '--no-progress')).toBe('')
    })

    it('is gone too when the agent locked its folders, failed, or made commits nobody else names', async () => {
      const scene = await prepared()
      const { world } = scene
      const own =
        'git checkout --quiet --detach && echo x > own.txt && git add own.txt && git commit --quiet -m Own'
      const head = await git(world.tree(), 'rev-parse', 'work')
      await scene.begin(
        'one.review.1',
        `${own}; git checkout --quiet --ignore-other-worktrees work; touch ../done; ${UNTIL_GO}`,
      )
      await eventually(() => stat(join(scene.session, 'reviews/one.review.1/done')), { what: 'its commit' })
      const facts = await world.runner.inspect({
        workspace: world.workspace(),
        lastSynced: null,
        isLast: true,
      })
      expect(facts).toMatchObject({ kind: 'inspected', checkedOutElsewhere: null, otherCommits: [] })
      await scene.begin('two.review.1', 'mkdir locked; touch locked/file; chmod 500 locked .; exit 3')
      expect((await world.ended('two.review.1')).exit).toEqual({ kind: 'exited', code: 3 })
      await scene.letGo('one.review.1')
      expect(await scene.left()).toEqual(NOTHING_LEFT)
      expect(await git(world.tree(), 'rev-parse', 'work')).toBe(head)
    })

    it('obeys nothing that an agent planted for git, and follows no link', async () => {
      const scene = await prepared()
      const { world, session } = scene
      const outside = join(world.folder, 'outside')
      await writeFiles(outside, { 'keep.txt': 'keep\n' })
      await symlink(outside, join(session, 'reviews'))
      const repository = join(session, 'repo.git')
      const trap = (name: string): string => `touch ${join(world.folder, name)}`
      await writeFiles(repository, {
        'hooks/post-checkout': `#!/bin/sh\n${trap('hook')}\n`,
        'info/attributes': '* filter=trap\n',
      })
      await chmod(join(repository, 'hooks/post-checkout'), 0o755)
      await git(world.tree(), 'config', 'filter.trap.smudge', `${trap('filter')}; cat`)
      await git(world.tree(), 'config', 'core.fsmonitor', trap('monitor'))
      await scene.begin('one.review.1')
      expect(await scene.read('one.review.1', 'README.md')).toBe('A rope\n')
      expect(await readdir(outside)).toEqual(['keep.txt'])
      await scene.letGo('one.review.1')
      for (const name of ['hook', 'filter', 'monitor']) {
        await expect(stat(join(world.folder, name)), name).rejects.toThrow('ENOENT')
      }
      expect(await readFile(join(outside, 'keep.txt'), 'utf8')).toBe('keep\n')
    })

    it('ends before its start when the commit is not there or the session was tampered with', async () => {
      const scene = await prepared()
      const { world, session } = scene
      const unknown = toSha('1'.repeat(40))
      const order = scene.order('one.review.1', { place: { kind: 'detached', commit: unknown } })
      expect(await world.runner.startAttempt(order)).toEqual({ pid: null })
      expect((await world.ended('one.review.1')).exit).toMatchObject({ kind: 'spawn_failed' })
      expect(await scene.left()).toEqual(NOTHING_LEFT)
      await rm(join(session, 'repo.git/objects/info/alternates'))
      await symlink('/nowhere', join(session, 'repo.git/objects/info/alternates'))
      expect(await world.runner.startAttempt(scene.order('two.review.1'))).toEqual({ pid: null })
      const { exit } = await world.ended('two.review.1')
      if (exit.kind !== 'spawn_failed') throw new Error(exit.kind)
      expect(exit.reason).toContain('was changed')
    })

    it('gives each of them a door of its own', async () => {
      const scene = await prepared()
      const { world } = scene
      const alert = (text: string): string =>
        `${UNTIL_GO}; belay-agent alert -m "${text}" > said 2>&1; cp said ../said`
      await scene.begin('one.review.1', alert('first'))
      await scene.begin('two.review.1', alert('second'))
      await scene.letGo('one.review.1')
      await scene.letGo('two.review.1')
      const asked = world.reports.flatMap((report) =>
        report.kind === 'door_request' ? [[report.attemptId, report.request.verb]] : [],
      )
      expect(asked).toEqual([
        ['one.review.1', 'alert'],
        ['two.review.1', 'alert'],
      ])
    })
  })

  describe('a reviewer and who else works in the session', () => {
    it('is refused beside a producer, and ended before one starts', async () => {
      const scene = await prepared()
      const { world } = scene
      const reviewer = await scene.begin('one.review.1', `trap '' TERM; ${UNTIL_GO}`)
      const producer = world.attempt({ prompt: `ls ../reviews > reviews; ${UNTIL_GO}` })
      const { pid } = await world.runner.startAttempt(producer)
      expect(isAlive(reviewer)).toBe(false)
      expect((await world.ended('one.review.1')).exit).toEqual({ kind: 'stopped' })
      await expect(world.runner.startAttempt(scene.order('two.review.1'))).rejects.toMatchObject({
        code: 'WORKSPACE_INVALID',
      })
      await expect(world.runner.startAttempt(world.attempt({ attemptId: 'other' }))).rejects.toMatchObject({
        code: 'WORKSPACE_INVALID',
      })
      expect(isAlive(pid ?? 0)).toBe(true)
      await writeFile(join(world.tree(), 'go'), '')
      await world.ended()
      expect(await readFile(join(world.tree(), 'reviews'), 'utf8')).toBe('')
      await scene.begin('three.review.1')
      expect(await scene.letGo('three.review.1')).toMatchObject({ exit: { kind: 'exited', code: 0 } })
    })

    it('ends nobody and removes nobody’s worktree, of an earlier start of the program neither', async () => {
      const scene = await prepared()
      const { world } = scene
      const older = await scene.begin('one.review.1')
      await leaveBehind(scene, 'one.review.1')
      const next = await world.again()
      const order = scene.order('two.review.1', { fence: 2, prompt: UNTIL_GO })
      const { pid } = await next.startAttempt(order)
      expect([isAlive(older), isAlive(pid ?? 0)]).toEqual([true, true])
      expect((await scene.left()).reviews).toEqual(['one.review.1', 'two.review.1'])
      expect((await scene.left()).worktrees).toHaveLength(3)
      expect(await next.reapAttempt({ sessionId: 'rope-1', attemptId: 'one.review.1' })).toEqual({
        kind: 'reaped',
      })
      await gone(older)
      expect((await scene.left()).reviews).toEqual(['two.review.1'])
      await next.close()
      expect(await scene.left()).toEqual(NOTHING_LEFT)
    })

    it('leaves nothing that keeps a producer or the release away', async () => {
      const scene = await prepared()
      const { world, session } = scene
      await scene.begin('one.review.1')
      await leaveBehind(scene, 'one.review.1')
      const release = () => world.runner.release({ workspace: world.workspace(), fence: 1 })
      expect(await release()).toMatchObject({ kind: 'refused', because: 'process_alive' })
      await scene.letGo('one.review.1')
      expect((await scene.left()).reviews).toEqual(['left.1'])
      await world.runner.startAttempt(world.attempt({ prompt: 'exit 0' }))
      await world.ended()
      expect(await scene.left()).toEqual(NOTHING_LEFT)
      await scene.begin('two.review.1')
      await leaveBehind(scene, 'two.review.1')
      // Half removed by a kill.
      await mkdir(join(session, 'reviews/left.2'))
      await scene.letGo('two.review.1')
      expect(await release()).toEqual({ kind: 'released' })
      await expect(stat(join(session, 'reviews'))).rejects.toThrow('ENOENT')
      await expect(stat(join(session, 'repo.git'))).rejects.toThrow('ENOENT')
    })
  })
}
