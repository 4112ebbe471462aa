// The processes of attempts, found by what they were started with, wherever in the process tree they are now. Ends only
// what it can prove to be an agent's.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readEnvironment } from './live-git.ts'

/** Which processes are meant: those whose prompt file lies below this folder, of one attempt or of a whole session. */
export interface MembersBelow {
  readonly folder: string
}

const LOOK_AGAIN_MS = 20

/**
 * Returns the living processes that were started with a prompt file below the folder.
 *
 * They are found in `/proc` by their environment, which children inherit and keep when they leave the process group.
 * One that was started with another environment is not found, and on other systems than Linux none is.
 */
export async function findMembers({ folder }: MembersBelow): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const proof = `BELAY_PROMPT_FILE=${join(folder, '/')}`
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readEnvironment(pid)
      return environment.some((entry) => entry.startsWith(proof)) ? [pid] : []
    }),
  )
  return found.flat().filter((pid) => pid !== process.pid && mayEnd(pid))
}

/**
 * Kills the processes below the folder; returns when two looks in a row found none.
 *
 * One look is not enough: a process that is just being started shows no environment for a moment, and one that ends may
 * have left a child behind that the list of processes did not hold yet.
 */
export async function killMembers(members: MembersBelow): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    const pids = await findMembers(members)
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
