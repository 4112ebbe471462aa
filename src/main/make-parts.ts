// What both the whole program and a lone subcommand are made of: database, GitHub, runner, lanes. Starts nothing.

import type { Database } from '../adapters/db/database.ts'
import { createEffectQueue } from '../adapters/db/effect-store.ts'
import { createInbox } from '../adapters/db/inbox-store.ts'
import { createLanes } from '../adapters/db/lane-store.ts'
import { createStore } from '../adapters/db/store.ts'
import { createGitHub } from '../adapters/github/create-github.ts'
import { createEmbeddedRunner } from '../adapters/runner/embedded-runner.ts'
import { systemClock, systemIds } from '../adapters/system/surroundings.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
import type { Inbox } from '../ports/inbox.ts'
import type { Log } from '../ports/surroundings.ts'
import type { Deps } from '../workflows/deps.ts'
import type { Seams } from './seams.ts'

/** An attempt is lost after six missed heartbeats of five seconds. */
const ATTEMPT_LEASE_MS = 30_000
const RESTART_DELAY_MS = 5_000

export interface Foundation {
  readonly database: Database
  readonly log: Log
  readonly seams: Seams
}

export interface Parts extends Foundation {
  readonly config: OperatorConfig
  readonly deps: Deps
  readonly inbox: Inbox
  readonly lanes: ReturnType<typeof createLanes>
  readonly effects: ReturnType<typeof createEffectQueue>
}

/** Makes the parts on an open database. */
export async function makeParts(config: OperatorConfig, foundation: Foundation): Promise<Parts> {
  const { database, log, seams } = foundation
  const { apiBaseUrl, graphqlUrl, webUrl } = config.github
  const github = createGitHub({
    appId: config.appId,
    privateKey: config.privateKey,
    markerKey: config.webhookSecret,
    apiBaseUrl,
    graphqlUrl,
    log,
    throttle: seams.throttle ?? true,
  })
  const runner = await createEmbeddedRunner({
    home: config.home,
    gitBaseUrl: webUrl,
    tokens: github,
    agentsFile: config.agentsFile,
    isolation: config.isolation,
    clock: systemClock,
    log,
    ...(seams.pins === undefined ? {} : { pins: seams.pins }),
  })
  const store = createStore(database)
  const deps: Deps = {
    store: seams.store?.(store) ?? store,
    github,
    observer: github,
    deliveries: github,
    health: github,
    runner: seams.runner?.(runner) ?? runner,
    clock: systemClock,
    ids: systemIds,
    log,
    settings: {
      runnerId: config.runnerId,
      bootId: systemIds.random(10),
      attemptLeaseMs: ATTEMPT_LEASE_MS,
      restartDelayMs: seams.restartDelayMs ?? RESTART_DELAY_MS,
      webUrl,
    },
  }
  const lanes = createLanes(database)
  return {
    ...foundation,
    config,
    deps,
    inbox: createInbox(database),
    lanes,
    effects: createEffectQueue(database),
  }
}
