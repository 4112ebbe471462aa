// The event stream as a client meets it: a real server and a real database file.

import { onTestFinished } from 'vitest'
import { createChangeFeed, type Every, type RunningChangeFeed } from '../../src/adapters/db/change-feed.ts'
import { withCommitHook } from '../../src/adapters/db/commit-hook.ts'
import type { Database } from '../../src/adapters/db/database.ts'
import { createIdempotency } from '../../src/adapters/db/idempotency-store.ts'
import { createStore } from '../../src/adapters/db/store.ts'
import { createListening, EVENT_ROUTES, type EventLimits } from '../../src/edge/api/event-routes.ts'
import { serveApi } from '../../src/edge/api/serve-api.ts'
import { startHttpServer, type HttpServer } from '../../src/edge/http-server.ts'
import type { Change } from '../../src/domain/changes.ts'
import type { ChangeFeed } from '../../src/ports/change-feed.ts'
import type { Store } from '../../src/ports/store.ts'
import { openEvents, type Asked, type EventClient } from '../support/event-client.ts'
import { openTempDatabase } from '../support/temp-db.ts'
import { keepLog, type KeptLog } from './edge-world.ts'

const TOKEN = 'token-of-the-tests'

export interface EventWorld {
  readonly database: Database
  readonly file: string
  readonly store: Store
  readonly feed: RunningChangeFeed
  readonly server: HttpServer
  readonly log: KeptLog
  /** Opens a stream; resolves when the head of the answer is there. */
  readonly open: (asked?: Partial<Asked>) => Promise<EventClient>
}

interface Settings {
  readonly limits?: Partial<EventLimits>
  readonly pageSize?: number
  readonly window?: number
  /** A clock that never ticks unless given. */
  readonly every?: Every
  readonly now?: () => number
  /** False: commits of this process wake nobody. */
  readonly isHooked?: boolean
  /** Puts something between the stream and the feed. */
  readonly between?: (feed: ChangeFeed) => ChangeFeed
  /** A database that is open already. */
  readonly on?: { readonly database: Database; readonly file: string }
}

/** Starts a server on a database of its own. */
export async function openEventWorld(settings: Settings = {}): Promise<EventWorld> {
  const { limits, pageSize, window, now, isHooked = true, between = (real) => real } = settings
  const opened = settings.on ?? (await openTempDatabase(now === undefined ? {} : { now }))
  const hooked = withCommitHook(opened.database)
  const log = keepLog()
  const feed = createChangeFeed({
    database: opened.database,
    log,
    every: settings.every ?? (() => () => undefined),
    ...(pageSize === undefined ? {} : { pageSize }),
    ...(window === undefined ? {} : { window }),
  })
  if (isHooked) hooked.onCommit(feed.wake)
  const store = createStore(hooked.database)
  const tokens = [{ name: 'tests', token: TOKEN }]
  const listening = createListening({
    store,
    feed: between(feed),
    log,
    ...(limits === undefined ? {} : { limits }),
  })
  const idempotency = createIdempotency(hooked.database)
  const routes = serveApi(EVENT_ROUTES, { tokens, idempotency, log }, { listening })
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, log })
  onTestFinished(async () => {
    await server.close()
    await feed.close()
  })
  const { port } = server.address
  const open = (asked: Partial<Asked> = {}): Promise<EventClient> =>
    openEvents(port, { token: TOKEN, ...asked })
  return { database: hooked.database, file: opened.file, store, feed, server, log, open }
}

/** A row of the change log as a workflow writes it. */
export function logRow(fields: Partial<Extract<Change, { readonly kind: 'log' }>> = {}): Change {
  return {
    kind: 'log',
    type: 'sync.completed',
    projectId: 'harbour',
    prNumber: 5,
    sessionId: 'harbour-1',
    payload: { v: 1 },
    once: null,
    ...fields,
  }
}

/** Commits rows, all in one transaction. */
export async function append(store: Store, rows: readonly Change[]): Promise<void> {
  await store.commit(rows, null)
}

/** Commits so many rows, all in one transaction. */
export function appendMany(store: Store, count: number): Promise<void> {
  return append(
    store,
    Array.from({ length: count }, () => logRow()),
  )
}

/** The numbers from `first` to `last`. */
export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
}
