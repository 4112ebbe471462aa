// All attempts of this runner: starting, watching, reporting, stopping. Decides nothing about what an end means.

import type { AgentExit } from '../../../domain/session/attempt.ts'
import type { AgentCheck, AttemptOrder } from '../../../ports/runner.ts'
import type { StartedProcess } from './attempt-process.ts'
import { beginAttempt, checkAgent, type AgentWorld } from './begin-attempt.ts'
import { reapAttempt, type Reaped } from './reap-attempt.ts'
import { reportUntilStored } from '../report-until-stored.ts'
import { attemptFolder } from '../repositories/session-paths.ts'
import { createSessionHolders } from './session-holders.ts'
import { subjectOf, watchAttempt, type Watched, type WatchWorld } from './watch-attempt.ts'
import { leavePlace } from './workplace.ts'

export type AttemptsOptions = AgentWorld & WatchWorld

export interface AttemptName {
  readonly sessionId: string
  readonly attemptId: string
}

export interface Attempts {
  check(agent: string | null): Promise<AgentCheck>
  /**
   * Starts one process for one attempt. One that takes the session's worktree stops first the attempts of this runner
   * that work beside it. Throws `WORKSPACE_INVALID` while another attempt has the session's worktree.
   */
  start(order: AttemptOrder): Promise<number | null>
  stop(name: AttemptName): Promise<void>
  reap(name: AttemptName): Promise<{ readonly kind: Reaped | 'watched' }>
  /** Tells whether an attempt of this runner holds anything of the session. */
  isAtWork(sessionId: string): boolean
  /** Stops everything; resolves when all ends are reported. */
  close(): Promise<void>
}

interface Running extends Watched {
  readonly process: StartedProcess
}

/** Makes the registry, empty. */
export function createAttempts(options: AttemptsOptions): Attempts {
  const running = new Map<string, Running>()
  const starting = new Map<string, Promise<number | null>>()
  const holders = createSessionHolders()
  const stop = async (attemptId: string): Promise<void> => {
    await starting.get(attemptId)?.catch(() => undefined)
    running.get(attemptId)?.process.stop({ kind: 'stopped' })
  }
  const endReviews = async (sessionId: string): Promise<void> => {
    const reviews = [...holders.reviewsOf(sessionId)]
    await Promise.all(reviews.map(stop))
    for (const attemptId of reviews) await running.get(attemptId)?.left
  }
  const launch = async (order: AttemptOrder): Promise<number | null> => {
    const release = holders.take(order)
    const { sessionId } = order.workspace
    try {
      if (order.place.kind === 'worktree') await endReviews(sessionId)
      const begun = await beginAttempt(options, order, holders.reviewsOf(sessionId))
      if (begun.kind === 'ended') {
        void reportEnd(options, order, begun.exit)
        release()
        return null
      }
      const { process } = begun
      const watched = watchAttempt(options, order, begun)
      running.set(order.attemptId, { ...watched, process })
      // From its end on the attempt holds nothing any more, although its report may still be under way.
      void watched.left.then(release)
      void watched.over.then(() => running.delete(order.attemptId))
      return process.pid
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
    stop: ({ attemptId }) => stop(attemptId),
    async reap(name) {
      if (running.has(name.attemptId) || starting.has(name.attemptId)) return { kind: 'watched' }
      const kind = await reapAttempt({ folder: attemptFolder(options.home, name), graceMs: options.graceMs })
      await leavePlace(options, name)
      return { kind }
    },
    isAtWork: (sessionId) => holders.isHeld(sessionId),
    async close() {
      await Promise.allSettled(starting.values())
      await endAll([...running.values()])
    },
  }
}

async function endAll(running: readonly Running[]): Promise<void> {
  for (const { process } of running) process.stop({ kind: 'stopped' })
  await Promise.all(running.map(({ over }) => over))
}

function reportEnd(options: AttemptsOptions, order: AttemptOrder, exit: AgentExit): Promise<void> {
  return reportUntilStored(options, { kind: 'attempt_ended', ...subjectOf(order), exit, verdict: null })
}
