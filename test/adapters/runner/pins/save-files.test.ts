// Files that change between the look at them and the reading of them: never a blob of something nobody looked at.

import { appendFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toBytePath } from '../../../../src/adapters/runner/git/byte-path.ts'
import {
  inspectFile,
  isHashable,
  type HashableFile,
} from '../../../../src/adapters/runner/inspection/hash-files.ts'
import { identify, saveFiles } from '../../../../src/adapters/runner/pins/save-files.ts'
import { git, makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

let folder: string
let tree: string
let objects: string

beforeEach(async () => {
  folder = await makeTempFolder()
  tree = join(folder, 'tree')
  objects = join(folder, 'repo.git/objects')
  await mkdir(join(tree, 'src'), { recursive: true })
  await mkdir(join(folder, 'repo.git'))
  await git(join(folder, 'repo.git'), 'init', '--quiet', '--bare', '.')
  await writeFile(join(tree, 'src/a.txt'), 'first\r\n')
})

afterEach(() => removeTempFolder(folder))

async function look(path: string): Promise<HashableFile> {
  const found = await inspectFile(tree, toBytePath(path))
  if (!isHashable(found)) throw new Error(found.kind)
  return found
}

describe('saveFiles', () => {
  it('saves files and links as they lie, and identifies them alike', async () => {
    await symlink('src/a.txt', join(tree, 'link'))
    const files = [await look('src/a.txt'), await look('link')]
    const saving = await saveFiles({ tree, objects, files })
    if (saving.kind !== 'saved') throw new Error(saving.kind)
    expect(saving.files.map(({ path, mode }) => [path, mode])).toEqual([
      ['src/a.txt', '100644'],
      ['link', '120000'],
    ])
    const blobs = await Promise.all(
      saving.files.map(({ oid }) => git(join(folder, 'repo.git'), 'cat-file', 'blob', oid)),
    )
    expect(blobs).toEqual(['first', 'src/a.txt'])
    expect(await Promise.all(files.map((file) => identify(tree, file)))).toEqual(
      saving.files.map(({ oid }) => oid),
    )
  })

  it.each([
    ['grew', () => appendFile(join(tree, 'src/a.txt'), 'more')],
    ['was written again with as many bytes', () => writeFile(join(tree, 'src/a.txt'), 'again\r\n')],
    ['is gone', () => rm(join(tree, 'src/a.txt'))],
    [
      'gave way to another',
      async () => {
        await writeFile(join(tree, 'b.txt'), 'first\r\n')
        await rename(join(tree, 'b.txt'), join(tree, 'src/a.txt'))
      },
    ],
    [
      'gave way to a link',
      async () => {
        await rename(join(tree, 'src/a.txt'), join(folder, 'a.txt'))
        await symlink(join(folder, 'a.txt'), join(tree, 'src/a.txt'))
      },
    ],
  ])('saves nothing of a file that %s', async (_name, change) => {
    const file = await look('src/a.txt')
    // A tick of the kernel's clock, so that the second write has another time.
    const looked = Date.now()
    while (Date.now() < looked + 20) await readdir(tree)
    await change()
    expect(await saveFiles({ tree, objects, files: [file] })).toEqual({ kind: 'changed', path: 'src/a.txt' })
    expect(await identify(tree, file)).toBeNull()
    expect((await readdir(objects)).toSorted()).toEqual(['info', 'pack'])
  })
})

describe('inspectFile', () => {
  it.each(['../repo.git/HEAD', 'src/../../repo.git/HEAD', '/etc/passwd', 'src//a.txt', './src/a.txt'])(
    'finds nothing at %s, which an index could name',
    async (path) => {
      expect((await inspectFile(tree, toBytePath(path))).kind).toBe('nothing')
    },
  )
})
