// Ends what an earlier incarnation of the runner started and nobody watches any more. Proves first that it is ours.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { signalGroup } from './attempt-process.ts'
import { readEnvironment } from './live-git.ts'
import { readSmallFile } from './look-at.ts'
import { isSameProcess, type ProcessIdentity } from './process-identity.ts'

export interface ReapOrder {
  /** The attempt's own folder; its prompt file's path is what proves that a process belongs to it. */
  readonly folder: string
  readonly graceMs: number
}

const LOOK_AGAIN_MS = 50

/** Ends the attempt's processes with TERM, then KILL; returns when none is left. `gone` means there was none. */
export async function reapAttempt({ folder, graceMs }: ReapOrder): Promise<'reaped' | 'gone'> {
  const leader = await readLeader(folder)
  if (!(await isAnyLeft(folder, leader))) return 'gone'
  const isLeaderOurs = leader !== null && (await isSameProcess(leader))
  if (isLeaderOurs) signalGroup(leader.pid, 'SIGTERM')
  for (const pid of await findMembers(folder)) signalOne(pid, 'SIGTERM')
  const until = Date.now() + graceMs
  while (await isAnyLeft(folder, leader)) {
    if (Date.now() >= until) {
      if (leader !== null && (await isSameProcess(leader))) signalGroup(leader.pid, 'SIGKILL')
      for (const pid of await findMembers(folder)) signalOne(pid, 'SIGKILL')
    }
    await wait(LOOK_AGAIN_MS)
  }
  return 'reaped'
}

async function isAnyLeft(folder: string, leader: ProcessIdentity | null): Promise<boolean> {
  if (leader !== null && (await isSameProcess(leader))) return true
  return (await findMembers(folder)).length > 0
}

/** Reads who was started; null when the runner died before it could write it down. */
async function readLeader(folder: string): Promise<ProcessIdentity | null> {
  const text = await readSmallFile(join(folder, 'pid.json'), 10_000)
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  const isIdentity = typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value
  return isIdentity ? { pid: Number(value.pid), startedAt: String(value.startedAt) } : null
}

/** Processes of the attempt that are left when their leader is gone, and those of a leader nobody wrote down. */
async function findMembers(folder: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const proof = `BELAY_PROMPT_FILE=${join(folder, 'prompt.md')}`
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => ((await readEnvironment(pid)).includes(proof) ? [pid] : [])),
  )
  return found.flat().filter((pid) => pid !== process.pid)
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH'
    if (!isGone) throw error
  }
}
