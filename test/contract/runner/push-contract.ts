// Pushing and committing leftovers: what arrives, what is refused and under which name, what is left out.

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toBranchName, toSha, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, IDENTITY, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

async function ahead(start: StartWorld): Promise<{ world: RunnerWorld; before: Sha; head: Sha }> {
  const world = await start()
  await world.prepare()
  const before = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  await writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' })
  await git(world.tree(), 'commit', '--quiet', '--all', '--message=Ours')
  return { world, before, head: toSha(await git(world.tree(), 'rev-parse', 'HEAD')) }
}

/** Makes the origin refuse every push with these words. */
async function refuse(world: RunnerWorld, words: readonly string[]): Promise<void> {
  const hook = join(world.origin.path, 'hooks/pre-receive')
  const echoes = words.map((line) => `echo ${JSON.stringify(line).replaceAll('`', '\\`')} >&2`)
  await mkdir(join(hook, '..'), { recursive: true })
  await writeFile(hook, ['#!/bin/sh', ...echoes, 'exit 1', ''].join('\n'))
  await chmod(hook, 0o755)
}

export function describePush(start: StartWorld): void {
  describe('execute: push_branch', () => {
    it('pushes our commits and reads them back; doing it again succeeds again', async () => {
      const { world, before, head } = await ahead(start)
      const step: SyncStep = { kind: 'push_branch', branch: BRANCH, head, expected: before }
      expect(await world.run(step)).toEqual({ kind: 'push', result: 'pushed', detail: '' })
      expect(await world.origin.ref('refs/heads/work')).toBe(head)
      expect(await world.run(step)).toMatchObject({ result: 'pushed' })
    })

    it('pushes over nobody who was faster', async () => {
      const { world, before, head } = await ahead(start)
      const theirs = await world.origin.push({ 'README.md': 'faster\n' })
      const step: SyncStep = { kind: 'push_branch', branch: BRANCH, head, expected: before }
      expect(await world.run(step)).toMatchObject({ kind: 'push', result: 'non_fast_forward' })
      expect(await world.origin.ref('refs/heads/work')).toBe(theirs)
    })

    it('never rewrites the remote branch, even when the lease would hold', async () => {
      const { world, before } = await ahead(start)
      await git(world.tree(), 'checkout', '--quiet', '--orphan', 'fresh')
      await git(world.tree(), 'commit', '--quiet', '--message=Fresh')
      await git(world.tree(), 'branch', '--quiet', '--force', 'work', 'fresh')
      const head = toSha(await git(world.tree(), 'rev-parse', 'fresh'))
      const step: SyncStep = { kind: 'push_branch', branch: BRANCH, head, expected: before }
      expect(await world.run(step)).toMatchObject({ kind: 'push', result: 'non_fast_forward' })
      expect(await world.origin.ref('refs/heads/work')).toBe(before)
    })

    it('does not push a commit the branch is not at', async () => {
      const { world, before, head } = await ahead(start)
      const step: SyncStep = { kind: 'push_branch', branch: BRANCH, head: before, expected: before }
      expect(await world.run(step)).toEqual({ kind: 'raced', expected: before, actual: head })
    })

    it('names a refusal of the remote and keeps its words', async () => {
      const { world, before, head } = await ahead(start)
      await refuse(world, ['error: GH006: Protected branch update failed for refs/heads/work.'])
      const outcome = await world.run({ kind: 'push_branch', branch: BRANCH, head, expected: before })
      expect(outcome).toMatchObject({ kind: 'push', result: 'protected' })
      expect(JSON.stringify(outcome)).toContain('GH006')
    })
  })

  describe('execute: push_rescue', () => {
    it('puts pinned commits on a new branch, and on no existing one', async () => {
      const { world, head } = await ahead(start)
      const prefix = world.prefix()
      await world.run({ kind: 'pin', prefix, head, target: null, message: 'Pin' })
      const branch = toBranchName('belay/rescue/rope-1-1')
      expect(await world.run({ kind: 'push_rescue', prefix, branch })).toMatchObject({ result: 'pushed' })
      expect(await world.origin.ref(`refs/heads/${branch}`)).toBe(head)
      const taken: SyncStep = { kind: 'push_rescue', prefix, branch: toBranchName('main') }
      expect(await world.run(taken)).toMatchObject({ kind: 'push', result: 'non_fast_forward' })
    })

    it('pushes nothing from a pin that is not there', async () => {
      const { world } = await ahead(start)
      const step: SyncStep = {
        kind: 'push_rescue',
        prefix: world.prefix(),
        branch: toBranchName('belay/rescue/rope-1-1'),
      }
      expect(await world.run(step)).toMatchObject({ kind: 'failed', reason: 'not_pinned' })
    })
  })

  describe('execute: commit_leftovers', () => {
    const commit: SyncStep = { kind: 'commit_leftovers', branch: BRANCH, message: 'What the agent left' }

    it('commits changes, additions and deletions as the bot and leaves a clean status', async () => {
      const { world, head } = await ahead(start)
      const tree = world.tree()
      await writeFiles(tree, {
        'src/other.txt': 'changed\n',
        'new/file.txt': 'new\n',
        'x.ignored': 'x',
        'run.sh': '#!/bin/sh\n',
      })
      await chmod(join(tree, 'run.sh'), 0o755)
      await git(tree, 'rm', '--quiet', 'README.md')
      const outcome = await world.run(commit)
      const now = await git(tree, 'rev-parse', 'HEAD')
      expect(outcome).toEqual({
        kind: 'committed',
        head: now,
        paths: ['README.md', 'src/other.txt', 'new/file.txt', 'run.sh'],
        leftOut: [],
      })
      expect(await git(tree, 'log', '-1', '--format=%P|%an|%ae|%cn|%s')).toBe(
        `${head}|${IDENTITY.name}|${IDENTITY.email}|${IDENTITY.name}|What the agent left`,
      )
      expect(await git(tree, 'status', '--porcelain')).toBe('')
      expect(await git(tree, 'ls-tree', 'HEAD', 'run.sh')).toMatch(/^100755 /)
      expect((await tryGit({ cwd: world.mirror, args: ['cat-file', '-e', `${now}^{tree}`] })).exitCode).toBe(
        0,
      )
    })

    it('leaves out secrets, large files, nested repositories and what goes beyond 200, and says why', async () => {
      const { world } = await ahead(start)
      const tree = world.tree()
      await writeFiles(tree, {
        'a-token.txt': `token: ghp_${'a'.repeat(36)}\n`,
        'big.bin': Buffer.alloc(1_000_000),
      })
      await writeFiles(tree, { '.env.local': 'KEY=1\n', 'deploy/id_rsa': 'x\n', 'cert.pem': 'x\n' })
      for (let no = 0; no < 200; no += 1)
        await writeFiles(tree, { [`many/${String(no).padStart(3, '0')}.txt`]: `${no}\n` })
      await writeFiles(tree, { 'zzz.txt': 'one too many\n' })
      await mkdir(join(tree, 'nested'))
      await git(join(tree, 'nested'), 'init', '--quiet', '.')
      const outcome = await world.run(commit)
      if (outcome.kind !== 'committed') throw new Error(outcome.kind)
      expect(outcome.paths).toHaveLength(200)
      expect(outcome.leftOut).toEqual([
        { path: '.env.local', reason: 'secret_like' },
        { path: 'a-token.txt', reason: 'secret_like' },
        { path: 'big.bin', reason: 'too_large' },
        { path: 'cert.pem', reason: 'secret_like' },
        { path: 'deploy/id_rsa', reason: 'secret_like' },
        { path: 'zzz.txt', reason: 'too_many' },
        { path: 'nested', reason: 'nested_repository' },
      ])
      const left =
        '?? .env.local\n?? a-token.txt\n?? big.bin\n?? cert.pem\n?? deploy/\n?? nested/\n?? zzz.txt'
      expect(await git(tree, 'status', '--porcelain')).toBe(left)
    })

    it('does not commit a secret that the agent had staged', async () => {
      const { world } = await ahead(start)
      await writeFiles(world.tree(), { '.env': 'KEY=1\n', 'fine.txt': 'fine\n' })
      await git(world.tree(), 'add', '.env', 'fine.txt')
      expect(await world.run(commit)).toMatchObject({ kind: 'committed', paths: ['fine.txt'] })
      expect(await git(world.tree(), 'ls-tree', '-r', '--name-only', 'HEAD')).not.toContain('.env')
      expect(await readFile(join(world.tree(), '.env'), 'utf8')).toBe('KEY=1\n')
      expect(await git(world.tree(), 'status', '--porcelain')).toBe('?? .env')
    })

    it('commits what was only staged, with line ends as the attributes say', async () => {
      const { world } = await ahead(start)
      await writeFiles(world.tree(), { '.gitattributes': '*.txt text\n', 'crlf.txt': 'one\r\n' })
      await git(world.tree(), 'add', 'crlf.txt')
      expect(await world.run(commit)).toMatchObject({
        kind: 'committed',
        paths: ['crlf.txt', '.gitattributes'],
      })
      expect((await tryGit({ cwd: world.tree(), args: ['show', 'HEAD:crlf.txt'] })).stdout.toString()).toBe(
        'one\n',
      )
      expect(await git(world.tree(), 'status', '--porcelain')).toBe('')
      expect((await tryGit({ cwd: world.mirror, args: ['fsck', '--connectivity-only'] })).exitCode).toBe(0)
    })

    it('has nothing to commit when nothing was left, or only what must stay out', async () => {
      const { world, head } = await ahead(start)
      expect(await world.run(commit)).toEqual({ kind: 'nothing_to_commit', leftOut: [] })
      await writeFiles(world.tree(), { '.env': 'KEY=1\n' })
      const leftOut = [{ path: '.env', reason: 'secret_like' }]
      expect(await world.run(commit)).toEqual({ kind: 'nothing_to_commit', leftOut })
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).toBe(head)
    })

    it('commits on no other branch, beside no lock and through no conflict', async () => {
      const { world, head } = await ahead(start)
      await writeFiles(world.tree(), { 'new.txt': 'new\n' })
      const lock = join(world.home, 'sessions/rope-1/repo.git/worktrees/tree/index.lock')
      await writeFile(lock, '')
      expect(await world.run(commit)).toMatchObject({ kind: 'failed', reason: 'locked' })
      await world.run({ kind: 'remove_stale_locks' })
      await world.origin.push({ 'src/knot.txt': 'theirs\n' })
      await world.inspect(null)
      await tryGit({ cwd: world.tree(), args: ['merge', 'origin/work'] })
      expect(await world.run(commit)).toMatchObject({ kind: 'failed', reason: 'git_failed' })
      await git(world.tree(), 'merge', '--abort')
      await git(world.tree(), 'checkout', '--quiet', '-b', 'elsewhere')
      expect(await world.run(commit)).toEqual({
        kind: 'raced',
        expected: head,
        actual: `elsewhere at ${head}`,
      })
    })
  })
}
