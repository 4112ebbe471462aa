// One start of the part of the program that mirrors: inbox, lanes, reads, sweeps. What it would have an agent do is left
// undone. Knows no law: whoever watches hears of every read, and can spoil what is written.

import { createInbox } from '../../../src/adapters/db/inbox-store.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import type { Database } from '../../../src/adapters/db/database.ts'
import { createGitHub, type GitHubDoor } from '../../../src/adapters/github/create-github.ts'
import { createLaneWorker } from '../../../src/adapters/queue/lane-worker.ts'
import { systemIds } from '../../../src/adapters/system/surroundings.ts'
import type { Job } from '../../../src/domain/changes.ts'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import { createInboxWorker } from '../../../src/edge/inbox-worker.ts'
import type { Observer, ObservationOutcome } from '../../../src/ports/github.ts'
import type { JobContext } from '../../../src/ports/lanes.ts'
import type { Runner } from '../../../src/ports/runner.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { handleJob } from '../../../src/workflows/handle-job.ts'
import { routeEvents } from '../../../src/workflows/route-event.ts'
import { sweepPullRequests, type SweepCounts } from '../../../src/workflows/sweep-pull-requests.ts'
import type { MirrorBench } from './bench.ts'
import type { Mistake } from './mistakes.ts'

/** A read that brought something, and what was known right before it. */
export interface SeenRead {
  readonly number: number
  readonly observation: Observation
  /** GitHub's time of the stored pull request. */
  readonly knownUpdatedAt: number
}

export interface ProgramOptions {
  readonly onRead?: (read: SeenRead) => void
  readonly onOutcome?: (kind: ObservationOutcome['kind']) => void
  /** Returns what to write instead of what a read's difference came to: a mistake made on purpose. */
  readonly spoil?: Mistake
  /** The database as the program sees it; the bench's own one unless told otherwise. */
  readonly database?: Database
}

export interface Program {
  readonly deps: Deps
  /** Does everything that is due, and what becomes due by it. */
  readonly settle: () => Promise<void>
  /** Settles, and moves the time to whatever is due later, until nothing is left to do. */
  readonly rest: () => Promise<void>
  readonly sweep: () => Promise<SweepCounts>
  readonly close: () => Promise<void>
}

/** What belongs to the mirror; every other job would need an agent or a worktree. */
const OURS: ReadonlySet<Job['kind']> = new Set(['reconcile', 'handle_event'])
const MOST_MOVES = 400
/** Jobs that wait for an hour's limit look every few seconds; so many looks tell nothing. */
const SHORTEST_MOVE_MS = 20_000

/** Starts on the bench's database; only one program may run at a time. */
export async function startProgram(bench: MirrorBench, options: ProgramOptions = {}): Promise<Program> {
  const database = options.database ?? bench.database
  const watch = new Watch(bench, options)
  const deps = makeDeps(bench, { database, watch })
  const { clock, log } = bench
  const owner = { runnerId: deps.settings.runnerId, bootId: deps.settings.bootId }
  const lanes = createLanes(database)
  await lanes.releaseEarlierIncarnations(owner)
  const handle = (context: JobContext): Promise<void> => {
    const { job } = context.job
    if (!OURS.has(job.kind)) return context.finish([]).then(() => undefined)
    return handleJob(deps, job.kind === 'reconcile' ? watch.spoiled(context) : context)
  }
  // One lane at a time, so that a seed tells everything.
  const laneWorker = createLaneWorker({ lanes, owner, handle, clock, log, lanesAtOnce: 1 })
  const inboxWorker = createInboxWorker({
    inbox: createInbox(database),
    ...bench.webhooks,
    route: (events) => routeEvents(deps, events),
    now: clock.now,
    log,
  })
  const settle = async (): Promise<void> => {
    for (;;) {
      await bench.github.settled()
      const done = (await inboxWorker.pump()) + (await laneWorker.pump())
      if (done === 0) return
    }
  }
  return {
    deps,
    settle,
    rest: () => rest(bench, settle),
    sweep: () => sweepPullRequests(deps),
    async close() {
      await inboxWorker.close()
      await laneWorker.close()
    },
  }
}

async function rest(bench: MirrorBench, settle: () => Promise<void>): Promise<void> {
  for (let moves = 0; moves < MOST_MOVES; moves += 1) {
    await settle()
    const dueAt = await nextDue(bench)
    if (dueAt === null) return
    bench.advance(Math.max(SHORTEST_MOVE_MS, dueAt - bench.clock.now()))
  }
  throw new Error(`The mirror does not come to rest.\n${bench.log.troubles()}`)
}

async function nextDue({ reader }: MirrorBench): Promise<number | null> {
  const [row] = await reader.query(`SELECT MIN(at) AS due_at FROM (
    SELECT run_at AS at FROM jobs WHERE state = 'pending'
    UNION ALL SELECT not_before FROM inbox WHERE status = 'pending')`)
  return (row?.['dueAt'] ?? null) as number | null
}

/** Stands where the program meets GitHub, and where it hands over what to write. */
class Watch {
  readonly #bench: MirrorBench
  readonly #options: ProgramOptions
  #last: Observation | null = null

  constructor(bench: MirrorBench, options: ProgramOptions) {
    this.#bench = bench
    this.#options = options
  }

  over(observer: Observer): Observer['observe'] {
    return async (name, priority) => {
      this.#last = null
      const { onRead, onOutcome } = this.#options
      const known = onRead === undefined ? 0 : await this.#knownUpdatedAt(name.number)
      const outcome = await observer.observe(name, priority)
      onOutcome?.(outcome.kind)
      if (outcome.kind !== 'observed') return outcome
      this.#last = outcome.observation
      onRead?.({ number: name.number, observation: outcome.observation, knownUpdatedAt: known })
      return outcome
    }
  }

  spoiled(context: JobContext): JobContext {
    const { spoil } = this.#options
    if (spoil === undefined) return context
    const { reader } = this.#bench
    const finish: JobContext['finish'] = async (changes) => {
      const observation = this.#last
      return context.finish(observation === null ? changes : await spoil(changes, { observation, reader }))
    }
    return { ...context, finish }
  }

  async #knownUpdatedAt(number: number): Promise<number> {
    const rows = await this.#bench.reader.query(
      `SELECT observed_at FROM pull_requests WHERE number = ${number}`,
    )
    return Number(rows[0]?.['observedAt'])
  }
}

function makeDeps(
  bench: MirrorBench,
  { database, watch }: { readonly database: Database; readonly watch: Watch },
): Deps {
  const { clock, log } = bench
  const github = youngDoor(bench)
  return {
    store: createStore(database),
    github,
    observer: {
      observe: watch.over(github),
      glance: (names) => github.glance(names),
      readCheckReport: (repository, id) => github.readCheckReport(repository, id),
    },
    deliveries: github,
    health: github,
    runner: NO_RUNNER,
    clock,
    ids: systemIds,
    log,
    settings: {
      runnerId: 'runner-1',
      bootId: systemIds.random(10),
      attemptLeaseMs: 30_000,
      restartDelayMs: 5_000,
      webUrl: bench.github.url,
    },
  }
}

/** The life of a token is counted by the machine's clock at one end and by the bench's at the other. */
const TOKEN_LIFE_MS = 50 * 60_000

/** A door to GitHub that is opened anew before its token is too old. */
function youngDoor({ github, clock, log, app }: MirrorBench): GitHubDoor {
  const open = (): GitHubDoor =>
    createGitHub({
      appId: app.id,
      privateKey: app.privateKey,
      apiBaseUrl: github.apiUrl,
      markerKey: app.secret,
      log,
      throttle: false,
      now: clock.now,
    })
  let [door, openedAt] = [open(), clock.now()]
  return new Proxy(door, {
    get(_, name) {
      if (clock.now() - openedAt > TOKEN_LIFE_MS) [door, openedAt] = [open(), clock.now()]
      return Reflect.get(door, name) as unknown
    },
  })
}

const NO_RUNNER = new Proxy({} as Runner, {
  get: (_, name) => {
    throw new Error(`The mirror asked the runner to ${String(name)}`)
  },
})
