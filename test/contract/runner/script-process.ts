// Processes that an agent's script started, known by the number it wrote into its worktree.

import { readFileSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../../support/eventually.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'

/** Tells whether a process exists and can do something; one that ended and that nobody took note of can not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/\) [ZX] /.test(stat)
  } catch {
    return false
  }
}

/** Waits for a number that a script wrote into the worktree. */
export async function pidIn(world: RunnerWorld, name: string): Promise<number> {
  const read = async (): Promise<number | null> => {
    const text = await readFile(join(world.tree(), name), 'utf8').catch(() => '')
    return /^\d+\n/.test(text) ? Number(text) : null
  }
  return eventually(read, { what: `a process id in ${name}` })
}

/** Waits until the process does not exist any more. */
export async function gone(pid: number): Promise<void> {
  await eventually(() => !isAlive(pid), { what: `the end of process ${pid}` })
}

/** Returns the processes that stand in the folder or below it, however they got there; Linux only. */
export async function processesIn(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
      return cwd === folder || cwd.startsWith(`${folder}/`) ? [pid] : []
    }),
  )
  return found.flat()
}
