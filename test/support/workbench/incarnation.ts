// One start of the program inside the test's process: the parts of the composition root that work, with workers that
// only move when they are pumped. It can die: from then on not one of its writes reaches the database.

import { createEffectQueue } from '../../../src/adapters/db/effect-store.ts'
import { createInbox } from '../../../src/adapters/db/inbox-store.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import type { Database } from '../../../src/adapters/db/database.ts'
import { createLaneWorker } from '../../../src/adapters/queue/lane-worker.ts'
import { createOutbox } from '../../../src/adapters/queue/outbox.ts'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { systemIds } from '../../../src/adapters/system/surroundings.ts'
import type { Isolation } from '../../../src/domain/config/operator-config.ts'
import { createInboxWorker } from '../../../src/edge/inbox-worker.ts'
import { createEventCollector, registerWebhooks } from '../../../src/edge/register-webhooks.ts'
import type { GitHubDoor } from '../../../src/adapters/github/create-github.ts'
import type { Log, LogFields } from '../../../src/ports/surroundings.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { handleJob } from '../../../src/workflows/handle-job.ts'
import { takeReport } from '../../../src/workflows/handle-report.ts'
import { recoverAll } from '../../../src/workflows/recover-session.ts'
import { routeEvents } from '../../../src/workflows/route-event.ts'
import type { InStatement } from '@libsql/client'
import { Probot } from 'probot'
import type { CapturedLog } from './captured-log.ts'
import type { ManualClock } from './manual-clock.ts'
import type { RunnerWatch } from './runner-watch.ts'

/** What outlives a start of the program. */
export interface Ground {
  readonly database: Database
  readonly github: GitHubDoor
  readonly clock: ManualClock
  readonly log: CapturedLog
  readonly watch: RunnerWatch
  readonly home: string
  readonly gitBaseUrl: string
  readonly agentsFile: string
  readonly isolation: Isolation
  readonly app: { readonly id: number; readonly privateKey: string; readonly webhookSecret: string }
  /** Called before every transaction of the program; throwing there keeps it from being written. */
  readonly committing?: (statements: readonly InStatement[]) => Promise<void>
  /** Called after every transaction that was committed. */
  readonly committed: (statements: readonly InStatement[]) => Promise<void>
}

export interface Incarnation {
  readonly deps: Deps
  /** Turns stored deliveries into jobs; returns how many were touched. */
  readonly takeIn: () => Promise<number>
  /** Runs every job that is due; returns how many lanes were drained. */
  readonly work: () => Promise<number>
  /** Sends every effect that is due; returns how many. */
  readonly send: () => Promise<number>
  readonly isDead: () => boolean
  /** From now on nothing it does is written: what a kill leaves is what stands in the database already. */
  readonly die: () => void
  /** Ends its agents and waits for what is under way. */
  readonly close: () => Promise<void>
}

/** Thrown into whatever a dead incarnation still tries. */
export class Died extends Error {}

const RUNNER_ID = 'runner-1'
export const RESTART_DELAY_MS = 5_000
export const ATTEMPT_LEASE_MS = 30_000

/** Starts as the composition root does, recovery included, and pumps nothing yet. */
export async function startIncarnation(ground: Ground): Promise<Incarnation> {
  const life: Life = { isDead: false, ended: () => undefined }
  const database = mortal(ground, life)
  const owner = { runnerId: RUNNER_ID, bootId: systemIds.random(10) }
  const deps = await makeDeps(ground, { database, life, bootId: owner.bootId })
  const { clock, log, github } = deps
  const lanes = createLanes(database)
  const effects = createEffectQueue(database)
  await lanes.releaseEarlierIncarnations(owner)
  await effects.recoverInterrupted()
  const handle = handleJob.bind(null, deps)
  const laneWorker = createLaneWorker({ lanes, owner, handle, clock, log })
  const outbox = createOutbox({ effects, github, clock, log })
  const inboxWorker = await makeInboxWorker(ground, { database, deps })
  await recoverAll(deps)
  const died = new Promise<number>((resolve) => {
    life.ended = () => resolve(0)
  })
  return {
    deps,
    takeIn: () => inboxWorker.pump(),
    work: () => laneWorker.pump(),
    // It keeps the result of an effect until it can be stored, which a dead start never can.
    send: () => Promise.race([outbox.pump(), died]),
    isDead: () => life.isDead,
    die() {
      life.isDead = true
      life.ended()
    },
    async close() {
      await inboxWorker.close()
      await laneWorker.close()
      await deps.runner.close()
      if (!life.isDead) await outbox.close()
    },
  }
}

interface Life {
  isDead: boolean
  /** Called once when it dies. */
  ended: () => void
}

/** Every write of the program goes through here, whichever adapter makes it. */
function mortal({ database, committing, committed }: Ground, life: Life): Database {
  return {
    ...database,
    async write(statements) {
      if (life.isDead) throw new Died('This incarnation is dead')
      await committing?.(statements)
      const results = await database.write(statements)
      await committed(statements)
      return results
    },
  }
}

/** What a dead process would not have said is not said. */
function whileAlive(log: Log, life: Life): Log {
  const pass =
    (level: keyof Log) =>
    (fields: LogFields, message: string): void => {
      if (!life.isDead) log[level](fields, message)
    }
  return { info: pass('info'), warn: pass('warn'), error: pass('error') }
}

async function makeDeps(
  ground: Ground,
  { database, life, bootId }: { readonly database: Database; readonly life: Life; readonly bootId: string },
): Promise<Deps> {
  const { clock, github, watch } = ground
  const log = whileAlive(ground.log, life)
  const real = await createEmbeddedRunner({
    home: ground.home,
    gitBaseUrl: ground.gitBaseUrl,
    tokens: watch.tokensFrom(github),
    agentsFile: ground.agentsFile,
    isolation: ground.isolation,
    clock,
    log,
    graceMs: 500,
    // Time stands still here, so no attempt needs a sign of life.
    heartbeatMs: 60 * 60_000,
  })
  const runner = watch.over(real)
  const deps: Deps = {
    store: createStore(database),
    github,
    observer: github,
    deliveries: github,
    health: github,
    runner,
    clock,
    ids: systemIds,
    log,
    settings: {
      runnerId: RUNNER_ID,
      bootId,
      attemptLeaseMs: ATTEMPT_LEASE_MS,
      restartDelayMs: RESTART_DELAY_MS,
      webUrl: ground.gitBaseUrl,
    },
  }
  runner.onReport(async (report) => {
    if (!life.isDead) await takeReport(deps, report)
  })
  return deps
}

async function makeInboxWorker(
  { app }: Ground,
  { database, deps }: { readonly database: Database; readonly deps: Deps },
): Promise<ReturnType<typeof createInboxWorker>> {
  const collector = createEventCollector()
  const { id: appId, privateKey, webhookSecret: secret } = app
  const probot = new Probot({ appId, privateKey, secret, logLevel: 'fatal' })
  await probot.load(registerWebhooks(collector))
  return createInboxWorker({
    inbox: createInbox(database),
    probot,
    collector,
    route: (events) => routeEvents(deps, events),
    now: deps.clock.now,
    log: deps.log,
  })
}
