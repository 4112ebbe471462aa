// What a workbench is made of: folder, GitHub, repository, agents, database, the door for webhooks. Starts no program.

import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../../src/adapters/db/database.ts'
import { createInbox } from '../../../src/adapters/db/inbox-store.ts'
import { migrate } from '../../../src/adapters/db/migrate.ts'
import { createGitHub } from '../../../src/adapters/github/create-github.ts'
import type { Isolation } from '../../../src/domain/config/operator-config.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import { webhookEndpoint } from '../../../src/edge/webhook-endpoint.ts'
import { AgentStory } from '../agents/story.ts'
import { DatabaseReader } from '../database-reader.ts'
import { createAppKey, FakeGitHub } from '../fake-github/index.ts'
import type { FakeRepository, FileChanges } from '../fake-github/index.ts'
import { stopSyncing } from '../stop-syncing.ts'
import { makeTempFolder } from '../temp-repo.ts'
import { createCapturedLog, type CapturedLog } from './captured-log.ts'
import type { Ground } from './incarnation.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { RunnerWatch } from './runner-watch.ts'

/** How a workbench differs from the usual one. */
export interface WorkbenchOptions {
  /** Files of the first commit on `main`, beside the usual ones; `.github/belay.yml` is the configuration. */
  readonly files?: FileChanges
  readonly isolation?: Isolation
  /** More entries for the operator's agents file, as YAML list items indented by two. */
  readonly agents?: string
}

/** Everything that outlives a start of the program. */
export interface WorkbenchParts {
  readonly folder: string
  readonly github: FakeGitHub
  readonly repo: FakeRepository
  readonly story: AgentStory
  readonly ground: Ground
  readonly server: HttpServer
  readonly reader: DatabaseReader
}

const APP_ID = 4711
const WEBHOOK_SECRET = 'a secret of this workbench only'

/** The usual repository before anything happens. */
const ROPE_FILES = {
  'README.md': '# Rope\n',
  '.gitignore': 'build/\n*.ignored\n',
  'knot.txt': 'one\ntwo\nthree\n',
} as const

/** Makes the parts; `committed` is called after every transaction of the program, `committing` before it. */
export async function makeParts(
  options: WorkbenchOptions,
  committed: Ground['committed'],
  committing?: Ground['committing'],
): Promise<WorkbenchParts> {
  const folder = await makeTempFolder()
  const { privateKey } = createAppKey()
  const app = { id: APP_ID, slug: 'belay', privateKey, webhookSecret: WEBHOOK_SECRET }
  const github = await FakeGitHub.start({ app, dataDir: join(folder, 'github') })
  const repo = await github.createRepository({
    owner: 'acme',
    name: 'rope',
    files: { ...ROPE_FILES, ...options.files },
    collaborators: { alice: 'write', carol: 'maintain', dave: 'triage', bob: 'read' },
  })
  const story = await AgentStory.create(join(folder, 'story'))
  if (options.agents !== undefined) await appendFile(story.agentsFile, options.agents)
  const clock = createManualClock()
  const log = createCapturedLog()
  const url = `file:${join(folder, 'belay.db')}`
  const database = await openDatabase({ url, now: clock.now })
  await stopSyncing(database)
  await migrate(database)
  const server = await serveWebhooks({ database, clock, log })
  github.deliverTo(`http://127.0.0.1:${server.address.port}/hooks`)
  const ground: Ground = {
    database,
    github: createGitHub({
      appId: APP_ID,
      privateKey,
      apiBaseUrl: github.apiUrl,
      markerKey: WEBHOOK_SECRET,
      log,
      throttle: false,
    }),
    clock,
    log,
    watch: new RunnerWatch(),
    home: join(folder, 'home'),
    gitBaseUrl: github.url,
    agentsFile: story.agentsFile,
    isolation: options.isolation ?? { kind: 'none' },
    app,
    committed,
    ...(committing === undefined ? {} : { committing }),
  }
  return { folder, github, repo, story, ground, server, reader: new DatabaseReader(url) }
}

/** The door for webhooks stands open however often the program behind it starts. */
function serveWebhooks(parts: {
  readonly database: Database
  readonly clock: ManualClock
  readonly log: CapturedLog
}): Promise<HttpServer> {
  const { database, clock, log } = parts
  const endpoint = webhookEndpoint({
    path: '/hooks',
    secret: WEBHOOK_SECRET,
    inbox: createInbox(database),
    now: clock.now,
    log,
    onStored: () => undefined,
  })
  return startHttpServer({ host: '127.0.0.1', port: 0, log, routes: [endpoint] })
}
