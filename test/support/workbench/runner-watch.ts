// Stands between the workflows and a real runner: counts every order, knows what is still under way, and lets a test
// act before or after any order or git step. Answers nothing itself.

import type { RunnerReport } from '../../../src/domain/events.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import type { TokenSource } from '../../../src/ports/github.ts'
import type { ExecuteOrder, Runner, StepResult } from '../../../src/ports/runner.ts'

/** Something a runner is asked to do. Looking is not among what an open question forbids; everything else is. */
export type Order =
  | 'checkAgent'
  | 'prepare'
  | 'inspect'
  | 'startAttempt'
  | 'stopAttempt'
  | 'reapAttempt'
  | 'release'
  | SyncStep['kind']

export interface WatchedOrder {
  readonly sessionId: string
  readonly order: Order
}

/** Called around every order; throwing there is the order's failure. */
export type Hook = (moment: 'before' | 'after', seen: WatchedOrder) => Promise<void> | void

/** The watch over all runners of one workbench. */
export class RunnerWatch {
  readonly orders: WatchedOrder[] = []
  readonly reports: RunnerReport[] = []
  hook: Hook = () => undefined
  /** `revoked`: the host refuses the credential that git is given. */
  tokens: 'good' | 'revoked' = 'good'
  readonly #preparations = new Map<string, Ending>()
  readonly #attempts = new Map<string, Ending>()

  /** Returns a runner that does what the real one does, under this watch. */
  over(real: Runner): Runner {
    return {
      ...real,
      checkAgent: (agent) =>
        this.#around({ sessionId: '', order: 'checkAgent' }, () => real.checkAgent(agent)),
      prepare: (order) =>
        this.#around({ sessionId: order.workspace.sessionId, order: 'prepare' }, () => {
          this.#preparations.set(order.pipelineId, ending())
          return real.prepare(order)
        }),
      inspect: (order) =>
        this.#around({ sessionId: order.workspace.sessionId, order: 'inspect' }, () => real.inspect(order)),
      execute: (order) => this.#execute(real, order),
      startAttempt: (order) =>
        this.#around({ sessionId: order.workspace.sessionId, order: 'startAttempt' }, () => {
          this.#attempts.set(order.attemptId, ending())
          return real.startAttempt(order)
        }),
      stopAttempt: (order) =>
        this.#around({ sessionId: order.sessionId, order: 'stopAttempt' }, () => real.stopAttempt(order)),
      reapAttempt: (order) =>
        this.#around({ sessionId: order.sessionId, order: 'reapAttempt' }, () => real.reapAttempt(order)),
      release: (order) =>
        this.#around({ sessionId: order.workspace.sessionId, order: 'release' }, () => real.release(order)),
      onReport: (listener) =>
        real.onReport(async (report) => {
          await listener(report)
          this.#take(report)
        }),
    }
  }

  /** Returns the real source of tokens, as long as they are good. */
  tokensFrom(real: TokenSource): TokenSource {
    return {
      tokenFor: async (repository) => {
        const token = await real.tokenFor(repository)
        return this.tokens === 'good' ? token : 'ghs_revoked'
      },
    }
  }

  /** Resolves when every preparation has been reported. */
  async prepared(): Promise<void> {
    await Promise.all([...this.#preparations.values()].map(({ over }) => over))
  }

  /** Resolves when every attempt that was started has been reported as ended. */
  async attemptsOver(): Promise<void> {
    await Promise.all([...this.#attempts.values()].map(({ over }) => over))
  }

  /** Returns what a session's runner was asked for, in order, from the given count on. */
  ordersOf(sessionId: string, since = 0): readonly Order[] {
    return this.orders
      .slice(since)
      .filter((seen) => seen.sessionId === sessionId)
      .map(({ order }) => order)
  }

  async #around<T>(seen: WatchedOrder, act: () => Promise<T>): Promise<T> {
    await this.hook('before', seen)
    this.orders.push(seen)
    const result = await act()
    await this.hook('after', seen)
    return result
  }

  /** A runner begins a step when its result is asked for, so this is where "before" is. */
  async *#execute(real: Runner, order: ExecuteOrder): AsyncGenerator<StepResult> {
    const { sessionId } = order.workspace
    const results = real.execute(order)[Symbol.asyncIterator]()
    for (const { kind } of order.plan) {
      const result = await this.#around({ sessionId, order: kind }, () => results.next())
      if (result.done === true) return
      yield result.value
    }
  }

  #take(report: RunnerReport): void {
    this.reports.push(report)
    if (report.kind === 'attempt_ended') this.#attempts.get(report.attemptId)?.end()
    if (report.kind === 'workspace_prepared' || report.kind === 'workspace_failed')
      this.#preparations.get(report.pipelineId)?.end()
  }
}

interface Ending {
  readonly over: Promise<void>
  readonly end: () => void
}

function ending(): Ending {
  let end = (): void => undefined
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  return { over, end }
}
