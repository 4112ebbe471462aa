// Removing the locks of the dead, while somebody else makes one of their own.

import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import {
  sessionPaths,
  type SessionPaths,
} from '../../../../src/adapters/runner/repositories/session-paths.ts'
import { removeStaleLocks } from '../../../../src/adapters/runner/steps/remove-stale-locks.ts'
import { toBranchName } from '../../../../src/domain/ids.ts'

const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function withLock(): Promise<{ readonly paths: SessionPaths; readonly lock: string }> {
  const home = await mkdtemp(join(tmpdir(), 'belay-locks-'))
  folders.push(home)
  const paths = sessionPaths(home, { projectId: 'rope', sessionId: 'rope-1' })
  await mkdir(paths.worktreeGitDir, { recursive: true })
  const lock = join(paths.worktreeGitDir, 'index.lock')
  await writeFile(lock, 'of the dead')
  return { paths, lock }
}

const workspace = {
  projectId: 'rope',
  sessionId: 'rope-1',
  branch: toBranchName('work'),
  baseRef: 'main',
  repository: { installationId: 1, repositoryId: 1, owner: 'acme', name: 'rope' },
}

it('removes the lock that it asked about', async () => {
  const { paths, lock } = await withLock()
  expect(await removeStaleLocks({ paths, workspace }, () => Promise.resolve(false))).toEqual({ kind: 'done' })
  await expect(stat(lock)).rejects.toThrow('ENOENT')
})

it('leaves the lock of somebody who came while it asked, and asks again', async () => {
  const { paths, lock } = await withLock()
  const left: string[] = []
  const isAlive = async (): Promise<boolean> => {
    left.push(await readFile(lock, 'utf8'))
    if (left.length > 1) return false
    await writeFile(`${lock}.new`, 'of the quick')
    await rename(`${lock}.new`, lock)
    return false
  }
  expect(await removeStaleLocks({ paths, workspace }, isAlive)).toEqual({ kind: 'done' })
  expect(left).toEqual(['of the dead', 'of the quick'])
})
