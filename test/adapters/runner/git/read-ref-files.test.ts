import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRefFiles, readRefFilesBelow } from '../../../../src/adapters/runner/git/read-ref-files.ts'
import { git, makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

let folder: string
let gitDir: string
let first: string
let second: string

beforeEach(async () => {
  folder = await makeTempFolder()
  gitDir = join(folder, '.git')
  await git(folder, 'init', '--quiet', '--initial-branch=main', '.')
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message=First')
  first = await git(folder, 'rev-parse', 'HEAD')
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message=Second')
  second = await git(folder, 'rev-parse', 'HEAD')
})

afterEach(() => removeTempFolder(folder))

/** What git itself says, as the judge. */
async function askGit(prefix: string): Promise<Record<string, string>> {
  const text = await git(folder, 'for-each-ref', '--format=%(refname) %(objectname)', prefix)
  return Object.fromEntries(text.split('\n').map((line) => line.split(' ')))
}

describe('readRefFiles', () => {
  it('reads loose refs, packed refs, and loose ones that hide packed ones', async () => {
    await git(folder, 'branch', 'packed', first)
    await git(folder, 'branch', 'hidden', first)
    await git(folder, 'tag', '--annotate', '--message=Tag', 'v1', first)
    await git(folder, 'pack-refs', '--all')
    await git(folder, 'branch', '--force', 'hidden', second)
    await git(folder, 'branch', 'loose', first)
    const names = ['packed', 'hidden', 'loose', 'absent'].map((name) => `refs/heads/${name}`)
    const found = await readRefFiles(gitDir, names)
    expect(Object.fromEntries(found ?? [])).toEqual({
      'refs/heads/packed': first,
      'refs/heads/hidden': second,
      'refs/heads/loose': first,
    })
  })

  it('finds a branch below the name of one that is gone, and none in a folder of branches', async () => {
    await git(folder, 'branch', 'topic/one', first)
    expect(await readRefFiles(gitDir, ['refs/heads/topic', 'refs/heads/main/x'])).toEqual(new Map())
    await git(folder, 'branch', '--delete', '--force', 'topic/one')
    await git(folder, 'branch', 'topic', second)
    expect(await readRefFiles(gitDir, ['refs/heads/topic'])).toEqual(new Map([['refs/heads/topic', second]]))
  })

  it.each<readonly [string, () => Promise<unknown>]>([
    ['a symbolic ref', () => git(folder, 'symbolic-ref', 'refs/heads/odd', 'refs/heads/main')],
    ['an empty file', () => writeFile(join(gitDir, 'refs/heads/odd'), '')],
    ['words', () => writeFile(join(gitDir, 'refs/heads/odd'), 'no commit\n')],
    ['a link', () => symlink('main', join(gitDir, 'refs/heads/odd'))],
    ['a reftable', () => mkdir(join(gitDir, 'reftable'))],
    ['packed refs that are no file', () => mkdir(join(gitDir, 'packed-refs'))],
  ])('leaves it to git to read %s', async (_name, plant) => {
    await plant()
    expect(await readRefFiles(gitDir, ['refs/heads/odd'])).toBeNull()
  })
})

describe('readRefFilesBelow', () => {
  it('lists what git lists, at every depth, without locks', async () => {
    await git(folder, 'branch', 'a/packed/deep', first)
    await git(folder, 'branch', 'a/both', first)
    await git(folder, 'branch', 'ab', first)
    await git(folder, 'pack-refs', '--all')
    await git(folder, 'branch', '--force', 'a/both', second)
    await git(folder, 'branch', 'a/löose', second)
    await writeFile(join(gitDir, 'refs/heads/a/new.lock'), '')
    const found = await readRefFilesBelow(gitDir, 'refs/heads/a/')
    const judge = await askGit('refs/heads/a/')
    expect(Object.keys(judge)).toHaveLength(3)
    expect(Object.fromEntries(found ?? [])).toEqual(judge)
    expect(await readRefFilesBelow(gitDir, 'refs/nothing/')).toEqual(new Map())
  })

  it('leaves it to git where something else lies among the refs', async () => {
    const odd = join(gitDir, 'refs/heads/a')
    await mkdir(odd)
    await symlink('../main', join(odd, 'link'))
    expect(await readRefFilesBelow(gitDir, 'refs/heads/a/')).toBeNull()
    await rm(join(odd, 'link'))
    await writeFile(join(odd, 'words'), 'no commit\n')
    expect(await readRefFilesBelow(gitDir, 'refs/heads/a/')).toBeNull()
  })
})
