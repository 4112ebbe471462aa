// One agent's process: started in a group of its own, watched, limited in time, ended with all it started. Reports its
// end once.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AgentExit } from '../../../domain/session/attempt.ts'
import { attemptMark, type Launch } from './attempt-launch.ts'
import type { AttemptLog } from './attempt-log.ts'
import { killMarked } from '../git/marked-processes.ts'

export interface StartedProcess {
  readonly pid: number
  /**
   * Settles once, after the agent's end, when what it left running was killed.
   *
   * On Linux that is its process group and every process that still has the attempt's environment, also one that left
   * the group; what keeps making new ones is hunted for ten seconds at most. A process that left the group and was given
   * another environment is not found. On other systems only the group is ended.
   */
  readonly ended: Promise<AgentExit>
  /** How many bytes it has printed so far. */
  printedBytes(): number
  /** Asks the group to end, and ends it after the grace period; the first cause given is what its end is reported as. */
  stop(cause: StopCause): void
}

/** A program that could not be started has no process id, and its end says why. */
export type AttemptProcess = StartedProcess | (Pick<StartedProcess, 'ended'> & { readonly pid: null })

/** Why an agent is ended that would go on. */
export type StopCause = Extract<AgentExit, { readonly kind: 'stopped' | 'silent' }>

export interface ProcessOrder {
  readonly launch: Launch
  readonly cwd: string
  /** The attempt's own folder; the prompt file in it marks its processes. */
  readonly folder: string
  readonly log: AttemptLog
  readonly timeoutMs: number
  /** Between TERM and KILL. */
  readonly graceMs: number
}

/** Longer delays make a timer fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647

/** After the group was killed its output ends; a process that left the group may hold it open for ever. */
const OUTPUT_PATIENCE_MS = 1000

/** Starts the process; resolves when it runs or could not be started. */
export async function startProcess(order: ProcessOrder): Promise<AttemptProcess> {
  const { launch, cwd, log } = order
  const child = spawn(launch.program, [...launch.args], {
    cwd,
    env: launch.env,
    detached: true,
    stdio: [launch.input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const exited = new Promise<AgentExit>((resolve) => {
    child.once('exit', (code, signal) => resolve(toExit(code, signal)))
    child.once('error', (error) => resolve({ kind: 'spawn_failed', reason: error.message }))
  })
  let printed = 0
  const take = (piece: Buffer): void => {
    printed += piece.length
    log.add(piece)
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  const isRunning = await Promise.race([
    once(child, 'spawn').then(
      () => true,
      () => false,
    ),
    exited.then((exit) => exit.kind !== 'spawn_failed'),
  ])
  if (!isRunning || child.pid === undefined) {
    await log.close()
    return { pid: null, ended: exited }
  }
  feed(child, launch.input)
  return { ...watch(child, { ...order, pid: child.pid, exited }), printedBytes: () => printed }
}

/** An agent need not read its prompt to the end. */
function feed(child: ChildProcess, input: string | null): void {
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input ?? '')
}

function toExit(code: number | null, signal: NodeJS.Signals | null): AgentExit {
  return code === null ? { kind: 'signalled', signal: signal ?? 'unknown' } : { kind: 'exited', code }
}

type Watched = ProcessOrder & { readonly pid: number; readonly exited: Promise<AgentExit> }

function watch(
  child: ChildProcess,
  { pid, exited, log, folder, timeoutMs, graceMs }: Watched,
): Omit<StartedProcess, 'printedBytes'> {
  let cause: AgentExit | null = null
  let isOver = false
  let killer: NodeJS.Timeout | null = null
  const end = (reason: AgentExit): void => {
    // From its end on the group's number may be a stranger's.
    if (cause !== null || isOver) return
    cause = reason
    signalGroup(pid, 'SIGTERM')
    killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs)
  }
  const limit = setTimeout(
    () => end({ kind: 'timed_out', afterMs: timeoutMs }),
    Math.min(timeoutMs, LONGEST_TIMER_MS),
  )
  const ended = exited.then(async (exit) => {
    isOver = true
    clearTimeout(limit)
    if (killer !== null) clearTimeout(killer)
    // What the agent left running would go on writing into a worktree that is ours now.
    signalGroup(pid, 'SIGKILL')
    await killMarked(attemptMark(folder))
    await endOfOutput(child)
    await log.close()
    return cause ?? exit
  })
  return { pid, ended, stop: end }
}

async function endOfOutput(child: ChildProcess): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, OUTPUT_PATIENCE_MS).unref())
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed)
  const closed = open.map((stream) => new Promise<void>((resolve) => void stream?.once('close', resolve)))
  await Promise.race([Promise.all(closed), patience])
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** Sends a signal to a whole process group; one that is gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    const isGone =
      error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')
    if (!isGone) throw error
  }
}
