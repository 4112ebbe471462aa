// The weaknesses of the system this one learnt from that lie in git alone, by their numbers: shallow histories, ranges of a
// replay, large-file pointers, sparse checkouts, signatures, submodules. Through the runner, with real git.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../src/adapters/runner/embedded-runner.ts'
import { toSha, type Sha } from '../../src/domain/ids.ts'
import type { SyncStep } from '../../src/domain/sync/step.ts'
import { embeddedOptions } from '../support/embedded-runner.ts'
import { BRANCH, RunnerWorld } from '../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../support/temp-repo.ts'

let world: RunnerWorld

beforeEach(async () => {
  world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)))
  await world.prepare()
})

afterEach(() => world.close())

const head = async (): Promise<Sha> => toSha(await git(world.tree(), 'rev-parse', 'HEAD'))

async function commit(files: Readonly<Record<string, string>>, message = 'Ours'): Promise<Sha> {
  await writeFiles(world.tree(), files)
  await git(world.tree(), 'add', '--sparse', ...Object.keys(files))
  await git(world.tree(), 'commit', '--quiet', `--message=${message}`)
  return head()
}

/** Pins, resets and moves to the remote; returns what came of each step. */
async function recover(from: Sha, target: Sha): Promise<readonly string[]> {
  const prefix = world.prefix()
  const plan: readonly SyncStep[] = [
    { kind: 'pin', prefix, head: from, target, message: 'Pin' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from, target },
    { kind: 'move_branch', branch: BRANCH, from, to: target },
    { kind: 'verify_worktree', head: target },
  ]
  return (await world.execute(plan)).map(({ kind }) => kind)
}

const ALL_DONE = ['pinned', 'done', 'done', 'done', 'done']

describe('weaknesses of the seed, in git alone', () => {
  // A shallow history makes its counts wrong, and what it takes for ours is replayed or thrown away.
  it('21: a history that an agent cut off is counted in full', async () => {
    for (const text of ['one\n', 'two\n', 'three\n']) await commit({ 'mine.txt': text }, text.trim())
    const ours = await head()
    await writeFile(join(world.home, 'sessions/rope-1/repo.git/shallow'), `${ours}\n`)
    expect(await git(world.tree(), 'rev-list', '--count', 'HEAD')).toBe('1')
    await world.origin.push({ 'other.txt': 'theirs\n' })
    const { relation } = await world.inspect(null)
    // Counted in full, or refused; never one.
    expect([3, undefined]).toContain(relation?.localAhead)
    expect(await head()).toBe(ours)
  })

  // It replays everything above the base branch: what the remote dropped comes back.
  it('23: only what is ours since the last sync is replayed', async () => {
    const dropped = toSha(await world.origin.push({ 'dropped.txt': 'dropped\n' }, 'Dropped later'))
    await world.inspect(null)
    await git(world.tree(), 'reset', '--quiet', '--hard', dropped)
    await commit({ 'mine.txt': 'mine\n' })
    await git(world.origin.clone, 'reset', '--quiet', '--hard', 'HEAD~1')
    await writeFiles(world.origin.clone, { 'instead.txt': 'instead\n' })
    await git(world.origin.clone, 'add', '.')
    await git(world.origin.clone, 'commit', '--quiet', '--message=Instead')
    await git(world.origin.clone, 'push', '--quiet', '--force', 'origin', 'work')
    const { relation } = await world.inspect(dropped)
    // Everything we have and the remote lacks would be two commits.
    expect(relation?.localAhead).toBe(2)
    const { rebase } = relation ?? {}
    if (rebase?.kind !== 'clean') throw new Error(`The rebase is ${rebase?.kind}`)
    const replayed = `refs/remotes/origin/work..${rebase.newHead}`
    expect(await git(world.mirror, 'log', '--format=%s', replayed)).toBe('Ours')
  })

  // With a filter of a program that is not there, its reset stops half way.
  it('25: pointers of large files are moved as they are, by no filter', async () => {
    const pointer = (no: number): string =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${no}\nsize 1\n`
    await world.origin.push({
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'a.bin': pointer(1),
    })
    await git(world.tree(), 'config', 'filter.lfs.smudge', 'git-lfs-that-is-not-there smudge %f')
    await git(world.tree(), 'config', 'filter.lfs.clean', 'git-lfs-that-is-not-there clean %f')
    await git(world.tree(), 'config', 'filter.lfs.required', 'true')
    const ours = await commit({ 'mine.txt': 'mine\n' })
    const facts = await world.inspect(null)
    if (facts.remote.kind !== 'fetched') throw new Error(facts.remote.kind)
    // Git itself stops in the middle, with half of the files written.
    const plain = ['worktree', 'add', '--quiet', '--detach', join(world.folder, 'plain'), facts.remote.head]
    expect((await tryGit({ cwd: world.tree(), args: plain })).stderr).toMatch(/smudge filter lfs failed/)
    expect(await recover(ours, facts.remote.head)).toEqual(ALL_DONE)
    expect(await readFile(join(world.tree(), 'a.bin'), 'utf8')).toBe(pointer(1))
  })

  // Files outside a sparse checkout look deleted to it, and a snapshot by `add -A` deletes them for good.
  it('25: what a sparse checkout leaves out is neither deleted nor missing in a pin', async () => {
    await git(world.tree(), 'sparse-checkout', 'set', '--no-cone', '/README.md', '/mine.txt')
    const ours = await commit({ 'mine.txt': 'mine\n' })
    await writeFiles(world.tree(), { 'README.md': 'dirty\n' })
    const theirs = toSha(await world.origin.push({ 'other.txt': 'theirs\n' }))
    const facts = await world.inspect(null)
    expect(facts.tree.dirty).toEqual(['README.md'])
    expect(await recover(ours, theirs)).toEqual(ALL_DONE)
    const [pin] = (await world.runner.listPins(world.workspace())).filter(({ ref }) =>
      ref.endsWith('/worktree'),
    )
    const files = (await git(world.mirror, 'ls-tree', '-r', '--name-only', pin?.sha ?? '')).split('\n')
    expect(files).toEqual(expect.arrayContaining(['src/knot.txt', 'src/other.txt', 'mine.txt']))
    expect(await git(world.mirror, 'show', `${pin?.sha}:README.md`)).toBe('dirty')
  })

  // A replayed commit keeps a signature that is not one of its content any more, or the replay stops to ask for a key.
  it('25: a signed commit is replayed without its signature, and no key is asked for', async () => {
    await git(world.tree(), 'config', 'commit.gpgSign', 'true')
    await git(world.tree(), 'config', 'gpg.program', '/bin/false')
    await writeFiles(world.tree(), { 'mine.txt': 'mine\n' })
    await git(world.tree(), 'add', 'mine.txt')
    const tree = await git(world.tree(), 'write-tree')
    const person = 'Petra <petra@example.com> 1790000000 +0000'
    const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----'
    const input = `tree ${tree}\nparent ${await head()}\nauthor ${person}\ncommitter ${person}\n${signature}\n\nSigned\n`
    const args = ['hash-object', '-t', 'commit', '-w', '--stdin']
    const signed = (await tryGit({ cwd: world.tree(), args, input })).stdout.toString().trim()
    await git(world.tree(), 'reset', '--quiet', '--hard', signed)
    await world.origin.push({ 'other.txt': 'theirs\n' })
    const { relation } = await world.inspect(null)
    if (relation?.rebase.kind !== 'clean') throw new Error(`The rebase is ${relation?.rebase.kind}`)
    const replayed = await git(world.mirror, 'cat-file', 'commit', relation.rebase.newHead)
    expect(replayed).toContain('Signed')
    expect(replayed).toContain(`author ${person}`)
    expect(replayed).not.toContain('gpgsig')
  })

  // What lies in a submodule is in no backup, and a reset that changes its commit leaves it behind unseen.
  it('25: work in a submodule is named and left alone', async () => {
    const sub = join(world.tree(), 'sub')
    await writeFiles(sub, { 'own.txt': 'own\n' })
    await git(sub, 'init', '--quiet', '.')
    await git(sub, 'add', '.')
    await git(sub, 'commit', '--quiet', '--message=Own')
    const own = await git(sub, 'rev-parse', 'HEAD')
    await git(world.tree(), 'update-index', '--add', '--cacheinfo', `160000,${own},sub`)
    await git(world.tree(), 'commit', '--quiet', '--message=A submodule')
    await git(sub, 'commit', '--quiet', '--allow-empty', '--message=Unpushed')
    await writeFiles(sub, { 'own.txt': 'dirty\n' })
    await world.origin.push({ 'other.txt': 'theirs\n' })
    const facts = await world.inspect(null)
    expect(facts.tree.dirtySubmodules).toEqual(['sub'])
    expect(await readFile(join(sub, 'own.txt'), 'utf8')).toBe('dirty\n')
    expect(await git(sub, 'log', '-1', '--format=%s')).toBe('Unpushed')
  })
})
