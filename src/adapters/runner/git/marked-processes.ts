// Processes found by what they were started with, wherever in the process tree they are now. A mark is the beginning of
// an entry of their environment; children inherit it, also those that leave their process group or outlive their parent.

import { readdir } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { readEnvironment } from '../attempts/process-environment.ts'

const LOOK_AGAIN_MS = 20

/**
 * Returns the living processes with the mark that we may end, never this one.
 *
 * They are looked for in `/proc`. One that was started with another environment is not found, and on other systems than
 * Linux none is.
 */
export async function findMarked(mark: string): Promise<readonly number[]> {
  // An unfinished mark would match every process there is.
  if (!/^[A-Z_]+=./.test(mark)) throw new TypeError(`Not a mark of a process: ${JSON.stringify(mark)}`)
  if (process.platform !== 'linux') return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readEnvironment(pid)
      return environment.some((entry) => entry.startsWith(mark)) ? [pid] : []
    }),
  )
  return found.flat().filter((pid) => pid !== process.pid && mayEnd(pid))
}

/** Something that starts processes faster than they can be ended must not hold the runner for ever. */
const LONGEST_HUNT_MS = 10_000

/**
 * Kills the processes with the mark; returns when two looks in a row found none, or after ten seconds.
 *
 * One look is not enough: a process that is just being started shows no environment for a moment, and one that ends may
 * have left a child behind that the list of processes did not hold yet.
 */
export async function killMarked(mark: string): Promise<void> {
  const end = performance.now() + LONGEST_HUNT_MS
  for (let quiet = 0; quiet < 2 && performance.now() < end;) {
    const pids = await findMarked(mark)
    quiet = pids.length === 0 ? quiet + 1 : 0
    for (const pid of pids) signalOne(pid, 'SIGKILL')
    if (quiet < 2) await wait(LOOK_AGAIN_MS)
  }
}

/** Sends a signal to one process; one that is gone, or out of our reach, is fine. */
export function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const isGone =
      error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')
    if (!isGone) throw error
  }
}

/** A process that took another user is out of our reach, and waiting for its end could take for ever. */
function mayEnd(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // Gone, or another user's.
    return false
  }
}
