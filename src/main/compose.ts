// The composition root: configuration in, a running program out. Every room is put together here and nowhere else.

import { Probot } from 'probot'

import { createChangeFeed, type RunningChangeFeed } from '../adapters/db/change-feed.ts'
import { pruneChangeLog } from '../adapters/db/change-log-retention.ts'
import { withCommitHook } from '../adapters/db/commit-hook.ts'
import { createIdempotency, pruneIdempotency } from '../adapters/db/idempotency-store.ts'
import { pruneJobs } from '../adapters/db/job-retention.ts'
import { isMigrated, migrate } from '../adapters/db/migrate.ts'
import { isWritable } from '../adapters/db/database-health.ts'
import { openDatabase } from '../adapters/db/database.ts'
import { assertPayloadSchema } from '../adapters/db/payload-schema.ts'
import { createLaneWorker } from '../adapters/queue/lane-worker.ts'
import { createOutbox } from '../adapters/queue/outbox.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
import { apiRoutes } from '../edge/api/api-routes.ts'
import { healthRoutes } from '../edge/health-routes.ts'
import { startHttpServer, type HttpServer } from '../edge/http-server.ts'
import { createInboxWorker } from '../edge/inbox-worker.ts'
import { createEventCollector, registerWebhooks } from '../edge/register-webhooks.ts'
import { webhookEndpoint } from '../edge/webhook-endpoint.ts'
import type { ChangeFeed } from '../ports/change-feed.ts'
import type { Log } from '../ports/surroundings.ts'
import { handleJob } from '../workflows/handle-job.ts'
import { takeReport } from '../workflows/handle-report.ts'
import { recoverAll } from '../workflows/recover-session.ts'
import { routeEvents } from '../workflows/route-event.ts'
import { submitAnswer } from '../workflows/submit-answer.ts'
import { pipelineRequests } from '../workflows/submit-request.ts'
import { submitRescue } from '../workflows/submit-rescue.ts'
import { createAccessWatch, type AccessWatch } from '../workflows/watch-access.ts'
import { makeParts, type Parts } from './make-parts.ts'
import { relayWebhooks } from './relay-webhooks.ts'
import type { Seams } from './seams.ts'
import { startSweeps } from './start-sweeps.ts'
import { startTimers } from './start-timers.ts'
import { waitUntil } from './wait-until.ts'

export interface Belay {
  readonly address: { readonly host: string; readonly port: number }
  /** Finishes what is at hand, stops the agents, and gives the database back. */
  close(): Promise<void>
}

/** Starts the whole program in this process: control and embedded runner. */
export async function composeBelay(config: OperatorConfig, log: Log, seams: Seams = {}): Promise<Belay> {
  const { url, authToken } = config.database
  const database = await openDatabase({
    url,
    ...(authToken === null ? {} : { authToken }),
    now: systemClock.now,
  })
  try {
    await migrate(database)
    await assertPayloadSchema(database)
    const hooked = withCommitHook(database)
    const feed = createChangeFeed({ database, log })
    hooked.onCommit(feed.wake)
    return await startParts(await makeParts(config, { database: hooked.database, log, seams }), feed)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function startParts(parts: Parts, feed: RunningChangeFeed): Promise<Belay> {
  const { deps, database, log, lanes, effects, seams } = parts
  const { clock, github, runner } = deps
  const owner = { runnerId: deps.settings.runnerId, bootId: deps.settings.bootId }
  // One process writes to the file, so whatever an earlier start of this runner held is free now.
  await lanes.releaseEarlierIncarnations(owner)
  await effects.recoverInterrupted()
  const laneWorker = createLaneWorker({
    lanes,
    owner,
    handle: (context) => handleJob(deps, seams.job?.(context) ?? context),
    clock,
    log,
  })
  const outbox = createOutbox({ effects, github, clock, log })
  const access = createAccessWatch(deps)
  const inboxWorker = await startInbox(parts, access)
  database.onWork({ jobs: laneWorker.wake, effects: outbox.wake })
  runner.onReport((report) => takeReport(deps, report))
  let isDraining = false
  const server = await startServer(parts, {
    access,
    feed,
    onStored: inboxWorker.wake.bind(inboxWorker),
    isDraining: () => isDraining,
  })
  const recovered = await recoverAll(deps)
  log.info({ address: server.address, recovered, runner: owner.runnerId }, 'belay_started')
  for (const worker of [laneWorker, outbox, inboxWorker]) worker.start()
  const timers = startTimers(deps, {
    pruneRows: () => Promise.all([pruneChangeLog(database), pruneJobs(database), pruneIdempotency(database)]),
  })
  const sweeps = startSweeps({ deps, inbox: parts.inbox, access })
  const relay = await relayWebhooks(parts.config, server.address, log)
  return {
    address: server.address,
    close: async () => {
      isDraining = true
      timers.close()
      await sweeps.close()
      await relay.close()
      await server.close()
      await inboxWorker.close()
      await laneWorker.close()
      // Reports of stopped agents become jobs that the next start takes up.
      await runner.close()
      await outbox.close()
      await feed.close()
      await database.close()
      log.info({}, 'belay_stopped')
    },
  }
}

async function startInbox(
  { config, deps, inbox, log }: Parts,
  access: AccessWatch,
): Promise<ReturnType<typeof createInboxWorker>> {
  const collector = createEventCollector()
  const probot = new Probot({
    appId: config.appId,
    privateKey: config.privateKey,
    secret: config.webhookSecret,
    logLevel: 'fatal',
  })
  await probot.load(registerWebhooks(collector))
  return createInboxWorker({
    inbox,
    probot,
    collector,
    route: (events) => {
      // An owner changed what the App may do: seen at once, and not at the next look by the clock.
      if (events.some(({ kind }) => kind === 'installation_changed')) void access.look()
      return routeEvents(deps, events)
    },
    now: deps.clock.now,
    log,
  })
}

interface ServerHooks {
  readonly access: AccessWatch
  readonly feed: ChangeFeed
  readonly onStored: () => void
  readonly isDraining: () => boolean
}

async function startServer(
  { config, deps, database, inbox, log }: Parts,
  hooks: ServerHooks,
): Promise<HttpServer> {
  const { now } = deps.clock
  return startHttpServer({
    host: config.host,
    port: config.port,
    log,
    routes: [
      webhookEndpoint({
        path: config.webhookPath,
        secret: config.webhookSecret,
        inbox,
        now,
        log,
        onStored: hooks.onStored,
      }),
      ...healthRoutes({
        checks: {
          database_writable: () => isWritable(database),
          migrations_current: () => isMigrated(database),
        },
        warnings: { github_access: () => (hooks.access.last() ?? []).length > 0 },
        isDraining: hooks.isDraining,
        now,
      }),
      ...apiRoutes(
        { tokens: config.apiTokens, idempotency: createIdempotency(database), log },
        {
          store: deps.store,
          inbox,
          feed: hooks.feed,
          log,
          onReplayed: hooks.onStored,
          requests: pipelineRequests(deps, waitUntil),
          submitAnswer: (submitted) => submitAnswer(deps, submitted, waitUntil),
          submitRescue: (submitted) => submitRescue(deps, submitted, { waitUntil, dueAt: now() }),
        },
      ),
    ],
  })
}
