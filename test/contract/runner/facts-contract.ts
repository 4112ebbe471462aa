// Inspecting: the facts beside files and commits: what operations remember, who else has the branch, what was exchanged.

import { copyFile, cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'
import { commitOwn, prepareScene, see } from './session-scene.ts'

export function describeFacts(start: StartWorld): void {
  describe('inspect: what an operation remembers', () => {
    it('names the commits of a merge, and none that an operation of the past left', async () => {
      const scene = await prepareScene(start)
      const tree = scene.world.tree()
      await git(tree, 'checkout', '--quiet', '-b', 'side')
      const side = await commitOwn(scene, { 'src/knot.txt': 'side\n' })
      await git(tree, 'checkout', '--quiet', 'work')
      const own = await commitOwn(scene, { 'src/knot.txt': 'own\n' })
      await git(tree, 'reset', '--quiet', '--hard', own)
      expect(await see(scene)).toMatchObject({ inProgress: null, otherCommits: [] })
      await tryGit({ cwd: tree, args: ['merge', 'side'] })
      expect(await see(scene)).toMatchObject({ inProgress: 'merge', otherCommits: [own, side] })
    })

    it('names where a stopped rebase came from', async () => {
      const scene = await prepareScene(start)
      const tree = scene.world.tree()
      const base = await git(tree, 'rev-parse', 'HEAD')
      const own = await commitOwn(scene, { 'src/knot.txt': 'own\n' })
      await git(tree, 'checkout', '--quiet', '-b', 'side', base)
      await commitOwn(scene, { 'src/knot.txt': 'side\n' })
      await git(tree, 'checkout', '--quiet', 'work')
      await tryGit({ cwd: tree, args: ['rebase', 'side'] })
      const facts = await see(scene)
      expect(facts).toMatchObject({ inProgress: 'rebase', head: { kind: 'detached' }, branchSha: own })
      expect(facts.kind === 'inspected' && facts.otherCommits).toContain(own)
    })

    it('takes memories it can not read for a fault, not for none', async () => {
      const scene = await prepareScene(start)
      await writeFile(join(scene.gitDir, 'MERGE_HEAD'), `${'0'.repeat(40)}\n`)
      await mkdir(join(scene.gitDir, 'ORIG_HEAD'))
      expect(await see(scene)).toMatchObject({ kind: 'unavailable', fault: { kind: 'unreadable' } })
    })
  })

  describe('inspect: the session repository', () => {
    it('sees the branch in another worktree, also in the middle of its rebase, until that is gone', async () => {
      const scene = await prepareScene(start)
      const other = join(scene.session, 'other')
      expect(await see(scene)).toMatchObject({ checkedOutElsewhere: null })
      await git(scene.world.tree(), 'worktree', 'add', '--quiet', '--force', other, 'work')
      expect(await see(scene)).toMatchObject({ checkedOutElsewhere: 'other' })
      await tryGit({ cwd: other, args: ['rebase', '--quiet', 'HEAD', '--exec', 'false'] })
      await writeFiles(other, { 'x.txt': 'x\n' })
      await git(other, 'checkout', '--quiet', '--detach')
      expect(await see(scene)).toMatchObject({ checkedOutElsewhere: null })
      await mkdir(join(scene.repository, 'worktrees/other/rebase-merge'))
      await writeFile(join(scene.repository, 'worktrees/other/rebase-merge/head-name'), 'refs/heads/work\n')
      expect(await see(scene)).toMatchObject({ checkedOutElsewhere: 'other' })
      await rm(other, { recursive: true })
      expect(await see(scene)).toMatchObject({ checkedOutElsewhere: null })
    })

    it('names the settings that are not as Belay made them', async () => {
      const scene = await prepareScene(start)
      const tree = scene.world.tree()
      expect(await see(scene)).toMatchObject({ changedConfiguration: [] })
      await git(tree, 'config', 'user.name', 'Somebody')
      await mkdir(join(scene.repository, 'hooks'))
      await writeFile(join(scene.repository, 'hooks/pre-commit'), '#!/bin/sh\n')
      await mkdir(join(scene.repository, 'info'), { recursive: true })
      await symlink('/etc/hostname', join(scene.repository, 'info/attributes'))
      await writeFile(join(scene.repository, 'info/exclude'), '*.tmp\n')
      const own = await commitOwn(scene, { 'own.txt': 'own\n' })
      await git(tree, 'replace', own, 'HEAD~1')
      const facts = await see(scene)
      if (facts.kind !== 'inspected') throw new Error(JSON.stringify(facts))
      expect(facts.changedConfiguration.toSorted()).toEqual([
        'config',
        'hooks/pre-commit',
        'info/attributes',
        `refs/replace/${own}`,
      ])
      await rm(join(scene.session, 'control/configuration.json'))
      expect(await see(scene)).toMatchObject({ changedConfiguration: [] })
    })

    it('says that a history was cut off, and by whom the comparison fails', async () => {
      const scene = await prepareScene(start)
      const tree = scene.world.tree()
      expect(await see(scene)).toMatchObject({ isShallow: false })
      const elsewhere = join(scene.world.folder, 'elsewhere')
      await mkdir(elsewhere)
      await git(elsewhere, 'init', '--quiet', '--initial-branch=main', '.')
      for (const text of ['one', 'two']) {
        await writeFiles(elsewhere, { 'a.txt': text })
        await git(elsewhere, 'add', '.')
        await git(elsewhere, 'commit', '--quiet', `--message=${text}`)
      }
      await git(tree, 'fetch', '--quiet', '--depth=1', `file://${elsewhere}`, 'main')
      expect(await see(scene)).toMatchObject({ isShallow: true, relation: { localAhead: 0 } })
      await git(tree, 'reset', '--quiet', '--hard', 'FETCH_HEAD')
      expect(await see(scene)).toMatchObject({
        kind: 'inspected',
        isShallow: true,
        relation: null,
        relationFault: { kind: 'rev_parse' },
      })
    })
  })

  describe('inspect: the folder and its registration', () => {
    it('says where HEAD was when the folder is gone', async () => {
      const scene = await prepareScene(start)
      const own = await commitOwn(scene, { 'own.txt': 'own\n' })
      await rm(scene.world.tree(), { recursive: true })
      expect(await see(scene)).toMatchObject({ kind: 'unavailable', fault: { kind: 'missing', head: own } })
      await writeFile(join(scene.gitDir, 'commondir'), '../../../other\n')
      expect(await see(scene)).toMatchObject({ fault: { kind: 'tampered' } })
    })

    it('finds a folder that was moved inside the session, and does not choose between two', async () => {
      const scene = await prepareScene(start)
      const moved = join(scene.session, 'moved away')
      await rename(scene.world.tree(), moved)
      expect(await see(scene)).toMatchObject({ fault: { kind: 'moved', to: 'moved away' } })
      await cp(moved, join(scene.session, 'copy'), { recursive: true })
      expect(await see(scene)).toMatchObject({ fault: { kind: 'tampered' } })
    })

    it.each([
      ['is no text of git’s', 'nonsense\n'],
      ['leads out of the repository', 'ref: refs/heads/../../../../secret\n'],
      ['names no branch', 'ref: refs/tags/v1\n'],
    ])('says that HEAD %s', async (_name, text) => {
      const scene = await prepareScene(start)
      await writeFile(join(scene.gitDir, 'HEAD'), text)
      expect(await see(scene)).toMatchObject({ kind: 'unavailable', fault: { kind: 'unreadable_head' } })
    })

    it.each(['objects', 'refs', 'worktrees', 'worktrees/tree'])(
      'refuses a link in place of %s',
      async (name) => {
        const scene = await prepareScene(start)
        const place = join(scene.repository, name)
        await rename(place, join(scene.session, 'elsewhere'))
        await symlink(join(scene.session, 'elsewhere'), place)
        expect(await see(scene)).toMatchObject({ kind: 'unavailable', fault: { kind: 'tampered' } })
      },
    )

    it.each([
      ['the objects the session borrows', 'sessions/rope-1/repo.git/objects/info/alternates'],
      ['the objects our git directory borrows', 'sessions/rope-1/control/objects/info/alternates'],
      ['the configuration of the mirror', 'mirrors/rope.git/config'],
    ])('refuses a change of %s, and a link in its place', async (_name, path) => {
      const scene = await prepareScene(start)
      const file = join(scene.world.home, path)
      await copyFile(file, `${file}.kept`)
      await writeFile(file, `${scene.world.folder}\n`)
      expect(await see(scene)).toMatchObject({ kind: 'unavailable', fault: { kind: 'tampered' } })
      await rm(file)
      await symlink(`${file}.kept`, file)
      expect(await see(scene)).toMatchObject({ kind: 'unavailable', fault: { kind: 'tampered' } })
    })

    it('refuses a link in place of the .git file', async () => {
      const scene = await prepareScene(start)
      const file = join(scene.world.tree(), '.git')
      await rename(file, join(scene.session, 'git-file'))
      await symlink(join(scene.session, 'git-file'), file)
      expect(await see(scene)).toMatchObject({ fault: { kind: 'tampered' } })
    })
  })

  describe('inspect: refs', () => {
    it('follows a branch that an agent made a name for another', async () => {
      const scene = await prepareScene(start)
      const own = await commitOwn(scene, { 'own.txt': 'own\n' })
      await git(scene.world.tree(), 'branch', 'other')
      await git(scene.world.tree(), 'symbolic-ref', 'refs/heads/work', 'refs/heads/other')
      expect(await see(scene)).toMatchObject({ head: { sha: own }, branchSha: own })
    })

    it('tells a tracking ref that an agent made a name for the branch, and moves the branch once', async () => {
      const scene = await prepareScene(start)
      const { world } = scene
      const { branch } = world.workspace()
      const from = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      await git(world.tree(), 'symbolic-ref', 'refs/remotes/origin/work', 'refs/heads/work')
      const to = toSha(await world.origin.push({ 'README.md': 'theirs\n' }))
      expect(await see(scene)).toMatchObject({ relation: { remoteAhead: 1 }, branchSha: from })
      const outcomes = await world.execute([
        { kind: 'move_tree', from, target: to },
        { kind: 'move_branch', branch, from, to },
      ])
      expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }])
      const refs = await git(world.tree(), 'for-each-ref', '--format=%(refname) %(objectname)%(symref)')
      expect(refs.split('\n')).toEqual(
        expect.arrayContaining([`refs/heads/work ${to}`, `refs/remotes/origin/work ${to}`]),
      )
    })

    it('takes what it can not read for a fault, not for a branch without a commit', async () => {
      const scene = await prepareScene(start)
      await mkdir(join(scene.repository, 'reftable'))
      expect(await see(scene)).toMatchObject({ kind: 'inspected', head: { kind: 'attached' } })
      await git(scene.repository, 'config', 'core.repositoryFormatVersion', '1')
      await git(scene.repository, 'config', 'extensions.refStorage', 'reftable')
      const facts = await see(scene)
      if (facts.kind === 'inspected') expect(facts.head.kind).toBe('attached')
      else expect(facts.fault.kind).toBe('unreadable')
    })
  })
}
