// A process id together with its start: ids are used again, and a stranger must never be ended for having one of ours.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface ProcessIdentity {
  readonly pid: number
  /** What tells this process from a later one with the same id; opaque. */
  readonly startedAt: string
}

/** Returns the identity of a living process, or null when there is none with this id. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | null> {
  const startedAt = process.platform === 'linux' ? await readLinuxStart(pid) : await askForStart(pid)
  return startedAt === null ? null : { pid, startedAt }
}

/** Tells whether the process still runs and is the same one. */
export async function isSameProcess(known: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(known.pid))?.startedAt === known.startedAt
}

/** Ticks since the machine started, and which start of the machine. */
async function readLinuxStart(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ])
    // The program's name may hold spaces and brackets; the fields after it do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const isGone = fields[0] === 'Z' || fields[0] === 'X'
    return isGone ? null : `${boot.trim()}:${fields[19] ?? ''}`
  } catch {
    // No such process.
    return null
  }
}

async function askForStart(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { LC_ALL: 'C' },
    })
    return stdout.trim() === '' ? null : stdout.trim()
  } catch {
    // `ps` ends with 1 when there is no such process.
    return null
  }
}
