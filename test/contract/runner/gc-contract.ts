// Everything that makes git forget, in the worktree, in the session repository and, by mistake, in the mirror: every pin
// of every session is there afterwards, byte for byte.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

const SESSIONS = ['rope-1', 'rope-2'] as const

interface Pinned {
  readonly session: string
  readonly prefix: RefName
  readonly head: Sha
  /** Every object the pin reaches, with its content's id and size as plain git tells them. */
  readonly objects: string
}

/** Pins a commit, something staged and something untracked of a session, and takes it all out of the session again. */
async function pinAndDrop(world: RunnerWorld, session: string): Promise<Pinned> {
  await world.prepare(session)
  const tree = world.tree(session)
  await writeFiles(tree, { 'src/knot.txt': `commit of ${session}\n` })
  await git(tree, 'commit', '--quiet', '--all', `--message=Of ${session}`)
  await writeFiles(tree, { 'staged.txt': `staged in ${session}\n`, 'crlf.txt': 'one\r\ntwo\r\n' })
  await git(tree, 'add', 'staged.txt')
  const head = toSha(await git(tree, 'rev-parse', 'HEAD'))
  const prefix = world.prefix(session)
  await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' }, session)
  await git(tree, 'reset', '--quiet', '--hard', 'origin/work')
  return { session, prefix, head, objects: await objectsOf(world.mirror, prefix) }
}

async function objectsOf(mirror: string, prefix: RefName): Promise<string> {
  const tips = ['head', 'index', 'worktree'].map((leaf) => `${prefix}/${leaf}`)
  const listed = await git(mirror, 'rev-list', '--objects', '--no-object-names', ...tips)
  const args = ['cat-file', '--batch']
  const { stdout } = await tryGit({ cwd: mirror, args, input: `${listed}\n` })
  return stdout.toString('base64')
}

/** What an agent, or an operator, runs to clean up. */
const FORGETTING: readonly (readonly string[])[] = [
  ['reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all'],
  ['repack', '-a', '-d', '--quiet'],
  ['prune-packed'],
  ['prune', '--expire=now'],
  ['gc', '--prune=now', '--aggressive', '--quiet'],
  ['worktree', 'prune', '--expire=now'],
  ['pack-refs', '--all', '--prune'],
  ['maintenance', 'run', '--task=gc'],
]

async function forget(cwd: string, ...options: readonly string[]): Promise<void> {
  for (const args of FORGETTING) await tryGit({ cwd, args: [...options, ...args] })
}

async function expectPins(world: RunnerWorld, pins: readonly Pinned[]): Promise<void> {
  for (const { session, prefix, head, objects } of pins) {
    expect(await objectsOf(world.mirror, prefix), session).toBe(objects)
    expect(await git(world.mirror, 'rev-parse', `${prefix}/head`)).toBe(head)
    expect(await world.run({ kind: 'verify_pin', prefix }, session)).toEqual({ kind: 'done' })
    expect(await git(world.mirror, 'show', `${prefix}/index:staged.txt`)).toBe(`staged in ${session}`)
    const crlf = await tryGit({ cwd: world.mirror, args: ['show', `${prefix}/worktree:crlf.txt`] })
    expect(crlf.stdout.toString()).toBe('one\r\ntwo\r\n')
  }
}

export function describeForgetting(start: StartWorld): void {
  describe('everything that makes git forget', () => {
    it('run in the worktree and the session repository, takes nothing of any pin', async () => {
      const world = await start()
      const pins: Pinned[] = []
      for (const session of SESSIONS) pins.push(await pinAndDrop(world, session))
      const repository = join(world.home, 'sessions/rope-1/repo.git')
      // The session itself forgets: its own copy of the pinned commit is gone.
      await git(world.tree(), 'update-ref', '-d', 'refs/remotes/origin/work')
      await forget(world.tree())
      await forget(repository, '--git-dir=.')
      expect(await ownObjects(repository)).not.toContain(pins[0]?.head)
      await expectPins(world, pins)
      for (const name of ['refs', 'logs', 'packed-refs', 'worktrees'])
        await rm(join(repository, name), { recursive: true, force: true })
      await rm(world.tree(), { recursive: true })
      await expectPins(world, pins)
      expect((await tryGit({ cwd: world.tree('rope-2'), args: ['fsck', '--full'] })).exitCode).toBe(0)
    })

    it('run in the mirror by an operator, takes no pin, and nothing that a session stands on', async () => {
      const world = await start()
      const pins: Pinned[] = []
      for (const session of SESSIONS) pins.push(await pinAndDrop(world, session))
      // The remote is rewound: now no ref of the mirror reaches what the worktrees of both sessions borrow.
      const borrowed = await world.origin.push({ 'README.md': 'pushed\n' })
      await world.inspect(null)
      await git(world.tree(), 'reset', '--quiet', '--hard', borrowed)
      await git(world.origin.clone, 'reset', '--quiet', '--hard', 'HEAD~1')
      await git(world.origin.clone, 'push', '--quiet', '--force', 'origin', 'work')
      await world.inspect(toSha(borrowed))
      const reach = await git(world.mirror, 'for-each-ref', `--contains=${borrowed}`)
      expect(reach).toBe('')
      await writeFile(join(world.mirror, 'objects/pack/tmp_pack_x'), 'left over')
      await forget(world.mirror)
      await expectPins(world, pins)
      expect(await git(world.tree(), 'show', 'HEAD:README.md')).toBe('pushed')
      expect((await tryGit({ cwd: world.tree(), args: ['fsck', '--full'] })).exitCode).toBe(0)
      expect(await world.inspect(toSha(borrowed))).toMatchObject({ head: { sha: borrowed } })
    })

    it('a mirror of an earlier version is protected too, once a session is prepared', async () => {
      const world = await start()
      await world.prepare()
      const config = await git(world.mirror, 'config', 'extensions.preciousObjects')
      expect(config).toBe('true')
      await git(world.mirror, 'config', '--unset', 'extensions.preciousObjects')
      await world.prepare('rope-2')
      expect(await git(world.mirror, 'config', 'extensions.preciousObjects')).toBe('true')
    })
  })
}

/** The objects that lie in a repository itself, without what it borrows. */
async function ownObjects(repository: string): Promise<string> {
  const alternates = join(repository, 'objects/info/alternates')
  const text = await readFile(alternates)
  await rm(alternates)
  const args = ['--git-dir=.', 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)']
  const { stdout } = await tryGit({ cwd: repository, args })
  await writeFile(alternates, text)
  return stdout.toString()
}
