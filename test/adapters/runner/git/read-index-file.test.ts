// The index as our own reading of its file gives it, against what git lists.

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pathBytes } from '../../../../src/adapters/runner/git/byte-path.ts'
import { parseIndex, readIndexFile } from '../../../../src/adapters/runner/git/read-index-file.ts'
import { git, makeTempFolder, removeTempFolder, tryGit, writeFiles } from '../../../support/temp-repo.ts'

let folder: string
const index = (): string => join(folder, '.git/index')

beforeEach(async () => {
  folder = await makeTempFolder()
  await git(folder, 'init', '--quiet', '.')
  const long = 'long/'.repeat(900)
  await writeFiles(folder, {
    'a.txt': 'a\n',
    'deep/er/b.txt': 'b\n',
    'deep/er/bb.txt': 'b\n',
    'é\n.txt': 'c\n',
  })
  await git(folder, 'add', '--all')
  const blob = await git(folder, 'rev-parse', ':a.txt')
  // Longer than the length an entry can hold.
  await git(folder, 'update-index', '--add', '--cacheinfo', `100755,${blob},${long}x`)
  await git(folder, 'update-index', '--add', '--cacheinfo', `120000,${blob},link`)
})

afterEach(() => removeTempFolder(folder))

async function listed(): Promise<string> {
  const { stdout } = await tryGit({ cwd: folder, args: ['ls-files', '-v', '--stage', '-z'] })
  return stdout.toString('latin1')
}

/** As git prints it, as far as we read it. */
async function read(): Promise<string> {
  const entries = (await readIndexFile(index())) ?? []
  const lines = entries.map(({ path, mode, oid, stage, isHidden, isSparse }) => {
    const tag = isSparse ? 'S' : isHidden ? 'h' : stage > 0 ? 'M' : 'H'
    return `${tag} ${mode} ${oid} ${stage}\t${path}\0`
  })
  return lines.join('')
}

describe('readIndexFile', () => {
  it.each([2, 3, 4])('reads what git lists from version %i', async (version) => {
    if (version > 2) await git(folder, 'update-index', '--skip-worktree', 'a.txt')
    await git(folder, 'update-index', '--assume-unchanged', 'deep/er/b.txt')
    await git(folder, 'update-index', '--index-version', String(version))
    expect((await readFile(index())).readUInt32BE(4)).toBe(version)
    expect(await read()).toBe(await listed())
    expect(await read()).toContain(pathBytes('\xc3\xa9\n.txt').toString('latin1'))
  })

  it('reads the stages of a conflict', async () => {
    const blob = await git(folder, 'rev-parse', ':a.txt')
    const lines = [1, 2, 3].map((stage) => `100644 ${blob} ${stage}\tdeep/er/b.txt\n`).join('')
    await tryGit({ cwd: folder, args: ['update-index', '--index-info'], input: lines })
    expect(await read()).toBe(await listed())
    expect(await read()).toContain(' 3\tdeep/er/b.txt')
  })

  it('finds nothing in an index that is not there', async () => {
    await rm(index())
    expect(await readIndexFile(index())).toEqual([])
  })

  it('leaves an index that leans on another file to git', async () => {
    await git(folder, 'update-index', '--split-index')
    expect(await readIndexFile(index())).toBeNull()
  })

  it('leaves whatever was cut off or is no index to git, and never reads beyond it', async () => {
    const bytes = await readFile(index())
    for (let length = 0; length < bytes.length; length += 7) {
      const cut = Buffer.concat([bytes.subarray(0, length), Buffer.alloc(20, 1)])
      expect(parseCut(cut), String(length)).toBeNull()
    }
    await writeFile(index(), 'no index at all, but more than thirty-two bytes')
    expect(await readIndexFile(index())).toBeNull()
  })
})

/** Beyond the end there is nothing to read; the caller takes that for a damaged index too. */
function parseCut(bytes: Buffer): unknown {
  try {
    return parseIndex(bytes)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
