// What lies between two commits, compared with what plain git says of it.

import { chmod, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { RangeFacts } from '../../../src/domain/sync/facts.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'
import { prepareScene } from './session-scene.ts'

async function commitAll(tree: string, message: string): Promise<void> {
  await git(tree, 'add', '--all')
  await git(tree, 'commit', '--quiet', '--allow-empty', `--message=${message}`)
}

/** Commits of every kind: text, binary, mode, rename, odd names, empty, a merge, a message that looks like a patch. */
async function commitAllKinds(tree: string): Promise<void> {
  await writeFiles(tree, { 'src/knot.txt': 'one\n  two\nthree\n', 'nœud ferme.txt': 'x\n' })
  await commitAll(tree, 'Text')
  await writeFile(join(tree, 'blob.bin'), Buffer.from([0, 1, 2, 3]))
  await commitAll(tree, 'Binary')
  await writeFile(join(tree, 'blob.bin'), Buffer.from([0, 3, 2, 1]))
  await chmod(join(tree, 'README.md'), 0o755)
  await commitAll(tree, `Binary again\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b`)
  await commitAll(tree, 'Empty')
  await git(tree, 'checkout', '--quiet', '-b', 'side', 'HEAD~2')
  await git(tree, 'mv', 'src/other.txt', 'src/renamed.txt')
  await commitAll(tree, 'Rename')
  await git(tree, 'checkout', '--quiet', 'work')
  await git(tree, 'merge', '--quiet', '--no-edit', 'side')
  await rm(join(tree, 'README.md'))
  await commitAll(tree, 'Delete')
}

async function patchIdOf(tree: string, sha: string): Promise<string | null> {
  const args = ['show', '--format=%H', '--full-index', '--no-renames', '--diff-merges=off', sha]
  const { stdout } = await tryGit({ cwd: tree, args })
  const found = await tryGit({ cwd: tree, args: ['patch-id', '--stable'], input: stdout })
  return found.stdout.toString('utf8').split(' ')[0] || null
}

async function judge(tree: string, { from, to }: { from: string; to: string }): Promise<RangeFacts> {
  const shas = (await git(tree, 'rev-list', '--reverse', '--topo-order', `${from}..${to}`)).split('\n')
  const names = await git(tree, 'diff', '--name-only', '-z', '--no-renames', from, to)
  return {
    commits: await Promise.all(
      shas.map(async (sha) => ({ sha: toSha(sha), patchId: await patchIdOf(tree, sha) })),
    ),
    paths: names
      .split('\0')
      .filter((name) => name !== '')
      .toSorted(),
  }
}

export function describeRanges(start: StartWorld): void {
  const head = async (world: RunnerWorld, name = 'HEAD'): Promise<Sha> =>
    toSha(await git(world.tree(), 'rev-parse', name))

  describe('describeRange', () => {
    it('says what plain git says, with four processes, whatever settings an agent left', async () => {
      const { world, repository } = await prepareScene(start)
      const tree = world.tree()
      const from = await head(world)
      await commitAllKinds(tree)
      const to = await head(world)
      const wanted = await judge(tree, { from, to })
      expect(wanted.commits).toHaveLength(7)
      const ids = wanted.commits.flatMap(({ patchId }) => (patchId === null ? [] : [patchId]))
      expect(new Set(ids).size).toBe(5)
      expect(wanted.paths).toEqual(
        expect.arrayContaining(['nœud ferme.txt', 'src/other.txt', 'src/renamed.txt']),
      )
      const trap = join(world.folder, 'trap')
      await git(tree, 'config', 'diff.external', `touch ${trap}`)
      await git(tree, 'config', 'diff.trap.textconv', `touch ${trap}; echo same #`)
      await git(tree, 'config', 'diff.trap.binary', 'true')
      await git(tree, 'config', 'diff.noprefix', 'true')
      await git(tree, 'config', 'diff.context', '0')
      await writeFiles(repository, { 'info/attributes': '* diff=trap\n' })
      await git(tree, 'replace', to, from)
      world.gitCommands.length = 0
      const order = { workspace: world.workspace(), from, to }
      expect(await world.runner.describeRange(order)).toEqual(wanted)
      expect(world.gitCommands).toEqual(['rev-list', 'diff-tree', 'patch-id', 'diff-tree'])
      await expect(stat(trap)).rejects.toThrow('ENOENT')
    })

    it('gives a replayed commit the same id and an edited one another', async () => {
      const { world } = await prepareScene(start)
      const tree = world.tree()
      const from = await head(world)
      await writeFiles(tree, { 'own.txt': 'own\n', 'pic.bin': Buffer.from([0, 1]) })
      await commitAll(tree, 'Own')
      const own = await head(world)
      const next = toSha(await world.origin.push({ 'README.md': 'theirs\n' }))
      await world.inspect(from)
      const idOf = async (base: Sha, to: Sha): Promise<string | null | undefined> => {
        const { commits } = await world.runner.describeRange({ workspace: world.workspace(), from: base, to })
        return commits.at(-1)?.patchId
      }
      await git(tree, 'reset', '--quiet', '--hard', next)
      await git(tree, 'cherry-pick', own)
      const replayed = await head(world)
      expect(await idOf(next, replayed)).toBe(await idOf(from, own))
      await writeFiles(tree, { 'pic.bin': Buffer.from([0, 2]) })
      await git(tree, 'commit', '--quiet', '--all', '--amend', '--no-edit')
      expect(await idOf(next, await head(world))).not.toBe(await idOf(from, own))
      // The remote's commit lies in the mirror alone.
      expect(
        await world.runner.describeRange({ workspace: world.workspace(), from, to: next }),
      ).toMatchObject({
        commits: [{ sha: next }],
        paths: ['README.md'],
      })
    })

    it('is empty for one commit, and refuses unknown ones and ranges that are too long', async () => {
      const { world } = await prepareScene(start)
      const tree = world.tree()
      const [from, workspace] = [await head(world), world.workspace()]
      expect(await world.runner.describeRange({ workspace, from, to: from })).toEqual({
        commits: [],
        paths: [],
      })
      const unknown = toSha('2'.repeat(40))
      const refused = { code: 'GIT_FAILED' }
      await expect(world.runner.describeRange({ workspace, from, to: unknown })).rejects.toMatchObject(
        refused,
      )
      const commits = Array.from({ length: 1001 }, (_none, n) => {
        const parent = n === 0 ? `from ${from}\n` : ''
        const message = `c${n}`
        return `commit refs/heads/long\ncommitter P <p@example.com> ${n} +0000\ndata ${message.length}\n${message}\n${parent}M 100644 inline f${n}\ndata 1\nx\n`
      })
      await tryGit({ cwd: tree, args: ['fast-import', '--quiet'], input: commits.join('') })
      const [full, over] = [await head(world, 'long~1'), await head(world, 'long')]
      const whole = await world.runner.describeRange({ workspace, from, to: full })
      expect(whole.commits).toHaveLength(1000)
      expect(whole.paths).toHaveLength(1000)
      expect(new Set(whole.commits.map(({ patchId }) => patchId)).size).toBe(1000)
      await expect(world.runner.describeRange({ workspace, from, to: over })).rejects.toMatchObject({
        ...refused,
        details: { detail: `more than 1000 commits lie between ${from} and ${over}` },
      })
    })
  })
}
