// Nothing an agent does with git in its worktree harms a pin or another session, or makes us run a program of its.

import { access, appendFile, chmod, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

interface Scene {
  readonly world: RunnerWorld
  readonly repository: string
  readonly head: Sha
  readonly prefix: RefName
}

/** Two sessions; the first has a commit, a dirty file and a pin of both. */
async function pinnedScene(start: StartWorld): Promise<Scene> {
  const world = await start()
  await world.prepare('rope-1')
  await world.prepare('rope-2')
  await writeFiles(world.tree('rope-2'), { 'precious.txt': 'another session\n' })
  await git(world.tree('rope-2'), 'add', 'precious.txt')
  await git(world.tree('rope-2'), 'commit', '--quiet', '--message=Another session')
  await writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' })
  await git(world.tree(), 'commit', '--quiet', '--all', '--message=Ours')
  await writeFiles(world.tree(), { 'dirty.txt': 'uncommitted\n' })
  const head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  const prefix = world.prefix()
  const outcomes = await world.execute([
    { kind: 'pin', prefix, head, target: null, message: 'Pin' },
    { kind: 'verify_pin', prefix },
  ])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done'])
  return { world, repository: join(world.home, 'sessions/rope-1/repo.git'), head, prefix }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function expectUnharmed({ world, head, prefix }: Scene): Promise<void> {
  const { exitCode, stderr } = await tryGit({ cwd: world.mirror, args: ['fsck', '--full', '--strict'] })
  expect({ exitCode, stderr: stderr.replace(/^notice:.*\n?/gm, '') }).toEqual({ exitCode: 0, stderr: '' })
  expect(await git(world.mirror, 'rev-parse', `${prefix}/head`)).toBe(head)
  expect(await git(world.mirror, 'show', `${prefix}/worktree:dirty.txt`)).toBe('uncommitted')
  expect(await world.run({ kind: 'verify_pin', prefix })).toEqual({ kind: 'done' })
  expect(await git(world.tree('rope-2'), 'status', '--porcelain')).toBe('')
  expect(await git(world.tree('rope-2'), 'show', 'HEAD:precious.txt')).toBe('another session')
  expect((await tryGit({ cwd: world.tree('rope-2'), args: ['fsck', '--connectivity-only'] })).exitCode).toBe(
    0,
  )
}

/** Everything in a repository's configuration that makes some git command run a program. */
function hostileConfig(program: string): string {
  return `
[core]
  fsmonitor = ${program}
  hooksPath = ${program}.hooks
  sshCommand = ${program}
  gitProxy = ${program}
  alternateRefsCommand = ${program}
  editor = ${program}
  pager = ${program}
  askPass = ${program}
  attributesFile = ${program}.attributes
[filter "evil"]
  clean = ${program}
  smudge = ${program}
  process = ${program}
  required = true
[diff]
  external = ${program}
[diff "evil"]
  textconv = ${program}
  command = ${program}
[merge "evil"]
  driver = ${program}
[credential]
  helper = ${program}
[uploadpack]
  packObjectsHook = ${program}
[remote "origin"]
  uploadpack = ${program}
  receivepack = ${program}
  promisor = true
  partialCloneFilter = blob:none
[gpg]
  program = ${program}
[commit]
  gpgSign = true
[trailer "x"]
  command = ${program}
[include]
  path = ${program}.include
[url "ext::${program} "]
  insteadOf = file://
[protocol "ext"]
  allow = always
`
}

/** Plants it all; the program leaves a mark when it is run. Returns where the mark would be. */
async function plant({ world, repository }: Scene): Promise<string> {
  const mark = join(world.folder, 'mark')
  const program = join(world.folder, 'evil.sh')
  await writeFile(program, `#!/bin/sh\necho ran >> ${mark}\ncat\nexit 0\n`)
  await chmod(program, 0o755)
  const hooks = `${program}.hooks`
  const names = [
    'pre-commit',
    'post-commit',
    'post-checkout',
    'reference-transaction',
    'pre-push',
    'post-index-change',
    'pre-auto-gc',
    'post-rewrite',
    'update',
    'pre-receive',
    'commit-msg',
  ]
  for (const folder of [hooks, join(repository, 'hooks')]) {
    await mkdir(folder, { recursive: true })
    for (const name of names) {
      await writeFile(join(folder, name), `#!/bin/sh\necho ${name} >> ${mark}\n`)
      await chmod(join(folder, name), 0o755)
    }
  }
  await writeFile(`${program}.include`, `[core]\n\tfsmonitor = ${program}\n`)
  await writeFile(`${program}.attributes`, '* filter=evil diff=evil merge=evil\n')
  await appendFile(join(repository, 'config'), hostileConfig(program))
  await writeFile(join(repository, 'worktrees/tree/config.worktree'), hostileConfig(program))
  await mkdir(join(repository, 'info'), { recursive: true })
  await writeFile(join(repository, 'info/attributes'), '* filter=evil diff=evil merge=evil\n')
  await mkdir(join(world.home, 'sessions/rope-1/home'), { recursive: true })
  await writeFile(join(world.home, 'sessions/rope-1/home/.gitconfig'), hostileConfig(program))
  await writeFiles(world.tree(), { '.gitattributes': '* filter=evil diff=evil merge=evil\n' })
  return mark
}

export function describeHostility(start: StartWorld): void {
  describe('an agent that does what it likes in its repository', () => {
    it('harms neither pin nor other session with refs, reflogs, gc and prune', async () => {
      const scene = await pinnedScene(start)
      const { world, repository } = scene
      const tree = world.tree()
      await git(tree, 'checkout', '--quiet', '--detach', 'origin/main')
      for (const ref of (await git(tree, 'for-each-ref', '--format=%(refname)')).split('\n')) {
        await tryGit({ cwd: tree, args: ['update-ref', '-d', ref] })
      }
      await tryGit({ cwd: tree, args: ['reflog', 'expire', '--expire=now', '--all'] })
      await tryGit({ cwd: tree, args: ['gc', '--prune=now', '--quiet'] })
      await tryGit({ cwd: tree, args: ['prune', '--expire=now'] })
      await tryGit({ cwd: tree, args: ['repack', '-a', '-d', '--quiet'] })
      await expectUnharmed(scene)
      await rm(join(repository, 'refs'), { recursive: true })
      await rm(join(repository, 'objects'), { recursive: true })
      await expectUnharmed(scene)
      const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
      expect(facts.kind).toBe('unavailable')
      await world.inspect(null, 'rope-2')
    })

    it('runs no program it planted: not when we look, pin, push, commit, move or reset', async () => {
      const scene = await pinnedScene(start)
      const { world, head } = scene
      const mark = await plant(scene)
      await world.origin.push({ 'src/knot.txt': 'theirs\n', 'data.txt': 'theirs\n' })
      const facts = await world.inspect(null)
      expect(facts.relation?.rebase.kind).toBe('conflict')
      if (facts.remote.kind !== 'fetched') throw new Error(facts.remote.kind)
      const prefix = world.prefix()
      const target = facts.remote.head
      const outcomes = await world.execute([
        { kind: 'pin', prefix, head, target, message: 'Pin' },
        { kind: 'verify_pin', prefix },
        { kind: 'push_pin', prefix, head },
        { kind: 'reset_tree', prefix, from: head, target },
        { kind: 'move_branch', branch: BRANCH, from: head, to: target },
        { kind: 'verify_worktree', head: target },
      ])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['pinned', 'done', 'push', 'done', 'done', 'done'])
      await writeFiles(world.tree(), {
        '.gitattributes': '* filter=evil diff=evil merge=evil\n',
        'left.txt': 'left\n',
      })
      const committed = await world.run({ kind: 'commit_leftovers', branch: BRANCH, message: 'Left' })
      if (committed.kind !== 'committed') throw new Error(JSON.stringify(committed))
      const pushed = await world.run({
        kind: 'push_branch',
        branch: BRANCH,
        head: committed.head,
        expected: target,
      })
      expect(pushed).toMatchObject({ result: 'pushed' })
      const next = world.origin.clone
      await git(next, 'pull', '--quiet', '--ff-only', 'origin', 'work')
      const onward = toSha(await world.origin.push({ 'onward.txt': 'onward\n' }))
      await world.inspect(committed.head)
      const moved = await world.execute([
        { kind: 'move_tree', from: committed.head, target: onward },
        { kind: 'move_branch', branch: BRANCH, from: committed.head, to: onward },
        { kind: 'verify_worktree', head: onward },
      ])
      expect(moved.map(({ kind }) => kind)).toEqual(['done', 'done', 'done'])
      await world.prepare('rope-1')
      expect(await exists(mark)).toBe(false)
      // What was planted does run when somebody else uses git here, so the absence above means something.
      await tryGit({ cwd: world.tree(), args: ['status'] })
      expect(await exists(mark)).toBe(true)
    })

    it('can not pass one commit off as another, nor lead our writes out of its repository', async () => {
      const scene = await pinnedScene(start)
      const { world, repository, head } = scene
      const target = toSha(await world.origin.push({ 'README.md': 'theirs\n' }))
      await world.inspect(null)
      await git(world.tree(), 'replace', head, target)
      const facts = await world.inspect(null)
      expect(facts.relation?.ownCommits.map(({ subject }) => subject)).toEqual(['Ours'])

      const outside = join(world.folder, 'profile')
      await writeFile(outside, 'mine\n')
      await rm(join(repository, 'logs/refs/heads/work'), { force: true })
      await mkdir(join(repository, 'logs/refs/heads'), { recursive: true })
      await symlink(outside, join(repository, 'logs/refs/heads/work'))
      const outcome = await world.run({ kind: 'move_branch', branch: BRANCH, from: head, to: target })
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'git_failed' })
      expect(await readFile(outside, 'utf8')).toBe('mine\n')
    })

    it('gets no broken or foreign object into the mirror', async () => {
      const scene = await pinnedScene(start)
      const { world } = scene
      // A tree with an entry that would be written into `.git` on checkout.
      const blob = await git(world.tree(), 'hash-object', '-w', '--stdin')
      const evil = Buffer.concat([Buffer.from('100644 .GIT\0'), Buffer.from(blob, 'hex')])
      const args = ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally']
      const tree = (await tryGit({ cwd: world.tree(), args, input: evil })).stdout.toString().trim()
      const commit = await git(world.tree(), 'commit-tree', tree, '-p', 'HEAD', '-m', 'Evil')
      await git(world.tree(), 'update-ref', 'refs/heads/work', commit)
      const before = await git(world.mirror, 'count-objects')
      const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
      expect(facts).toMatchObject({ kind: 'unavailable', fault: { kind: 'unreadable' } })
      const step = {
        kind: 'pin',
        prefix: world.prefix(),
        head: toSha(commit),
        target: null,
        message: 'Pin',
      } as const
      expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'snapshot_failed' })
      expect((await tryGit({ cwd: world.mirror, args: ['cat-file', '-e', commit] })).exitCode).not.toBe(0)
      expect(await git(world.mirror, 'count-objects')).toBe(before)
      await expectUnharmed(scene)
    })

    it('does not make us believe another worktree is ours', async () => {
      const scene = await pinnedScene(start)
      const { world, head } = scene
      const other = join(world.home, 'sessions/rope-2/repo.git/worktrees/tree')
      await writeFile(join(world.tree(), '.git'), `gitdir: ${other}\n`)
      const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
      expect(facts).toMatchObject({ kind: 'unavailable', fault: { kind: 'tampered' } })
      const step = { kind: 'pin', prefix: world.prefix(), head, target: null, message: 'Pin' } as const
      expect(await world.run(step)).toMatchObject({ kind: 'failed' })
      expect((await readdir(other)).toSorted()).toContain('index')
      await expectUnharmed(scene)
    })
  })
}
