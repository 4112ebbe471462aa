import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generatedRepository } from '../../../scripts/bench/repository/generated-repository.ts'
import { FULL, landscapeAfter } from '../../../scripts/bench/repository/history.ts'
import { git, makeTempFolder, removeTempFolder } from '../../support/temp-repo.ts'

const SHAPE = { files: 60, commits: 40, seed: 7 }

let folder: string
let said: string[]

beforeEach(async () => {
  folder = await makeTempFolder()
  said = []
})
afterEach(() => removeTempFolder(folder))

function generate(shape: typeof SHAPE, below = folder): Promise<string> {
  return generatedRepository(shape, { folder: below, progress: (line) => void said.push(line) })
}

describe('generatedRepository', () => {
  it('has as many files and commits as asked, with the files the landscape tells of', async () => {
    const path = await generate(SHAPE)
    expect(await git(path, 'rev-list', '--count', 'main')).toBe('40')
    const files = (await git(path, 'ls-tree', '-r', '--name-only', 'main')).split('\n')
    expect(files).toHaveLength(60)
    const landscape = landscapeAfter(SHAPE)
    for (const file of [0, 31, 59]) {
      expect(files).toContain(landscape.path(file))
      const found = await git(path, 'cat-file', 'blob', `main:${landscape.path(file)}`)
      expect(`${found}\n`).toBe(landscape.text(file))
    }
    const changed = await git(path, 'diff-tree', '-r', '--name-only', '--no-commit-id', 'main')
    expect([1, 2]).toContain(changed.split('\n').length)
    await git(path, 'fsck', '--strict')
  })

  it('is the same for the same seed and another one for another', async () => {
    const again = `${folder}/again`
    const heads = await Promise.all(
      [await generate(SHAPE), await generate(SHAPE, again), await generate({ ...SHAPE, seed: 8 })].map(
        (path) => git(path, 'rev-parse', 'main'),
      ),
    )
    expect(heads[1]).toBe(heads[0])
    expect(heads[2]).not.toBe(heads[0])
  })

  it('is made once and leaves nothing half done', async () => {
    const path = await generate(SHAPE)
    expect(said.length).toBeGreaterThan(0)
    said = []
    expect(await generate(SHAPE)).toBe(path)
    expect(said).toEqual([])
    expect(await readdir(folder)).toEqual([path.slice(folder.length + 1)])
  })

  it('is large enough in the runs that count', () => {
    expect(FULL).toMatchObject({ files: 20_000, commits: 20_000 })
  })
})
