// A small world for the mirror alone: GitHub over HTTP with many pull requests, a database file, and the door for
// webhooks. One clock for both sides, moved by hand. Knows no story, no agent and no worktree.

import { join } from 'node:path'
import { Probot } from 'probot'
import { openDatabase, type Database } from '../../../src/adapters/db/database.ts'
import { createInbox } from '../../../src/adapters/db/inbox-store.ts'
import { migrate } from '../../../src/adapters/db/migrate.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { insert, update, type Change } from '../../../src/domain/changes.ts'
import type { Clock } from '../../../src/ports/surroundings.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import { createEventCollector, registerWebhooks } from '../../../src/edge/register-webhooks.ts'
import { webhookEndpoint } from '../../../src/edge/webhook-endpoint.ts'
import { DatabaseReader } from '../database-reader.ts'
import { createAppKey, FakeGitHub } from '../fake-github/index.ts'
import type { FakePullRequest, FakeRepository } from '../fake-github/index.ts'
import { openPullRequests } from '../fake-github/bulk.ts'
import { stopSyncing } from '../stop-syncing.ts'
import { makeTempFolder, removeTempFolder } from '../temp-repo.ts'
import { createCapturedLog, type CapturedLog } from '../workbench/captured-log.ts'
import { PROJECT_ID, pullRequestRow, sessionRow } from './rows.ts'

const APP_ID = 4711
const WEBHOOK_SECRET = 'a secret of this bench only'

/** Another branch that pull requests can be aimed at. */
export const OTHER_BASE = 'release'

/** How webhooks become events of ours; costly to make, so shared by all programs of a bench. */
export interface WebhookParts {
  readonly probot: Probot
  readonly collector: ReturnType<typeof createEventCollector>
}

interface Parts {
  readonly folder: string
  readonly github: FakeGitHub
  readonly repo: FakeRepository
  readonly database: Database
  readonly privateKey: string
  readonly clock: Clock
  readonly log: CapturedLog
  readonly server: HttpServer
  readonly webhooks: WebhookParts
  readonly reader: DatabaseReader
}

/** The world. People: alice (write), carol (maintain), bob (read). */
export class MirrorBench {
  readonly #parts: Parts
  #sessionNo = 0
  #lots = 0

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  static async start(): Promise<MirrorBench> {
    const bench = new MirrorBench(await makeParts())
    await bench.#plantProject()
    return bench
  }

  get github(): FakeGitHub {
    return this.#parts.github
  }

  get repo(): FakeRepository {
    return this.#parts.repo
  }

  get database(): Database {
    return this.#parts.database
  }

  get clock(): Clock {
    return this.#parts.clock
  }

  get log(): CapturedLog {
    return this.#parts.log
  }

  get reader(): DatabaseReader {
    return this.#parts.reader
  }

  get webhooks(): WebhookParts {
    return this.#parts.webhooks
  }

  get app(): { readonly id: number; readonly privateKey: string; readonly secret: string } {
    return { id: APP_ID, privateKey: this.#parts.privateKey, secret: WEBHOOK_SECRET }
  }

  get installationId(): number {
    const [installation] = this.github.installations
    if (installation === undefined) throw new Error('The App is not installed')
    return installation.id
  }

  /** Moves the time of both sides. */
  advance(ms: number): void {
    this.github.clock.advance(ms)
  }

  /** Opens pull requests whose files no other one touches, without webhooks. */
  async open(count: number): Promise<readonly FakePullRequest[]> {
    this.#lots += 1
    return openPullRequests(this.repo, { by: 'alice', count, prefix: `lot-${this.#lots}-` })
  }

  /** Gives each pull request a session, so that it is mirrored from now on. */
  async mirror(prs: readonly FakePullRequest[]): Promise<void> {
    const now = this.clock.now()
    const changes = prs.flatMap((pr): Change[] => {
      this.#sessionNo += 1
      const session = sessionRow(pr, { no: this.#sessionNo, now })
      return [insert('sessions', session), insert('pullRequests', pullRequestRow(pr, session.id))]
    })
    await this.#commit(changes)
  }

  /** Ends the sessions, so that nobody looks at these pull requests any more. */
  async forget(prs: readonly FakePullRequest[]): Promise<void> {
    await this.#commit(
      prs.map(({ number }) =>
        update('pullRequests', { where: { projectId: PROJECT_ID, number }, set: { sessionId: null } }),
      ),
    )
  }

  async close(): Promise<void> {
    const { folder, github, server, reader, database } = this.#parts
    await github.stop()
    await server.close()
    reader.close()
    await database.close()
    await removeTempFolder(folder)
  }

  async #plantProject(): Promise<void> {
    const { repo } = this
    await repo.push({ by: 'alice', branch: OTHER_BASE, files: { 'release.txt': 'release\n' } })
    const now = this.clock.now()
    await this.#commit([
      insert('projects', {
        id: PROJECT_ID,
        repositoryId: repo.id,
        installationId: this.installationId,
        owner: repo.owner.login,
        name: repo.name,
        isPrivate: false,
        defaultBranch: 'main',
        nextSessionNo: 1,
        config: null,
        configFaults: [],
        createdAt: now,
        updatedAt: now,
      }),
    ])
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    const outcome = await createStore(this.database).commit(changes, null)
    if (outcome.kind !== 'committed') throw new Error(`Not planted: ${JSON.stringify(outcome)}`)
  }
}

async function makeParts(): Promise<Parts> {
  const folder = await makeTempFolder()
  const { privateKey } = createAppKey()
  const app = { id: APP_ID, slug: 'belay', privateKey, webhookSecret: WEBHOOK_SECRET }
  const github = await FakeGitHub.start({ app, dataDir: join(folder, 'github') })
  github.clock.set(new Date(Math.floor(Date.now() / 1000) * 1000))
  const clock = clockOf(github)
  const log = createCapturedLog()
  const repo = await github.createRepository({
    owner: 'acme',
    name: 'rope',
    files: { 'README.md': '# Rope\n' },
    collaborators: { alice: 'write', carol: 'maintain', bob: 'read' },
  })
  const url = `file:${join(folder, 'belay.db')}`
  const database = await openDatabase({ url, now: clock.now })
  await stopSyncing(database)
  await migrate(database)
  const endpoint = webhookEndpoint({
    path: '/hooks',
    secret: WEBHOOK_SECRET,
    inbox: createInbox(database),
    now: clock.now,
    log,
    onStored: () => undefined,
  })
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, log, routes: [endpoint] })
  github.deliverTo(`http://127.0.0.1:${server.address.port}/hooks`)
  const collector = createEventCollector()
  const probot = new Probot({ appId: APP_ID, privateKey, secret: WEBHOOK_SECRET, logLevel: 'fatal' })
  await probot.load(registerWebhooks(collector))
  const webhooks = { probot, collector }
  const reader = new DatabaseReader(url)
  return { folder, github, repo, database, privateKey, clock, log, server, webhooks, reader }
}

function clockOf(github: FakeGitHub): Clock {
  let ticks = 0n
  return {
    now: () => github.clock.nowMs(),
    nowNs() {
      ticks += 1n
      return BigInt(github.clock.nowMs()) * 1_000_000n + ticks
    },
  }
}
