// What the fake answers without starting git is what git answers.
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BareGit } from './bare-git.ts'
import type { FileChanges } from './bare-git.ts'
import { runGit } from './run-git.ts'
import { seededRandom } from './seeded-random.ts'

const author = { name: 'Petra Müller', email: '1+petra@users.noreply.github.com' }
const paths = ['a', 'a.b', 'a/b', 'a/c/d', 'a0', 'dir/ä b.txt', 'run.sh', 'x/y/z/deep', 'x/y2']
let folder: string
let git: BareGit
const made: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bare-git-'))
  git = await BareGit.create(join(folder, 'one.git'))
  await growHistory(40)
})

afterAll(async () => {
  await git.close()
  await rm(folder, { recursive: true })
})

describe('BareGit', () => {
  it('makes the commits that git makes', async () => {
    const theirs = await BareGit.create(join(folder, 'three.git'))
    const orders: readonly FileChanges[] = [
      { 'a/b': 'file in folder', a: 'file instead of the folder' },
      { a: 'file', 'a/b': 'folder instead of the file' },
      { 'only/one': 'x', 'only/two': 'x', keep: 'x', only: null },
      { 'gone/deep/file': null, 'was/here': 'x', 'was/there': 'y', 'was/here/not': null },
      { 'last/in/folder': 'x', 'b.sh': '', 'bytes.bin': Buffer.from([0, 255, 10]), 'last/in/folder ': '' },
    ]
    for (const [place, files] of orders.entries()) {
      const branch = `order-${place}`
      const id = await git.commit({ branch, parents: [], files, message: 'Made', author, atMs: 5000 })
      const who = Buffer.from(`committer ${author.name} <${author.email}> 5 +0000`).toString('latin1')
      const stream = [`commit refs/heads/${branch}\n${who}\ndata 4\nMade\n`]
      for (const [path, change] of Object.entries(files)) {
        const mode = path.endsWith('.sh') ? '100755' : '100644'
        const bytes = change === null ? null : Buffer.from(change).toString('latin1')
        stream.push(
          bytes === null ? `D "${path}"\n` : `M ${mode} inline "${path}"\ndata ${bytes.length}\n${bytes}\n`,
        )
      }
      await theirs.run(['fast-import', '--quiet'], Buffer.from(stream.join(''), 'latin1'))
      expect(id).toBe(await theirs.resolve(branch))
    }
    expect(await git.run(['fsck', '--strict', '--no-dangling'])).toBe('')
    await theirs.close()
  })

  it('knows histories as git knows them', async () => {
    const random = seededRandom(7)
    const any = (): string => made[Math.floor(random() * made.length)] ?? ''
    for (let round = 0; round < 10; round += 1) {
      const [one, other, third] = [any(), any(), any()]
      const since = await git.history.since([one, third], other)
      expect(since.map(({ id }) => id)).toEqual(
        lines(await git.run(['log', '--format=%H', other, `^${one}`, `^${third}`])),
      )
      const bases = lines((await git.tryRun(['merge-base', '--all', one, other])) ?? '')
      expect(bases).toContain((await git.history.mergeBase(one, other))?.id)
      const { exitCode } = await runGit({ cwd: git.path, args: ['merge-base', '--is-ancestor', one, other] })
      expect(await git.isAncestor(one, other)).toBe(exitCode === 0)
    }
    const format = '--format=%H%n%T%n%P%n%an%n%ae%n%aI%n%ct%n%B'
    for (const id of made.slice(-4)) {
      const { tree, parents, author: by, committer, message } = await git.history.commit(id)
      const said = [
        id,
        tree,
        parents.join(' '),
        by.name,
        by.email,
        by.date,
        committer.seconds,
        message.trimEnd(),
      ]
      expect(said.join('\n')).toBe(await git.run(['log', '-1', format, id]))
    }
  })

  it('counts changes as git counts them', async () => {
    for (const [place, one] of made.slice(0, 12).entries()) {
      const other = made.at(-1 - place) ?? ''
      const [before, after] = [await git.history.commit(one), await git.history.commit(other)]
      const { additions, deletions, changedFiles, ...files } = await git.changes.between(
        before.tree,
        after.tree,
      )
      const short = await git.run(['diff', '--shortstat', one, other])
      const count = (pattern: RegExp): number => Number(pattern.exec(short)?.[1] ?? 0)
      const counted = [count(/(\d+) files? changed/), count(/(\d+) insertion/), count(/(\d+) deletion/)]
      expect([changedFiles, additions, deletions]).toEqual(counted)
      const status = lines(await git.run(['diff', '--no-renames', '--name-status', one, other]))
      const named = (letter: string): string[] =>
        status.filter((line) => line.startsWith(`${letter}\t`)).map((line) => line.slice(2))
      expect(files).toEqual({ added: named('A'), removed: named('D'), modified: named('M') })
    }
  })

  it('sees what other git processes did, in packs and as loose files', async () => {
    const head = await git.mustResolve('refs/heads/main')
    const tree = await git.run(['rev-parse', `${head}^{tree}`])
    for (const way of ['loose', 'packed'] as const) {
      const id = await git.run(['commit-tree', '-p', head, '-m', way, tree])
      await git.run(['update-ref', `refs/heads/by-git/${way}`, id])
      if (way === 'packed') await git.run(['repack', '-adq'])
      if (way === 'packed') await git.run(['pack-refs', '--all', '--prune'])
      expect(await git.resolve(`by-git/${way}`)).toBe(id)
      expect((await git.history.commit(id)).message).toBe(`${way}\n`)
      await expectRefs()
    }
    await git.setRef('refs/heads/main', made[0] ?? '')
    await git.setRef('refs/heads/by-fake', head)
    await git.deleteRef('refs/heads/by-git/loose')
    expect(await git.resolve('main')).toBe(made[0])
    expect(await git.resolve('by-git/loose')).toBeUndefined()
    await git.run(['symbolic-ref', 'refs/heads/same', 'refs/heads/main'])
    await expectRefs()
    await expect(git.setRef('refs/heads/main/below', head)).rejects.toThrow('update-ref')
  })

  it('names the question git dies of, and answers the others', async () => {
    const id = git.objects.write('blob', randomBytes(50_000))
    const file = join(git.path, 'objects', id.slice(0, 2), id.slice(2))
    await chmod(file, 0o600)
    await truncate(file, 25_000)
    const asked = [git.resolve('main'), git.objects.read(id), git.resolve('main')]
    const answers = await Promise.allSettled(asked)
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await expect(git.objects.read(id)).rejects.toThrow('cat-file --batch-command died')
    await rm(file)
  })

  it('answers again after it was closed, and refuses what names nothing', async () => {
    for (const nothing of ['', 'no such', 'main\ninfo main', '0'.repeat(40), '--all', 'main:nothing'])
      expect(await git.resolve(nothing)).toBeUndefined()
    await git.close()
    expect(await git.resolve('main')).toBe(made[0])
  })
})

/** Branches that grow, fork and merge, at times that do not always grow with them. */
async function growHistory(commits: number): Promise<void> {
  const random = seededRandom(1)
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)]
  for (let number = 0; number < commits; number += 1) {
    const parents = [
      ...new Set([made.at(random() < 0.5 ? -1 : 0) ?? '', ...(random() < 0.3 ? [pick(made) ?? ''] : [])]),
    ]
    const lineCount = Math.floor(random() * 30)
    const text = Array.from({ length: lineCount }, () => `line ${Math.floor(random() * 9)}\n`).join('')
    const files = { [pick(paths) ?? '']: random() < 0.2 ? null : text, [pick(paths) ?? '']: text }
    made.push(
      await git.commit({
        branch: pick(['main', 'feature', 'deep/er']) ?? '',
        parents: parents.filter((parent) => parent !== ''),
        files,
        message: `Commit ${number}\n\nwith ü and more\n`,
        author,
        atMs: (1000 + number * 10 + Math.floor(random() * 3)) * 1000,
      }),
    )
  }
}

async function expectRefs(): Promise<void> {
  const listed = lines(await git.run(['for-each-ref', '--format=%(refname) %(objectname)']))
  expect([...(await git.refs())].map((pair) => pair.join(' '))).toEqual(listed)
  expect(listed.length).toBeGreaterThan(3)
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean)
}
