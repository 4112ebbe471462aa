// Files of a session exchanged to make Belay read or write somewhere else. Plain git is taken in by every one of them;
// Belay pushes and pins nothing foreign and writes nothing outside.

import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import {
  doEverything,
  hasObject,
  hostileScene,
  makeTrap,
  marksOf,
  sightOf,
  type HostileScene,
} from '../../support/hostile/hostile-scene.ts'
import { makeSecret, OBJECT_TRAPS, WRITE_TRAPS, type Secret } from '../../support/hostile/state-traps.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

/** Puts the tree of the secret onto the branch, in a commit that may be pushed as far as history goes. */
async function disguise({ repository, before }: HostileScene, { tree }: Secret): Promise<string> {
  const inRepository = (...args: readonly string[]): Promise<string> =>
    git(repository, '--git-dir=.', ...args)
  const commit = await inRepository('commit-tree', tree, '-p', before, '-m', 'Harmless')
  await inRepository('update-ref', 'refs/heads/work', commit)
  return commit
}

async function tampered({ world }: HostileScene): Promise<string> {
  const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
  if (facts.kind !== 'unavailable') return facts.kind
  return facts.fault.kind === 'tampered' ? facts.fault.what : facts.fault.kind
}

export function describePlantedState(start: StartWorld): void {
  describe('objects that are not the session’s', () => {
    it.each(OBJECT_TRAPS)('$name: nothing of them is pinned or pushed', async ({ where, plant }) => {
      const scene = await hostileScene(await start())
      const { world, tree } = scene
      const secret = await makeSecret(where(scene))
      expect(await hasObject(scene.repository, secret.commit)).toBe(false)
      await plant(scene, secret)
      const commit = await disguise(scene, secret)
      expect(await git(tree, 'show', 'work:secret.txt')).toBe('the secret of another project')
      await doEverything(scene)
      for (const oid of [secret.commit, secret.tree, secret.blob, commit]) {
        expect(await hasObject(world.mirror, oid), 'the mirror').toBe(false)
        expect(await hasObject(world.origin.path, oid), 'the origin').toBe(false)
      }
    })

    it('a common directory of another session shows us none of its commits', async () => {
      const scene = await hostileScene(await start())
      const { world, repository } = scene
      await world.prepare('rope-2')
      await writeFiles(world.tree('rope-2'), { 'precious.txt': 'another session\n' })
      await git(world.tree('rope-2'), 'add', 'precious.txt')
      await git(world.tree('rope-2'), 'commit', '--quiet', '--message=Another session')
      const foreign = toSha(await git(world.tree('rope-2'), 'rev-parse', 'HEAD'))
      const others = join(world.home, 'sessions/rope-2/repo.git')
      await writeFile(join(repository, 'commondir'), `${others}\n`)
      expect(await git(repository, '--git-dir=.', 'rev-parse', 'refs/heads/work')).toBe(foreign)
      await doEverything(scene)
      expect(await hasObject(world.origin.path, foreign)).toBe(false)
      expect(await git(world.tree('rope-2'), 'rev-parse', 'HEAD')).toBe(foreign)
      expect(await tampered(scene)).toMatch(/commondir/)
    })

    it.each(['refs/heads', 'refs/heads/work', 'packed-refs'])(
      'a link to another session in place of %s has none of its commits pushed',
      async (name) => {
        const scene = await hostileScene(await start())
        const { world, repository, before } = scene
        await world.prepare('rope-2')
        const other = world.tree('rope-2')
        await writeFiles(other, { 'precious.txt': 'another session\n' })
        await git(other, 'add', 'precious.txt')
        await git(other, 'commit', '--quiet', '--message=Another session')
        const foreign = toSha(await git(other, 'rev-parse', 'HEAD'))
        // Pinned, so that its objects are within reach and only the ref is missing.
        const prefix = world.prefix('rope-2')
        await world.run({ kind: 'pin', prefix, head: foreign, target: null, message: 'Pin' }, 'rope-2')
        const others = join(world.home, 'sessions/rope-2/repo.git')
        if (name === 'packed-refs') {
          await git(others, '--git-dir=.', 'pack-refs', '--all')
          await rm(join(repository, 'refs/heads/work'))
        }
        await rm(join(repository, name), { recursive: true, force: true })
        await symlink(join(others, name), join(repository, name))
        expect(await git(repository, '--git-dir=.', 'rev-parse', 'refs/heads/work')).toBe(foreign)
        const said = await doEverything(scene)
        expect(said).not.toContain('push_branch pushed')
        expect(await hasObject(world.origin.path, foreign)).toBe(false)
        expect(await git(other, 'rev-parse', 'HEAD')).toBe(foreign)
        expect(before).not.toBe(foreign)
      },
    )
  })

  describe('links that lead our writes out of the session', () => {
    it.each(WRITE_TRAPS)('in place of $name: nothing is written there', async ({ plant, fire }) => {
      const scene = await hostileScene(await start())
      await plant(scene)
      const sight = await sightOf(scene.outside)
      await doEverything(scene)
      expect(await sightOf(scene.outside)).toEqual(sight)
      await fire(scene)
      expect(await sightOf(scene.outside)).not.toEqual(sight)
    })

    it('a tracking ref that is a name for the branch does not move the branch', async () => {
      const scene = await hostileScene(await start())
      const { world, tree } = scene
      await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
      await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
      const ours = await git(tree, 'rev-parse', 'HEAD')
      const name = ['symbolic-ref', 'refs/remotes/origin/work', 'refs/heads/work']
      await git(tree, ...name)
      const theirs = await world.origin.push({ 'README.md': 'theirs\n' })
      const { relation } = await world.inspect(scene.before)
      expect(await git(tree, 'rev-parse', 'refs/heads/work')).toBe(ours)
      if (relation?.rebase.kind !== 'clean') throw new Error(`The rebase is ${relation?.rebase.kind}`)
      const [from, to, prefix] = [toSha(ours), relation.rebase.newHead, world.prefix()]
      const moved = await world.execute([
        { kind: 'pin', prefix, head: from, target: null, message: 'Pin' },
        { kind: 'move_tree', from, target: to },
        { kind: 'move_branch', branch: world.workspace().branch, from, to },
      ])
      expect(moved.map(({ kind }) => kind)).toEqual(['pinned', 'done', 'done'])
      expect(await git(tree, 'rev-parse', 'refs/heads/work')).toBe(to)
      expect(await git(tree, 'rev-parse', 'refs/remotes/origin/work')).toBe(theirs)
      await git(tree, ...name)
      await git(tree, 'update-ref', 'refs/remotes/origin/work', theirs)
      expect(await git(tree, 'rev-parse', 'refs/heads/work')).toBe(theirs)
    })
  })

  describe('links in the worktree', () => {
    it('take the place of a file and of a folder: pinned as links, nothing beyond them read or written', async () => {
      const scene = await hostileScene(await start())
      const { world, tree, outside } = scene
      await writeFiles(tree, { 'README.md': 'ours\n' })
      await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
      await rm(join(tree, 'src'), { recursive: true })
      await symlink(join(outside, 'folder'), join(tree, 'src'))
      await rm(join(tree, 'README.md'))
      await symlink(join(outside, 'profile'), join(tree, 'README.md'))
      await symlink(outside, join(tree, 'untracked'))
      // Whoever follows links finds the files of the host at the names of the repository.
      expect(await readFile(join(tree, 'src/knot.txt'), 'utf8')).toBe('mine\n')
      const sight = await sightOf(outside)
      const said = await doEverything(scene)
      expect(said.filter((line) => line === 'pin pinned')).toHaveLength(2)
      expect(said).toContain('reset_tree done')
      expect(await sightOf(outside)).toEqual(sight)
      for (const { ref, sha } of await world.runner.listPins(world.workspace())) {
        if (!ref.endsWith('/worktree')) continue
        const files = await git(world.mirror, 'ls-tree', '-r', sha)
        expect(files).toMatch(/^120000 blob [0-9a-f]+\tuntracked$/m)
        expect(await git(world.mirror, 'show', `${sha}:untracked`)).toBe(outside)
        const secret = (await tryGit({ cwd: outside, args: ['hash-object', 'profile'] })).stdout.toString()
        expect(files).not.toContain(secret.trim())
      }
    })
  })

  describe('a worktree whose .git is another one', () => {
    const planted: readonly { what: string; plant: (scene: HostileScene) => Promise<void> }[] = [
      {
        what: 'a repository of its own with settings',
        async plant(scene) {
          const program = await makeTrap(scene, 'planted')
          await rm(join(scene.tree, '.git'))
          await git(scene.tree, 'init', '--quiet', '.')
          await git(scene.tree, 'config', 'core.fsmonitor', program)
        },
      },
      {
        what: 'a file that leads to a planted repository',
        async plant(scene) {
          const program = await makeTrap(scene, 'planted')
          const away = join(scene.world.folder, 'away')
          await mkdir(away)
          await git(away, 'init', '--quiet', '.')
          await git(away, 'config', 'core.fsmonitor', program)
          await writeFile(join(scene.tree, '.git'), `gitdir: ${join(away, '.git')}\n`)
        },
      },
      {
        what: 'a link to a planted repository',
        async plant(scene) {
          const program = await makeTrap(scene, 'planted')
          const away = join(scene.world.folder, 'away')
          await mkdir(away)
          await git(away, 'init', '--quiet', '.')
          await git(away, 'config', 'core.fsmonitor', program)
          await rename(join(scene.tree, '.git'), join(away, 'old'))
          await symlink(join(away, '.git'), join(scene.tree, '.git'))
        },
      },
    ]

    it.each(planted)('$what: named, and nothing of it is run', async ({ plant }) => {
      const scene = await hostileScene(await start())
      await plant(scene)
      expect(await tampered(scene)).toBe('the .git file of the worktree')
      await doEverything(scene)
      expect(await marksOf(scene)).toEqual([])
      await tryGit({ cwd: scene.tree, args: ['status'] })
      expect(await marksOf(scene)).toEqual(['planted'])
    })
  })
}
