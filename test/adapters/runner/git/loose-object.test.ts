import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  blobId,
  hasLooseObject,
  readLooseObject,
  writeBlob,
  writeObject,
} from '../../../../src/adapters/runner/git/loose-object.ts'
import { toSha } from '../../../../src/domain/ids.ts'
import { git, makeTempFolder, removeTempFolder, tryGit } from '../../../support/temp-repo.ts'

let folder: string
let objects: string

beforeEach(async () => {
  folder = await makeTempFolder()
  await mkdir(join(folder, 'repo.git'))
  await git(join(folder, 'repo.git'), 'init', '--quiet', '--bare', '--initial-branch=main', '.')
  objects = join(folder, 'repo.git/objects')
})

afterEach(() => removeTempFolder(folder))

const repository = (): string => join(folder, 'repo.git')

describe('writeObject', () => {
  it('writes what git reads, and what git itself would have named so', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 10])
    const oid = await writeObject({ objects, type: 'blob', bytes })
    expect((await tryGit({ cwd: repository(), args: ['cat-file', 'blob', oid] })).stdout).toEqual(bytes)
    const hashed = await tryGit({ cwd: repository(), args: ['hash-object', '--stdin'], input: bytes })
    expect(hashed.stdout.toString().trim()).toBe(oid)
    expect(await writeObject({ objects, type: 'blob', bytes })).toBe(oid)
    expect(await hasLooseObject(objects, oid)).toBe(true)
  })

  it('writes commits and trees that a strict check accepts', async () => {
    const tree = await writeObject({ objects, type: 'tree', bytes: Buffer.alloc(0) })
    const text = `tree ${tree}\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n\nOne\n`
    const commit = await writeObject({ objects, type: 'commit', bytes: Buffer.from(text), isLasting: false })
    await git(repository(), 'update-ref', 'refs/heads/main', commit)
    const { exitCode, stderr } = await tryGit({ cwd: repository(), args: ['fsck', '--strict', '--full'] })
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(await git(repository(), 'log', '--format=%s %T', 'main')).toBe(`One ${tree}`)
  })

  it('leaves nothing but the object behind', async () => {
    const oid = await writeObject({ objects, type: 'blob', bytes: Buffer.from('x') })
    expect((await readdir(objects)).toSorted()).toEqual([oid.slice(0, 2), 'info', 'pack'].toSorted())
  })
})

describe('writeBlob', () => {
  it('saves a file larger than any buffer byte for byte', async () => {
    const bytes = Buffer.alloc(1_500_001, 'rope\0\r\n')
    await writeFile(join(folder, 'file'), bytes)
    const source = await open(join(folder, 'file'))
    try {
      const oid = await writeBlob({ objects, source, size: bytes.length })
      expect(oid).toBe(await git(repository(), 'hash-object', '--no-filters', join(folder, 'file')))
      expect(await blobId(source, bytes.length)).toBe(oid)
      const { stdout } = await tryGit({ cwd: repository(), args: ['cat-file', 'blob', oid ?? ''] })
      expect(stdout.equals(bytes)).toBe(true)
    } finally {
      await source.close()
    }
  })

  it.each([2, 4])('makes no object of a file that has other than %i bytes', async (size) => {
    await writeFile(join(folder, 'file'), 'abc')
    const source = await open(join(folder, 'file'))
    try {
      expect(await writeBlob({ objects, source, size })).toBeNull()
      expect(await blobId(source, size)).toBeNull()
    } finally {
      await source.close()
    }
    expect((await readdir(objects)).toSorted()).toEqual(['info', 'pack'])
  })
})

describe('readLooseObject', () => {
  it('reads what git wrote', async () => {
    const { stdout } = await tryGit({
      cwd: repository(),
      args: ['hash-object', '-w', '--stdin'],
      input: 'text\n',
    })
    const found = await readLooseObject(objects, toSha(stdout.toString().trim()))
    expect([found?.type, found?.bytes.toString()]).toEqual(['blob', 'text\n'])
  })

  it('takes no bytes for an object that has another name, is damaged or is not there', async () => {
    const oid = await writeObject({ objects, type: 'blob', bytes: Buffer.from('x') })
    const other = 'a'.repeat(40)
    const damaged = 'b'.repeat(40)
    for (const name of [other, damaged]) await mkdir(join(objects, name.slice(0, 2)))
    await writeFile(join(objects, damaged.slice(0, 2), damaged.slice(2)), 'no zlib')
    const bytes = await readFile(join(objects, oid.slice(0, 2), oid.slice(2)))
    await writeFile(join(objects, other.slice(0, 2), other.slice(2)), bytes)
    for (const name of [other, damaged, 'c'.repeat(40)])
      expect(await readLooseObject(objects, toSha(name)), name).toBeNull()
  })
})
