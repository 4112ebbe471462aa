// What a pin holds, as people are told.

import { rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { describePin } from '../../../../src/adapters/runner/pins/describe-pin.ts'
import { createEmbeddedRunner } from '../../../../src/adapters/runner/embedded-runner.ts'
import { createGitDoor } from '../../../../src/adapters/runner/git/git-door.ts'
import { toSha, type RefName } from '../../../../src/domain/ids.ts'
import type { PinContents } from '../../../../src/domain/sync/pin-contents.ts'
import { embeddedOptions } from '../../../support/embedded-runner.ts'
import { RunnerWorld } from '../../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../../support/temp-repo.ts'

const worlds: RunnerWorld[] = []

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

async function pinned(disturb: (tree: string) => Promise<unknown>) {
  const world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)))
  worlds.push(world)
  await world.prepare()
  const tree = world.tree()
  await disturb(tree)
  const head = toSha(await git(tree, 'rev-parse', 'HEAD'))
  const prefix = world.prefix()
  await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' })
  return { world, prefix, head }
}

function look(world: RunnerWorld, prefix: RefName, limit = 50): Promise<PinContents | null> {
  const folder = join(world.folder, 'look')
  const door = createGitDoor({ folder, host: process.env, remotes: 'http' })
  return describePin({ door, mirror: world.mirror }, { prefix, limit })
}

describe('describePin', () => {
  it('lists commits and files as git status and git diff would', async () => {
    const { world, prefix, head } = await pinned(async (tree) => {
      await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
      await git(tree, 'commit', '--quiet', '--all', '--message=Tie: the\tknot')
      await writeFiles(tree, { 'src/knot.txt': 'ours\nstaged\n' })
      await git(tree, 'add', 'src/knot.txt')
      await writeFiles(tree, {
        'src/knot.txt': 'ours\nstaged\nunstaged\n',
        'new.bin': Buffer.from([0, 1, 2]),
        'ä\n.txt': 'odd\n',
      })
      await git(tree, 'rm', '--quiet', 'README.md')
      await unlink(join(tree, 'src/other.txt'))
    })
    const contents = await look(world, prefix)
    expect(contents).toMatchObject({ head, fault: null, hasConflicts: false, changeCount: 5 })
    expect(contents?.commits).toEqual([{ sha: head, author: 'Petra', subject: 'Tie: the\tknot' }])
    expect(contents?.changes).toEqual([
      { path: 'README.md', letters: 'D ', lines: { added: 0, deleted: 1 } },
      { path: 'new.bin', letters: '??', lines: null },
      { path: 'src/knot.txt', letters: 'MM', lines: { added: 2, deleted: 0 } },
      { path: 'src/other.txt', letters: ' D', lines: { added: 0, deleted: 1 } },
      { path: 'ä\n.txt', letters: '??', lines: { added: 1, deleted: 0 } },
    ])
    expect(await look(world, prefix, 2)).toMatchObject({ changeCount: 5, changes: { length: 2 } })
  })

  it('says that the index held conflicts, and where', async () => {
    const { world, prefix } = await pinned(async (tree) => {
      await git(tree, 'checkout', '--quiet', '-b', 'other')
      await writeFiles(tree, { 'src/knot.txt': 'theirs\n' })
      await git(tree, 'commit', '--quiet', '--all', '--message=Theirs')
      await git(tree, 'checkout', '--quiet', 'work')
      await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
      await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
      await tryGit({ cwd: tree, args: ['merge', '--quiet', 'other'] })
    })
    const contents = await look(world, prefix)
    expect(contents).toMatchObject({ hasConflicts: true, changeCount: 1 })
    expect(contents?.changes).toMatchObject([{ path: 'src/knot.txt', letters: 'UU' }])
  })

  it('names the fault of a pin that lost an object', async () => {
    const { world, prefix } = await pinned((tree) => writeFiles(tree, { 'new.txt': 'new\n' }))
    const blob = await git(world.mirror, 'rev-parse', `${prefix}/worktree:new.txt`)
    await rm(join(world.mirror, 'objects', blob.slice(0, 2), blob.slice(2)))
    const contents = await look(world, prefix)
    expect(contents?.fault).toContain(blob)
    expect(contents?.changes).toEqual([])
  })

  it('finds no pin of another name, and none without a mirror', async () => {
    const { world, prefix } = await pinned(() => Promise.resolve())
    expect(await look(world, prefix)).toMatchObject({ changeCount: 0, commits: [] })
    expect(await look(world, `${prefix}x` as RefName)).toBeNull()
    await rm(world.mirror, { recursive: true })
    expect(await look(world, prefix)).toBeNull()
  })
})
