// Whether a git process of ours still works on a session, although the process that started it may be gone.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt } from './look-at.ts'
import { readEnvironment } from './process-environment.ts'
import type { SessionPaths } from './session-paths.ts'

/** Where processes can not be asked for their environment, a lock this young is taken for a living one. */
const YOUNG_MS = 8000

/** Tells whether a git process that was started for this session is alive. */
export async function isGitAlive(paths: SessionPaths, locks: readonly string[]): Promise<boolean> {
  const processes = await listProcesses()
  if (processes === null) return hasYoungLock(paths, locks)
  for (const pid of processes) {
    if (pid !== process.pid && (await worksOn(pid, paths))) return true
  }
  return false
}

async function listProcesses(): Promise<readonly number[] | null> {
  if (process.platform !== 'linux') return null
  const names = await readdir('/proc')
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

/** Every git process of ours names its git directory and index in the environment; an agent's own do not. */
async function worksOn(pid: number, paths: SessionPaths): Promise<boolean> {
  const ours = [
    `GIT_DIR=${paths.control}`,
    `GIT_DIR=${paths.repository}`,
    `GIT_INDEX_FILE=${paths.indexFile}`,
  ]
  const environment = await readEnvironment(pid)
  return environment.some((entry) => ours.includes(entry))
}

async function hasYoungLock(paths: SessionPaths, locks: readonly string[]): Promise<boolean> {
  const found = await Promise.all(locks.map((lock) => lookAt(join(paths.repository, lock))))
  return found.some((lock) => lock !== null && Date.now() - lock.mtimeMs < YOUNG_MS)
}
