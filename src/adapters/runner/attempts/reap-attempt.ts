// Ends what an earlier incarnation of the runner started and nobody watches any more. Proves first that it is ours.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { attemptMark } from './attempt-launch.ts'
import { signalGroup } from './attempt-process.ts'
import { isNotThere, readSmallFile } from '../look-at.ts'
import { findMarked, killMarked, signalOne } from '../git/marked-processes.ts'
import { isSameProcess, type ProcessIdentity } from './process-identity.ts'

export interface ReapOrder {
  /** The attempt's own folder; a prompt file in it is what proves that a process belongs to it. */
  readonly folder: string
  readonly graceMs: number
}

export interface ReapSessionOrder {
  /** The folder of all attempts of a session. */
  readonly attempts: string
  readonly graceMs: number
}

export type Reaped = 'reaped' | 'gone'

const LOOK_AGAIN_MS = 50

/** Ends the attempt's processes with TERM, then KILL; returns when none is left. `gone` means there was none. */
export async function reapAttempt({ folder, graceMs }: ReapOrder): Promise<Reaped> {
  const leader = await readLeader(folder)
  return reap({ folder, leaders: leader === null ? [] : [leader], graceMs })
}

/** Ends the processes of all attempts of a session in the same way. Only for a session in which none may run. */
export async function reapSession({ attempts, graceMs }: ReapSessionOrder): Promise<Reaped> {
  return reap({ folder: attempts, leaders: await readLeaders(attempts), graceMs })
}

/** Tells whether anything of one attempt still runs; `folder` is its own. */
export async function isAttemptAlive(folder: string): Promise<boolean> {
  const leader = await readLeader(folder)
  return !isNone(await findLeft({ folder, leaders: leader === null ? [] : [leader] }))
}

/** Tells whether anything of any attempt of a session still runs; `attempts` is the folder of all of them. */
export async function isAnyAlive(attempts: string): Promise<boolean> {
  return !isNone(await findLeft({ folder: attempts, leaders: await readLeaders(attempts) }))
}

async function readLeaders(attempts: string): Promise<readonly ProcessIdentity[]> {
  const leaders: ProcessIdentity[] = []
  for (const name of await listAttempts(attempts)) {
    const leader = await readLeader(join(attempts, name))
    if (leader !== null) leaders.push(leader)
  }
  return leaders
}

async function listAttempts(attempts: string): Promise<readonly string[]> {
  try {
    return await readdir(attempts)
  } catch (error) {
    if (isNotThere(error)) return []
    throw error
  }
}

interface Reaping {
  readonly folder: string
  /** Who was written down; a leader's group is ended with it. */
  readonly leaders: readonly ProcessIdentity[]
  readonly graceMs: number
}

interface Left {
  readonly leaders: readonly ProcessIdentity[]
  readonly members: readonly number[]
}

async function reap(reaping: Reaping): Promise<Reaped> {
  let left = await findLeft(reaping)
  if (isNone(left)) return 'gone'
  signalAll(left, 'SIGTERM')
  const until = Date.now() + reaping.graceMs
  while (!isNone(left)) {
    if (Date.now() >= until) signalAll(left, 'SIGKILL')
    await wait(LOOK_AGAIN_MS)
    left = await findLeft(reaping)
  }
  await killMarked(attemptMark(reaping.folder))
  return 'reaped'
}

/** Processes that are left when their leader is gone are found too, and those of a leader nobody wrote down. */
async function findLeft({ folder, leaders }: Omit<Reaping, 'graceMs'>): Promise<Left> {
  const alive: ProcessIdentity[] = []
  for (const leader of leaders) if (await isSameProcess(leader)) alive.push(leader)
  return { leaders: alive, members: await findMarked(attemptMark(folder)) }
}

function isNone({ leaders, members }: Left): boolean {
  return leaders.length === 0 && members.length === 0
}

function signalAll({ leaders, members }: Left, signal: NodeJS.Signals): void {
  for (const { pid } of leaders) signalGroup(pid, signal)
  for (const pid of members) signalOne(pid, signal)
}

/** Reads who was started; null when the runner died before it could write it down. */
async function readLeader(folder: string): Promise<ProcessIdentity | null> {
  const text = await readSmallFile(join(folder, 'pid.json'), 10_000)
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  const isIdentity = typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value
  return isIdentity ? { pid: Number(value.pid), startedAt: String(value.startedAt) } : null
}
