// The simulated world with the program in it, moved by hand: things happen, the program settles, time passes, it dies and
// starts again. Knows no law; whoever watches hears of every write and every order.

import { sql } from 'drizzle-orm'
import type { Database } from '../../../src/adapters/db/database.ts'
import { read } from '../../../src/adapters/db/read.ts'
import type { Job } from '../../../src/domain/changes.ts'
import type { AppEvent } from '../../../src/domain/events.ts'
import { attendDecisions } from '../../../src/workflows/attend-decision.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { overseeAll } from '../../../src/workflows/oversee.ts'
import { expireAttempts } from '../../../src/workflows/recover-session.ts'
import { routeEvents } from '../../../src/workflows/route-event.ts'
import { createCapturedLog, type CapturedLog } from '../workbench/captured-log.ts'
import type { ManualClock } from '../workbench/manual-clock.ts'
import { Host } from './host.ts'
import { Died, type Death } from './life.ts'
import { SimMachine } from './machine.ts'
import {
  ATTEMPT_LEASE_MS,
  countingIds,
  startProgram,
  type Ground,
  type Program,
  type Spoil,
} from './program.ts'
import { configText, type Setup } from './setup.ts'
import type { Template } from './template.ts'

const BEGINNING = 1_800_000_000_000
const MOST_ROUNDS = 400
const MOST_MOVES = 80
const REPOSITORY_ID = 77

export class PipelineBench {
  readonly setup: Setup
  readonly host: Host
  readonly machine: SimMachine
  readonly clock: ManualClock
  readonly log: CapturedLog
  readonly database: Database
  deaths = 0
  /** Called after every write, with the job that was at work. */
  onCommit: (job: Job | null) => Promise<void> = () => Promise.resolve()
  readonly #ground: Ground
  #program: Program
  #undelivered: AppEvent[] = []

  private constructor(setup: Setup, ground: Ground, program: Program) {
    this.setup = setup
    this.host = ground.host
    this.machine = ground.machine
    this.clock = ground.clock
    this.log = ground.log as CapturedLog
    this.database = ground.database
    this.#ground = ground
    this.#program = program
  }

  static async start(template: Template, setup: Setup, spoil?: Spoil): Promise<PipelineBench> {
    const clock = startClock()
    const host = new Host(REPOSITORY_ID, clock.now())
    host.config = configText(setup)
    const machine = new SimMachine(host, clock.now)
    const hooks: { committed: Ground['committed'] } = { committed: () => Promise.resolve() }
    const ground: Ground = {
      database: await template.open(clock.now),
      host,
      machine,
      clock,
      ids: countingIds(),
      log: createCapturedLog(),
      committed: (job) => hooks.committed(job),
      ...(spoil === undefined ? {} : { spoil }),
    }
    const bench = new PipelineBench(setup, ground, await startProgram(ground))
    hooks.committed = (job) => bench.onCommit(job)
    return bench
  }

  get deps(): Deps {
    return this.#program.deps
  }

  get runner(): Program['runner'] {
    return this.#program.runner
  }

  get boot(): string {
    return this.#program.life.boot
  }

  /** Has the program die at a write to come; it starts again by itself. */
  dieAt(death: Death | null): void {
    this.#program.life.dieAt(death)
  }

  /** Kills the program now and starts it again. */
  async kill(): Promise<void> {
    this.#program.life.die()
    await this.#revive()
  }

  /** Does something with the program; what it died of is started again, and false says so. */
  async attempt(act: (deps: Deps) => Promise<unknown>): Promise<boolean> {
    try {
      await act(this.deps)
      return true
    } catch (error) {
      if (!(error instanceof Died) && !this.#program.life.isDead) throw error
      await this.#revive()
      return false
    }
  }

  /** Delivers webhooks; those that a death swallowed come again, as GitHub's redelivery brings them. */
  async deliver(...events: readonly AppEvent[]): Promise<void> {
    for (const event of events) {
      const isTaken = await this.attempt(async (deps) => {
        await deps.store.commit(await routeEvents(deps, [event]), null)
      })
      if (!isTaken) this.#undelivered.push(event)
    }
    await this.settle()
  }

  /** Does everything that is due, and what becomes due by it. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
      const again = this.#undelivered.splice(0)
      for (const event of again)
        await this.attempt(async (deps) => deps.store.commit(await routeEvents(deps, [event]), null))
      let done = again.length
      const isAlive = await this.attempt(async () => {
        done += (await this.#program.runner.flush()) + (await this.#program.worker.pump())
        this.#program.life.check()
      })
      if (isAlive && done === 0) return
    }
    throw new Error(`The program does not come to rest.\n${this.log.troubles()}`)
  }

  /** Lets time pass; what lives shows it, and what the clock brings is done. */
  async wait(ms: number): Promise<void> {
    this.clock.advance(ms)
    for (const { order, boot } of this.machine.processes.values()) {
      const { attemptId, runEpoch, workspace } = order
      const activeAt = this.clock.now()
      const { sessionId } = workspace
      if (boot === this.boot)
        this.runner.report({ kind: 'attempt_heartbeat', sessionId, attemptId, runEpoch, activeAt })
    }
    await this.settle()
    await this.attempt(async (deps) => {
      await expireAttempts(deps)
      await overseeAll(deps)
      await attendDecisions(deps)
    })
    await this.settle()
  }

  /** Settles, and lets time pass until nothing is left to do; while GitHub merges there always is. */
  async rest(): Promise<void> {
    await this.settle()
    for (let moves = 0; moves < MOST_MOVES; moves += 1) {
      const dueAt = (await this.#nextDue()) ?? (await this.#nextLoss())
      if (dueAt === null) return
      await this.wait(Math.max(1_000, dueAt - this.clock.now()))
    }
    if (!this.host.isInMergeQueue) throw new Error(`There is always something to do.\n${this.log.troubles()}`)
  }

  async query<T>(text: string): Promise<readonly T[]> {
    return read(this.database, (reads) => reads.all<T>(sql.raw(text)))
  }

  async close(): Promise<void> {
    await this.#program.worker.close()
    await this.database.close()
  }

  async #nextDue(): Promise<number | null> {
    const rows = await this.query<{ readonly at: number | null }>(
      `SELECT MIN(run_at) AS at FROM jobs WHERE state = 'pending'`,
    )
    return rows[0]?.at ?? null
  }

  /** When an attempt that nobody watches any more counts as lost. */
  async #nextLoss(): Promise<number | null> {
    const running = await this.deps.store.list('attempts', { status: ['starting', 'running'] })
    const unwatched = running.filter(({ id }) => this.machine.processes.get(id)?.boot !== this.boot)
    if (unwatched.length === 0) return null
    return this.clock.now() + ATTEMPT_LEASE_MS + 1_000
  }

  async #revive(): Promise<void> {
    this.deaths += 1
    await this.#program.worker.close().catch(() => undefined)
    this.#program = await startProgram(this.#ground)
  }
}

function startClock(): ManualClock {
  let nowMs = BEGINNING
  let ticks = 0n
  return {
    now: () => nowMs,
    nowNs() {
      ticks += 1n
      return BigInt(nowMs) * 1_000_000n + ticks
    },
    advance(ms) {
      nowMs += ms
    },
  }
}
