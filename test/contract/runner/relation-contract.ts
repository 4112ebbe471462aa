// Inspecting: how both sides relate when commits can not be read or were taken back, and what a quick look leaves out.

import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'
import { commitOwn, prepareScene, see, type SessionScene } from './session-scene.ts'

function objectFile({ repository }: SessionScene, sha: string): string {
  return join(repository, 'objects', sha.slice(0, 2), sha.slice(2))
}

/** Makes single files of the mirror's objects, so that one can be taken away. */
async function unpackAll({ mirror }: RunnerWorld): Promise<void> {
  const folder = join(mirror, 'objects/pack')
  const packs = (await readdir(folder)).filter((name) => name.endsWith('.pack'))
  const contents = await Promise.all(packs.map((name) => readFile(join(folder, name))))
  await rm(folder, { recursive: true })
  for (const input of contents) await tryGit({ cwd: mirror, args: ['unpack-objects', '-q'], input })
}

export function describeRelation(start: StartWorld): void {
  describe('inspect: commits that can not be read', () => {
    it('says that HEAD has no commit behind it, and takes no file for safe', async () => {
      const scene = await prepareScene(start)
      const own = await commitOwn(scene, { 'own.txt': 'own\n' })
      await rm(objectFile(scene, own))
      const facts = await see(scene)
      expect(facts).toMatchObject({
        head: { sha: own },
        relation: null,
        relationFault: { kind: 'rev_parse' },
      })
      expect(facts.kind === 'inspected' && facts.tree.dirty).toContain('own.txt')
    })

    it.each([
      ['behind a commit that is gone', 'rev_parse', (file: string) => rm(file)],
      ['behind a commit that is broken', 'rev_list', (file: string) => writeFile(file, 'no object\n')],
    ])('says that the history ends %s', async (_name, kind, spoil) => {
      const scene = await prepareScene(start)
      const first = await commitOwn(scene, { 'own.txt': 'own\n' })
      await commitOwn(scene, { 'own.txt': 'more\n' })
      await scene.world.origin.push({ 'README.md': 'on\n' })
      const file = objectFile(scene, first)
      await rename(file, `${file}.old`)
      await copyFile(`${file}.old`, file)
      await rm(`${file}.old`)
      await spoil(file)
      expect(await see(scene)).toMatchObject({
        kind: 'inspected',
        tree: { dirty: [] },
        relation: null,
        relationFault: { kind },
      })
    })

    it('says why a replay could not be computed', async () => {
      const scene = await prepareScene(start)
      const { world } = scene
      await commitOwn(scene, { 'src/knot.txt': 'one\ntwo\nthree\nfour\nfive\nsix\nours\n' })
      await world.origin.push({ 'src/knot.txt': 'theirs\ntwo\nthree\nfour\nfive\nsix\nseven\n' })
      const clean = await see(scene)
      expect(clean).toMatchObject({ relation: { rebase: { kind: 'clean' } } })
      const blob = await git(world.origin.clone, 'rev-parse', 'HEAD:src/knot.txt')
      await unpackAll(world)
      await rm(join(world.mirror, 'objects', blob.slice(0, 2), blob.slice(2)))
      expect(await see(scene)).toMatchObject({
        relation: { localAhead: 1, remoteAhead: 1, rebase: { kind: 'failed' } },
      })
    })

    it('tries to replay what is ours when the remote was taken back', async () => {
      const scene = await prepareScene(start)
      const { world } = scene
      const base = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      const synced = toSha(await world.origin.push({ 'doomed.txt': 'doomed\n' }))
      const workspace = world.workspace()
      const { branch } = workspace
      await world.inspect(base)
      await world.execute([
        { kind: 'move_tree', from: base, target: synced },
        { kind: 'move_branch', branch, from: base, to: synced },
      ])
      await git(world.origin.path, 'update-ref', 'refs/heads/work', base)
      expect(await world.inspect(synced)).toMatchObject({
        relation: {
          localAhead: 1,
          remoteAhead: 0,
          remoteContainsLastSynced: false,
          rebase: { kind: 'clean', newHead: base },
        },
      })
      await commitOwn(scene, { 'own.txt': 'own\n' })
      const { relation } = await world.inspect(synced)
      expect(relation).toMatchObject({ localAhead: 2, remoteAhead: 0, ownCommits: [{}, { subject: 'Own' }] })
      if (relation?.rebase.kind !== 'clean') throw new Error('not clean')
      expect(await git(world.tree(), 'rev-parse', `${relation.rebase.newHead}~1`)).toBe(base)
    })
  })

  describe('a quick look', () => {
    const meddle: Readonly<Record<string, (scene: SessionScene) => Promise<unknown>>> = {
      'an untouched worktree': () => Promise.resolve(),
      'edits that git hides': async ({ world }) => {
        await git(world.tree(), 'update-index', '--assume-unchanged', 'src/other.txt')
        await writeFiles(world.tree(), { 'src/other.txt': 'hidden\n' })
      },
      'an untracked file in the way': ({ world }) => writeFiles(world.tree(), { 'new.txt': 'ours\n' }),
      'an ignored file in the way': ({ world }) => writeFiles(world.tree(), { 'a.ignored': 'ours\n' }),
      'a change in the way': ({ world }) => writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' }),
      'commits of its own': (scene) => commitOwn(scene, { 'src/knot.txt': 'ours\n' }),
      'another branch': ({ world }) => git(world.tree(), 'checkout', '--quiet', '-b', 'elsewhere'),
      'no commit': ({ world }) => git(world.tree(), 'checkout', '--quiet', '--orphan', 'void'),
    }

    it.each(Object.keys(meddle))('says nothing that a thorough one denies: %s', async (name) => {
      const scene = await prepareScene(start)
      await scene.world.origin.push({
        'src/knot.txt': 'theirs\n',
        'new.txt': 'theirs',
        'a.ignored': 'theirs',
      })
      await meddle[name]?.(scene)
      const quick = await see(scene)
      const thorough = await see(scene, true)
      if (quick.kind !== 'inspected' || thorough.kind !== 'inspected') throw new Error('not inspected')
      expectContained(quick, thorough)
      const { relation } = thorough
      if (relation !== null) expect(relation.remoteCommits).toHaveLength(relation.remoteAhead)
    })
  })
}

/** Every list of the one is in the other's; everything else is the same, but the ids of replayed commits. */
function expectContained(quick: unknown, thorough: unknown): void {
  if (Array.isArray(quick) && Array.isArray(thorough)) {
    expect(thorough).toEqual(expect.arrayContaining(quick))
    return
  }
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null
  if (!isRecord(quick) || !isRecord(thorough)) {
    expect(thorough).toEqual(quick)
    return
  }
  expect(Object.keys(thorough)).toEqual(Object.keys(quick))
  for (const key of Object.keys(quick)) if (key !== 'newHead') expectContained(quick[key], thorough[key])
}
