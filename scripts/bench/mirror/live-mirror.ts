// The part of the program that mirrors, at work: its HTTP endpoint, inbox, lanes and observer, on a database file,
// against the fake GitHub of the tests. Agents, worktrees and sweeps are left out.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Probot } from 'probot'
import { openDatabase, type Database } from '../../../src/adapters/db/database.ts'
import { createInbox } from '../../../src/adapters/db/inbox-store.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { migrate } from '../../../src/adapters/db/migrate.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { createGitHub, type GitHubDoor } from '../../../src/adapters/github/create-github.ts'
import { createLaneWorker } from '../../../src/adapters/queue/lane-worker.ts'
import { systemClock, systemIds } from '../../../src/adapters/system/surroundings.ts'
import { startHttpServer } from '../../../src/edge/http-server.ts'
import { createInboxWorker, type InboxWorker } from '../../../src/edge/inbox-worker.ts'
import { createEventCollector, registerWebhooks } from '../../../src/edge/register-webhooks.ts'
import { webhookEndpoint } from '../../../src/edge/webhook-endpoint.ts'
import type { Runner } from '../../../src/ports/runner.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { handleJob } from '../../../src/workflows/handle-job.ts'
import { requestReconcile } from '../../../src/workflows/request-reconcile.ts'
import { routeEvents } from '../../../src/workflows/route-event.ts'
import { createCapturedLog } from '../../../test/support/workbench/captured-log.ts'
import type { LiveGitHub } from './live-github.ts'

/** Called after the changes of a read are committed, with the pull request's number. */
export type OnReconciled = (number: number) => void

export interface LiveMirror {
  readonly deps: Deps
  readonly database: Database
  /** Milliseconds a read waits for more news; a setting of the program. */
  readonly quietMs: number
  /** With false, what is put off for the quiet time is done at once. */
  keepQuietTime(isKept: boolean): void
  onReconciled(listener: OnReconciled): void
  /** Warnings and errors so far. */
  troubles(): string
  close(): Promise<void>
}

/** Starts with every pull request of the GitHub mirrored; nothing was read yet. */
export async function startLiveMirror(github: LiveGitHub): Promise<LiveMirror> {
  const folder = await mkdtemp(join(tmpdir(), 'belay-bench-live-'))
  const database = await openDatabase({ url: `file:${join(folder, 'belay.db')}`, now: systemClock.now })
  await migrate(database)
  await createStore(database).commit(github.rows(), null)
  const log = createCapturedLog()
  const door = createGitHub({ ...github.app, markerKey: github.secret, log, throttle: false })
  const deps = makeDeps({ github, database, door, log })
  const quietMs = quietTimeOf(deps)
  const listeners: OnReconciled[] = []
  let aheadMs = 0
  const inboxWorker = await makeInboxWorker(github, deps, database)
  const laneWorker = createLaneWorker({
    lanes: createLanes(database),
    owner: { runnerId: deps.settings.runnerId, bootId: deps.settings.bootId },
    // A worker whose clock is ahead finds due what waits; nothing else of its way changes.
    clock: { ...systemClock, now: () => systemClock.now() + aheadMs },
    log,
    handle: async (context) => {
      const { job } = context.job
      // The news would wake an agent, and there is none.
      if (job.kind !== 'reconcile') return context.finish([]).then(() => undefined)
      await handleJob(deps, context)
      for (const listener of listeners) listener(job.number)
    },
  })
  database.onWork({ jobs: laneWorker.wake, effects: () => undefined })
  const server = await serve(github, { deps, database, inboxWorker })
  for (const worker of [laneWorker, inboxWorker]) worker.start()
  return {
    deps,
    database,
    quietMs,
    keepQuietTime: (isKept) => {
      aheadMs = isKept ? 0 : quietMs
    },
    onReconciled: (listener) => void listeners.push(listener),
    troubles: () => log.troubles(),
    async close() {
      await server.close()
      await inboxWorker.close()
      await laneWorker.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function makeInboxWorker(github: LiveGitHub, deps: Deps, database: Database): Promise<InboxWorker> {
  const { appId, privateKey } = github.app
  const collector = createEventCollector()
  const probot = new Probot({ appId, privateKey, secret: github.secret, logLevel: 'fatal' })
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

async function serve(
  github: LiveGitHub,
  parts: { readonly deps: Deps; readonly database: Database; readonly inboxWorker: InboxWorker },
): Promise<{ close(): Promise<void> }> {
  const { deps, database, inboxWorker } = parts
  const { log, clock } = deps
  const endpoint = webhookEndpoint({
    path: '/hooks',
    secret: github.secret,
    inbox: createInbox(database),
    now: clock.now,
    log,
    onStored: () => inboxWorker.wake(),
  })
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, log, routes: [endpoint] })
  github.deliverTo(`http://127.0.0.1:${server.address.port}/hooks`)
  return server
}

interface LiveParts {
  readonly github: LiveGitHub
  readonly database: Database
  readonly door: GitHubDoor
  readonly log: Deps['log']
}

function makeDeps({ github, database, door, log }: LiveParts): Deps {
  return {
    store: createStore(database),
    github: door,
    observer: door,
    deliveries: door,
    health: door,
    runner: NO_RUNNER,
    clock: systemClock,
    ids: systemIds,
    log,
    settings: {
      runnerId: 'runner-1',
      bootId: systemIds.random(10),
      attemptLeaseMs: 30_000,
      restartDelayMs: 5_000,
      webUrl: github.url,
    },
  }
}

const NO_RUNNER = new Proxy({} as Runner, {
  get: (_, name) => {
    throw new Error(`The mirror asked the runner to ${String(name)}`)
  },
})

/** Read from the program itself, so that another setting is told and not assumed. */
function quietTimeOf(deps: Deps): number {
  const change = requestReconcile(deps, { project: { id: '', repositoryId: 0 }, number: 0 })
  if (change.kind !== 'enqueue_quiet') throw new Error('A read does not wait for quiet any more')
  return change.quietMs
}
