// All attempts of this runner: starting, watching, reporting, stopping. Decides nothing about what an end means.

import { AppError } from '../../../domain/errors/app-error.ts'
import type { AgentExit } from '../../../domain/session/attempt.ts'
import type { AgentCheck, AttemptOrder } from '../../../ports/runner.ts'
import type { AttemptProcess } from './attempt-process.ts'
import { beginAttempt, checkAgent, type AgentWorld, type Begun } from './begin-attempt.ts'
import { reapAttempt, type Reaped } from './reap-attempt.ts'
import { reportUntilStored } from '../report-until-stored.ts'
import { attemptFolder } from '../repositories/session-paths.ts'

export interface AttemptsOptions extends AgentWorld {
  readonly heartbeatMs: number
}

export interface AttemptName {
  readonly sessionId: string
  readonly attemptId: string
}

export interface Attempts {
  check(agent: string | null): Promise<AgentCheck>
  /** Starts one process for one attempt. Throws `WORKSPACE_INVALID` while another attempt of the session lives here. */
  start(order: AttemptOrder): Promise<number | null>
  stop(name: AttemptName): Promise<void>
  reap(name: AttemptName): Promise<{ readonly kind: Reaped | 'watched' }>
  /** Stops everything; resolves when all ends are reported. */
  close(): Promise<void>
}

interface Running {
  readonly process: AttemptProcess
  /** Settles when the end was reported. */
  readonly over: Promise<void>
}

/** Makes the registry, empty. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const running = new Map<string, Running>()
  const starting = new Map<string, Promise<number | null>>()
  const worktrees = createWorktreeHolders()
  const launch = async (order: AttemptOrder): Promise<number | null> => {
    const release = worktrees.take(order)
    try {
      const begun = await beginAttempt(options, order)
      if (begun.kind === 'ended') {
        void reportEnd(options, order, begun.exit)
        release()
        return null
      }
      // From its end on the attempt holds nothing any more, although its report may still be under way.
      void begun.process.ended.then(release, release)
      const over = watchRunning(options, order, begun).finally(() => running.delete(order.attemptId))
      running.set(order.attemptId, { process: begun.process, over })
      return begun.process.pid
    } catch (error) {
      release()
      throw error
    }
  }
  return {
    check: (agent) => checkAgent(options, agent),
    start(order) {
      const known = running.get(order.attemptId)
      if (known !== undefined) return Promise.resolve(known.process.pid)
      const work =
        starting.get(order.attemptId) ?? launch(order).finally(() => starting.delete(order.attemptId))
      starting.set(order.attemptId, work)
      return work
    },
    async stop({ attemptId }) {
      await starting.get(attemptId)
      running.get(attemptId)?.process.stop()
    },
    async reap(name) {
      if (running.has(name.attemptId) || starting.has(name.attemptId)) return { kind: 'watched' }
      return {
        kind: await reapAttempt({ folder: attemptFolder(options.home, name), graceMs: options.graceMs }),
      }
    },
    async close() {
      await Promise.allSettled(starting.values())
      const all = [...running.values()]
      for (const { process } of all) process.stop()
      await Promise.all(all.map(({ over }) => over))
    },
  }
}

interface WorktreeHolders {
  /** Gives the session's worktree to an attempt and returns how it is given back. */
  take(order: AttemptOrder): () => void
}

/** Two agents in one worktree would write over each other, and no pin could tell whose work it holds. */
function createWorktreeHolders(): WorktreeHolders {
  const holders = new Map<string, string>()
  return {
    take({ attemptId, workspace: { sessionId } }) {
      if (holders.has(sessionId)) {
        const reason = 'another attempt is at work in it.'
        throw new AppError('WORKSPACE_INVALID', { session: sessionId, reason })
      }
      holders.set(sessionId, attemptId)
      return () => {
        if (holders.get(sessionId) === attemptId) holders.delete(sessionId)
      }
    },
  }
}

async function watchRunning(
  options: AttemptsOptions,
  order: AttemptOrder,
  { process, door }: Pick<Extract<Begun, { kind: 'running' }>, 'process' | 'door'>,
): Promise<void> {
  let sending = Promise.resolve()
  let isSending = false
  const beat = setInterval(() => {
    // One at a time: a listener that is slow to store must not gather a queue of old heartbeats.
    if (isSending) return
    isSending = true
    sending = sendHeartbeat(options, order).finally(() => {
      isSending = false
    })
  }, options.heartbeatMs)
  const exit = await process.ended.catch((error: unknown): AgentExit => {
    options.log.error({ error, attempt: order.attemptId }, 'The end of an agent could not be seen to')
    return { kind: 'lost' }
  })
  clearInterval(beat)
  await sending
  // First the door, so that the end is the last that is heard of an attempt.
  await door.close()
  await reportEnd(options, order, exit)
}

async function sendHeartbeat({ report, log }: AttemptsOptions, order: AttemptOrder): Promise<void> {
  try {
    await report({ kind: 'attempt_heartbeat', ...subjectOf(order) })
  } catch (error) {
    log.warn({ error, attempt: order.attemptId }, 'A heartbeat was not stored')
  }
}

function reportEnd(options: AttemptsOptions, order: AttemptOrder, exit: AgentExit): Promise<void> {
  return reportUntilStored(options, { kind: 'attempt_ended', ...subjectOf(order), exit })
}

function subjectOf(order: AttemptOrder): {
  readonly sessionId: string
  readonly attemptId: string
  readonly runEpoch: number
} {
  return { sessionId: order.workspace.sessionId, attemptId: order.attemptId, runEpoch: order.runEpoch }
}
