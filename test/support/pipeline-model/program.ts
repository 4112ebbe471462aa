// One start of the program on the simulated world: real store, real lanes, real workflows. Its workers move only when they
// are pumped.

import { createHash } from 'node:crypto'
import type { Database } from '../../../src/adapters/db/database.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { createLaneWorker } from '../../../src/adapters/queue/lane-worker.ts'
import type { Worker } from '../../../src/adapters/queue/worker-loop.ts'
import type { Change, Job } from '../../../src/domain/changes.ts'
import type { Ids, Log } from '../../../src/ports/surroundings.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { handleJob } from '../../../src/workflows/handle-job.ts'
import { takeReport } from '../../../src/workflows/handle-report.ts'
import { recoverAll } from '../../../src/workflows/recover-session.ts'
import type { ManualClock } from '../workbench/manual-clock.ts'
import { openDoors } from './github.ts'
import type { Host } from './host.ts'
import { Life } from './life.ts'
import type { SimMachine } from './machine.ts'
import { createSimRunner, type SimRunner } from './runner.ts'

/** What outlives a start of the program. */
export interface Ground {
  readonly database: Database
  readonly host: Host
  readonly machine: SimMachine
  readonly clock: ManualClock
  readonly ids: Ids
  readonly log: Log
  /** Called after every write that may have changed a status, with the job that was at work; null outside of jobs. */
  readonly committed: (job: Job | null) => Promise<void>
  /** Returns what a job writes instead of what it came to: a mistake made on purpose. */
  readonly spoil?: Spoil
}

export type Spoil = (changes: readonly Change[], job: Job) => readonly Change[]

export interface Program {
  readonly deps: Deps
  readonly life: Life
  readonly runner: SimRunner
  readonly worker: Worker
}

const RUNNER_ID = 'runner-1'
const RESTART_DELAY_MS = 5_000
export const ATTEMPT_LEASE_MS = 30_000

/** Tables with a status that a law speaks of. */
const WATCHED = /"(?:pipelines|phase_runs|attempts|decisions|sessions)"/iu

/** Makes ids that are the same in every run. */
export function countingIds(): Ids {
  let count = 0
  const next = (length: number): string => {
    count += 1
    const digits = count.toString(32).replaceAll(/[01]/gu, (digit) => (digit === '0' ? 'y' : 'z'))
    return digits.padStart(length, 'w').slice(-length)
  }
  return {
    decision: () => next(6),
    random: next,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  }
}

/** Starts as the composition root does, recovery included, and pumps nothing yet. */
export async function startProgram(ground: Ground): Promise<Program> {
  const { clock, ids, log, host, machine } = ground
  const life = new Life(ids.random(10))
  const work: { job: Job | null } = { job: null }
  const database = life.over(ground.database, async (sql) => {
    if (WATCHED.test(sql)) await ground.committed(work.job)
  })
  const runner = createSimRunner(machine, life)
  const deps: Deps = {
    store: createStore(database),
    ...openDoors(host, life, clock.now),
    runner,
    clock,
    ids,
    log,
    settings: {
      runnerId: RUNNER_ID,
      bootId: life.boot,
      attemptLeaseMs: ATTEMPT_LEASE_MS,
      restartDelayMs: RESTART_DELAY_MS,
      webUrl: 'https://github.example',
    },
  }
  runner.onReport((report) => takeReport(deps, report))
  const lanes = createLanes(database, () => 0.5)
  const owner = { runnerId: RUNNER_ID, bootId: life.boot }
  await lanes.releaseEarlierIncarnations(owner)
  const worker = createLaneWorker({
    lanes,
    owner,
    handle: async (context) => {
      work.job = context.job.job
      try {
        const { finish } = context
        const { job } = context.job
        const { spoil = (changes) => changes } = ground
        await handleJob(deps, { ...context, finish: (changes) => finish(spoil(changes, job)) })
      } finally {
        work.job = null
      }
    },
    clock,
    log,
    lanesAtOnce: 1,
  })
  await recoverAll(deps)
  return { deps, life, runner, worker }
}
