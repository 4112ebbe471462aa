// Inspecting: every kind of fact, seen on a real worktree.

import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha } from '../../../src/domain/ids.ts'
import type { InspectedWorktree } from '../../../src/domain/sync/facts.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

async function commit(
  world: RunnerWorld,
  files: Readonly<Record<string, string>>,
  message: string,
): Promise<string> {
  await writeFiles(world.tree(), files)
  await git(world.tree(), 'add', '--', ...Object.keys(files))
  await git(world.tree(), 'commit', '--quiet', `--message=${message}`)
  return git(world.tree(), 'rev-parse', 'HEAD')
}

/** Looks also for what only a move would meet. */
async function lookThoroughly(world: RunnerWorld): Promise<InspectedWorktree> {
  const facts = await world.runner.inspect({
    workspace: world.workspace(),
    lastSynced: null,
    isThorough: true,
  })
  if (facts.kind !== 'inspected') throw new Error(JSON.stringify(facts))
  return facts
}

export function describeInspection(start: StartWorld): void {
  const prepared = async (): Promise<RunnerWorld> => {
    const world = await start()
    await world.prepare()
    return world
  }

  describe('inspect: the remote', () => {
    it('sees equal heads and a clean tree', async () => {
      const world = await prepared()
      const head = toSha((await world.origin.ref('refs/heads/work')) ?? '')
      const facts = await world.inspect(head)
      expect(facts).toMatchObject({
        head: { kind: 'attached', branch: 'work', sha: head },
        remote: { kind: 'fetched', head, base: head },
        relation: { localAhead: 0, remoteAhead: 0, mergeBase: head, remoteContainsLastSynced: true },
        tree: { dirty: [], untracked: [] },
        locks: [],
        inProgress: null,
      })
    })

    it('counts and names the commits of both sides, and rebases in memory without touching anything', async () => {
      const world = await prepared()
      const base = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      const own = await commit(world, { 'src/other.txt': 'ours\n' }, 'Ours')
      const theirs = await world.origin.push({ 'src/knot.txt': 'theirs\n' }, 'Theirs')
      const before = await git(world.tree(), 'for-each-ref', 'refs/heads')
      const { relation } = await world.inspect(base)
      expect(relation).toMatchObject({
        localAhead: 1,
        remoteAhead: 1,
        mergeBase: base,
        remoteContainsLastSynced: true,
      })
      expect(relation?.ownCommits).toEqual([{ sha: own, subject: 'Ours', author: 'Petra' }])
      expect(relation?.remoteCommits).toEqual([{ sha: theirs, subject: 'Theirs', author: 'Petra' }])
      if (relation?.rebase.kind !== 'clean') throw new Error('The rebase was not clean')
      const { newHead } = relation.rebase
      expect(await git(world.tree(), 'log', '-1', '--format=%P|%an|%cn|%s', newHead)).toBe(
        `${theirs}|Petra|belay[bot]|Ours`,
      )
      expect(await git(world.tree(), 'diff', '--name-only', theirs, newHead)).toBe('src/other.txt')
      expect(await git(world.tree(), 'for-each-ref', 'refs/heads')).toBe(before)
      expect(await git(world.tree(), 'status', '--porcelain')).toBe('')
    })

    it('names the commit and the paths of a conflict', async () => {
      const world = await prepared()
      const own = await commit(world, { 'src/knot.txt': 'ours\n' }, 'Ours')
      await world.origin.push({ 'src/knot.txt': 'theirs\n' })
      const { relation } = await world.inspect(null)
      expect(relation?.rebase).toEqual({
        kind: 'conflict',
        commit: { sha: own, subject: 'Ours', author: 'Petra' },
        paths: ['src/knot.txt'],
      })
      expect(relation?.remoteContainsLastSynced).toBeNull()
    })

    it('drops a commit that the remote has taken already', async () => {
      const world = await prepared()
      await commit(world, { 'src/other.txt': 'same\n' }, 'Ours, too')
      const kept = await commit(world, { 'kept.txt': 'kept\n' }, 'Kept')
      await world.origin.push({ 'src/knot.txt': 'first\n' })
      const theirs = await world.origin.push({ 'src/other.txt': 'same\n' })
      const { relation } = await world.inspect(null)
      expect(relation?.rebase).toMatchObject({ kind: 'clean', dropped: [{ subject: 'Ours, too' }] })
      if (relation?.rebase.kind !== 'clean') throw new Error('not clean')
      expect(await git(world.tree(), 'log', '--format=%s', `${theirs}..${relation.rebase.newHead}`)).toBe(
        'Kept',
      )
      expect(relation.rebase.newHead).not.toBe(kept)
    })

    it('replays only what is ours when the remote was rewritten after the last sync', async () => {
      const world = await prepared()
      const doomed = await world.origin.push({ 'doomed.txt': 'doomed\n' }, 'Doomed')
      const first = await world.inspect(null)
      await world.execute([
        { kind: 'move_tree', from: first.branchSha ?? toSha(''), target: toSha(doomed) },
        { kind: 'move_branch', branch: first.branch, from: first.branchSha ?? toSha(''), to: toSha(doomed) },
      ])
      await commit(world, { 'mine.txt': 'mine\n' }, 'Mine')
      await git(world.origin.clone, 'reset', '--quiet', '--hard', 'HEAD~1')
      await writeFiles(world.origin.clone, { 'instead.txt': 'instead\n' })
      await git(world.origin.clone, 'add', 'instead.txt')
      await git(world.origin.clone, 'commit', '--quiet', '--message=Instead')
      await git(world.origin.clone, 'push', '--quiet', '--force', 'origin', 'work')
      const { relation } = await world.inspect(toSha(doomed))
      expect(relation?.remoteContainsLastSynced).toBe(false)
      if (relation?.rebase.kind !== 'clean') throw new Error('not clean')
      const names = await git(world.tree(), 'ls-tree', '-r', '--name-only', relation.rebase.newHead)
      expect(names.split('\n')).toEqual([
        '.gitignore',
        'README.md',
        'instead.txt',
        'mine.txt',
        'src/knot.txt',
        'src/other.txt',
      ])
    })

    it('never tries to replay a merge', async () => {
      const world = await prepared()
      await git(world.tree(), 'checkout', '--quiet', '-b', 'side')
      await commit(world, { 'side.txt': 'side\n' }, 'Side')
      await git(world.tree(), 'checkout', '--quiet', 'work')
      await commit(world, { 'src/other.txt': 'ours\n' }, 'Ours')
      await git(world.tree(), 'merge', '--quiet', '--no-edit', 'side')
      await world.origin.push({ 'README.md': 'theirs\n' })
      expect((await world.inspect(null)).relation?.rebase).toEqual({ kind: 'has_merges' })
    })

    it('finds no common commit in an unrelated history', async () => {
      const world = await prepared()
      await git(world.origin.clone, 'checkout', '--quiet', '--orphan', 'fresh')
      await git(world.origin.clone, 'commit', '--quiet', '--message=Fresh')
      await git(world.origin.clone, 'push', '--quiet', '--force', 'origin', 'fresh:work')
      expect((await world.inspect(null)).relation).toMatchObject({
        mergeBase: null,
        rebase: { kind: 'not_tried' },
      })
    })

    it('calls a branch deleted only when the remote says so, and a broken remote a failed fetch', async () => {
      const world = await prepared()
      await git(world.origin.path, 'update-ref', '-d', 'refs/heads/work')
      expect((await world.inspect(null)).remote).toEqual({ kind: 'deleted' })
      await rm(world.origin.path, { recursive: true })
      expect((await world.inspect(null)).remote).toMatchObject({ kind: 'fetch_failed' })
    })

    it('follows a branch whose name took the place of a folder of branches', async () => {
      const world = await prepared()
      await git(world.origin.path, 'update-ref', 'refs/heads/topic/one', 'refs/heads/main')
      const one = { ...world.workspace(), baseRef: 'topic/one' }
      await world.runner.inspect({ workspace: one, lastSynced: null })
      await git(world.origin.path, 'update-ref', '-d', 'refs/heads/topic/one')
      await git(world.origin.path, 'update-ref', 'refs/heads/topic', 'refs/heads/main')
      const two = { ...world.workspace(), baseRef: 'topic' }
      const facts = await world.runner.inspect({ workspace: two, lastSynced: null })
      const base = await world.origin.ref('refs/heads/main')
      expect(facts).toMatchObject({ kind: 'inspected', remote: { kind: 'fetched', base } })
      expect(await git(world.tree(), 'rev-parse', 'origin/topic')).toBe(base)
    })

    it('fetches the head although the base branch is gone', async () => {
      const world = await prepared()
      const head = await world.origin.push({ 'README.md': 'on\n' })
      await git(world.origin.path, 'symbolic-ref', 'HEAD', 'refs/heads/work')
      await git(world.origin.path, 'update-ref', '-d', 'refs/heads/main')
      expect((await world.inspect(null)).remote).toEqual({ kind: 'fetched', head, base: null })
    })
  })

  describe('inspect: the worktree', () => {
    it('tells dirty, staged, untracked, ignored and nested things apart', async () => {
      const world = await prepared()
      const tree = world.tree()
      await writeFiles(tree, {
        'src/knot.txt': 'dirty\n',
        'staged.txt': 'staged\n',
        'new.txt': 'new\n',
        'x.ignored': 'x',
      })
      await git(tree, 'add', 'staged.txt')
      await mkdir(join(tree, 'nested'))
      await git(join(tree, 'nested'), 'init', '--quiet', '.')
      const { tree: seen } = await world.inspect(null)
      expect(seen).toMatchObject({
        dirty: ['src/knot.txt', 'staged.txt'],
        untracked: ['new.txt'],
        nestedRepositories: ['nested'],
        conflicted: [],
      })
    })

    it('finds what a move to the remote would write over, by what lies there', async () => {
      const world = await prepared()
      const tree = world.tree()
      await world.origin.push({
        'src/knot.txt': 'theirs\n',
        'new.txt': 'theirs\n',
        'a.ignored': 'theirs',
        folder: 'a file\n',
      })
      await writeFiles(tree, {
        'src/knot.txt': 'ours\n',
        'src/other.txt': 'ours\n',
        'new.txt': 'ours\n',
        'a.ignored': 'ours',
      })
      await writeFiles(tree, { 'folder/deep/one.txt': 'one\n', 'folder/two.ignored': 'two' })
      const { tree: seen } = await world.inspect(null)
      expect(seen.collisions).toEqual({
        dirty: ['src/knot.txt'],
        untracked: ['folder/deep/one.txt', 'new.txt'].toSorted((a, b) => a.localeCompare(b)),
        ignored: ['a.ignored', 'folder/two.ignored'],
      })
    })

    it('sees an ignored link in the place of an arriving folder', async () => {
      const world = await prepared()
      await world.origin.push({ 'out.ignored/file.txt': 'theirs\n' })
      await symlink(world.folder, join(world.tree(), 'out.ignored'))
      expect((await lookThoroughly(world)).tree.collisions.ignored).toEqual(['out.ignored'])
    })

    it('finds edits that git was told to hide, and takes a mark without an edit for none', async () => {
      const world = await prepared()
      await world.origin.push({ 'README.md': 'theirs\n' })
      await git(world.tree(), 'update-index', '--assume-unchanged', 'src/knot.txt', 'README.md')
      await git(world.tree(), 'update-index', '--skip-worktree', 'src/other.txt')
      await writeFiles(world.tree(), { 'src/knot.txt': 'hidden\n', 'src/other.txt': 'hidden too\n' })
      expect((await world.inspect(null)).tree.hiddenEdits).toEqual([])
      expect((await lookThoroughly(world)).tree.hiddenEdits).toEqual(['src/knot.txt', 'src/other.txt'])
    })

    it('sees a merge left half done, its conflicts, and locks', async () => {
      const world = await prepared()
      const tree = world.tree()
      await commit(world, { 'src/knot.txt': 'ours\n' }, 'Ours')
      await world.origin.push({ 'src/knot.txt': 'theirs\n' })
      await world.inspect(null)
      await tryGit({ cwd: tree, args: ['merge', 'origin/work'] })
      await writeFile(join(world.home, 'sessions/rope-1/repo.git/worktrees/tree/index.lock'), '')
      const facts = await world.inspect(null)
      expect(facts).toMatchObject({ inProgress: 'merge', locks: ['worktrees/tree/index.lock'] })
      expect(facts.tree.conflicted).toEqual(['src/knot.txt'])
    })

    it.each([
      ['detached', ['checkout', '--quiet', '--detach'], { kind: 'detached' }],
      [
        'another branch',
        ['checkout', '--quiet', '-b', 'elsewhere'],
        { kind: 'attached', branch: 'elsewhere' },
      ],
      ['unborn', ['checkout', '--quiet', '--orphan', 'void'], { kind: 'unborn', branch: 'void' }],
    ])('sees a worktree that is %s', async (_name, args, head) => {
      const world = await prepared()
      const branchSha = await git(world.tree(), 'rev-parse', 'HEAD')
      await git(world.tree(), ...args)
      expect(await world.inspect(null)).toMatchObject({ head, branchSha })
    })

    it.each([
      ['bisect', ['bisect', 'start', 'HEAD', 'HEAD~1'], 'bisect'],
      ['a stopped rebase', ['rebase', '--quiet', 'HEAD~1', '--exec', 'false'], 'rebase'],
      ['a stopped revert', ['revert', '--no-edit', 'HEAD~1'], 'revert'],
      ['a stopped cherry-pick', ['cherry-pick', 'side'], 'cherry_pick'],
    ])('sees %s', async (_name, args, operation) => {
      const world = await prepared()
      const tree = world.tree()
      await git(tree, 'checkout', '--quiet', '-b', 'side')
      await commit(world, { 'src/knot.txt': 'side\n' }, 'Side')
      await git(tree, 'checkout', '--quiet', 'work')
      await commit(world, { 'src/knot.txt': 'one\n' }, 'One')
      await commit(world, { 'src/knot.txt': 'two\n' }, 'Two')
      await tryGit({ cwd: tree, args })
      expect((await world.inspect(null)).inProgress).toBe(operation)
    })

    it('says that the worktree is missing, or that its git files were exchanged', async () => {
      const world = await prepared()
      const see = () => world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
      await rm(join(world.tree(), '.git'))
      await git(world.tree(), 'init', '--quiet', '.')
      expect(await see()).toMatchObject({ kind: 'unavailable', fault: { kind: 'tampered' } })
      await rm(world.tree(), { recursive: true })
      expect(await see()).toMatchObject({
        kind: 'unavailable',
        fault: { kind: 'missing' },
        remote: { kind: 'fetched' },
      })
    })

    it('tells the agent’s repository what was fetched, with the move of the branch when one follows', async () => {
      const world = await prepared()
      const first = toSha(await world.origin.push({ 'README.md': 'on\n' }))
      await lookThoroughly(world)
      expect(await git(world.tree(), 'rev-parse', 'origin/work')).toBe(first)
      const second = toSha(await world.origin.push({ 'README.md': 'and on\n' }))
      const { branch, head } = await world.inspect(null)
      if (head.kind !== 'attached') throw new Error(head.kind)
      const outcomes = await world.execute([
        { kind: 'move_tree', from: head.sha, target: second },
        { kind: 'move_branch', branch, from: head.sha, to: second },
      ])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done'])
      expect(await git(world.tree(), 'rev-parse', 'origin/work')).toBe(second)
      await commit(world, { 'README.md': 'own\n' }, 'Own')
      const third = await world.origin.push({ 'README.md': 'further\n' })
      await world.inspect(null)
      expect(await git(world.tree(), 'rev-parse', 'origin/work')).toBe(third)
    })

    it('shares one fetch among sessions that ask at once', async () => {
      const world = await prepared()
      await world.prepare('rope-2')
      await world.prepare('rope-3')
      world.gitCommands.length = 0
      await Promise.all(['rope-1', 'rope-2', 'rope-3'].map((id) => world.inspect(null, id)))
      expect(world.gitCommands.filter((command) => command === 'fetch').length).toBeLessThanOrEqual(2)
    })

    it('sees names that are no UTF-8', async () => {
      const world = await prepared()
      const name = Buffer.concat([Buffer.from(`${world.tree()}/caf`), Buffer.from([0xe9])])
      await writeFile(name, 'bytes')
      await chmod(name, 0o755)
      expect((await world.inspect(null)).tree.untracked).toEqual(['caf\ufffd'])
    })
  })
}
