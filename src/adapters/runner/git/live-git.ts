// Whether a git process still works on a session: one of ours, although the process that started it may be gone, or one
// of a person or an agent.

import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { lookAt } from '../look-at.ts'
import { readEnvironment } from '../attempts/process-environment.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'

/** Where processes can not be asked for their environment, a lock this young is taken for a living one. */
const YOUNG_MS = 8000

/**
 * Tells whether a git process that works on this session is alive.
 *
 * Another user's process does not say where it stands, so it is not seen.
 */
export async function isGitAlive(paths: SessionPaths, locks: readonly string[]): Promise<boolean> {
  const processes = await listProcesses()
  if (processes === null) return hasYoungLock(paths, locks)
  for (const pid of processes) {
    if (pid === process.pid) continue
    if ((await worksOn(pid, paths)) || (await isGitInside(pid, paths.folder))) return true
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

/** A process named git that stands in the session's folder. */
async function isGitInside(pid: number, folder: string): Promise<boolean> {
  try {
    const place = await readlink(`/proc/${pid}/cwd`)
    if (place !== folder && !place.startsWith(folder + sep)) return false
    if (isGitName((await readFile(`/proc/${pid}/comm`, 'utf8')).trim())) return true
    return isGitName(basename(await readlink(`/proc/${pid}/exe`)))
  } catch {
    // Gone, or not ours to ask.
    return false
  }
}

function isGitName(name: string): boolean {
  return name === 'git' || name.startsWith('git-')
}

async function hasYoungLock(paths: SessionPaths, locks: readonly string[]): Promise<boolean> {
  const found = await Promise.all(locks.map((lock) => lookAt(join(paths.repository, lock))))
  return found.some((lock) => lock !== null && Date.now() - lock.mtimeMs < YOUNG_MS)
}
