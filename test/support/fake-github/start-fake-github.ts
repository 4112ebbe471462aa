// What the tests of the fake GitHub start from: a running fake, a receiver of webhooks, and official clients.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { createAppKey } from './app-key.ts'
import { FakeGitHub } from './fake-github.ts'
import type { FakeRepository } from './repository.ts'

/** One webhook as it arrived. */
export interface ReceivedWebhook {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A running fake with a receiver. */
export interface StartedFake {
  readonly github: FakeGitHub
  readonly privateKey: string
  readonly webhookSecret: string
  readonly received: ReceivedWebhook[]
  readonly folder: string
  stop(): Promise<void>
}

/** The id of the App in these tests. */
export const testAppId = 4711

// Making a key costs more than starting the fake; one per test file is enough.
const appKey = createAppKey()

/** Starts a fake GitHub whose webhooks are received and kept. */
export async function startFakeGitHub(): Promise<StartedFake> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-github-'))
  const { privateKey } = appKey
  const webhookSecret = 'a secret of the test'
  const received: ReceivedWebhook[] = []
  const receiver = createServer((request, response) => {
    void buffer(request).then(
      (bytes) => {
        received.push({ headers: request.headers, body: bytes.toString() })
        response.writeHead(202).end()
      },
      // The sender went away in the middle: nothing was received.
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const webhookUrl = `http://127.0.0.1:${port}/hook`
  const app = { id: testAppId, slug: 'belay', privateKey, webhookSecret, webhookUrl }
  const github = await FakeGitHub.start({ app, dataDir: join(folder, 'repositories') })
  const stop = async (): Promise<void> => {
    await github.stop()
    await new Promise((resolve) => receiver.close(resolve))
    await rm(folder, { recursive: true, force: true })
  }
  return { github, privateKey, webhookSecret, received, folder, stop }
}

/** Returns the official REST client as an installation of the App, without retries. */
export function asInstallation(
  { github, privateKey }: StartedFake,
  owner: string,
  baseUrl = github.apiUrl,
): Octokit {
  const installationId = github.installations.find(({ account }) => account.login === owner)?.id
  return new Octokit({
    baseUrl,
    log: quiet,
    authStrategy: createAppAuth,
    auth: { appId: testAppId, privateKey, installationId },
  })
}

/** Returns the official REST client as the App itself. */
export function asApp({ github, privateKey }: StartedFake, baseUrl = github.apiUrl): Octokit {
  return new Octokit({
    baseUrl,
    log: quiet,
    authStrategy: createAppAuth,
    auth: { appId: testAppId, privateKey },
  })
}

/** Returns a fresh installation token. */
export async function createToken(fake: StartedFake, owner: string, scope: object = {}): Promise<string> {
  const installation_id = fake.github.installations.find(({ account }) => account.login === owner)?.id ?? 0
  const { data } = await asApp(fake).apps.createInstallationAccessToken({ installation_id, ...scope })
  return data.token
}

/** A GraphQL answer as it came over the wire. */
export interface GraphqlReply {
  readonly status: number
  readonly headers: Headers
  readonly data: unknown
  readonly errors: readonly Record<string, unknown>[]
}

/** Returns a function that asks GraphQL with a token and never throws for errors in the answer. */
export function graphqlWith({ github }: StartedFake, token: string) {
  return async (query: string, variables: object = {}): Promise<GraphqlReply> => {
    const response = await fetch(`${github.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors = [] } = (await response.json()) as Pick<GraphqlReply, 'data'> & {
      errors?: GraphqlReply['errors']
    }
    return { status: response.status, headers: response.headers, data, errors }
  }
}

/** Makes the repository most tests play in. */
export function createRocket({ github }: StartedFake): Promise<FakeRepository> {
  return github.createRepository({
    owner: 'acme',
    name: 'rocket',
    files: { 'README.md': '# Rocket\n', '.github/belay.yml': 'version: 1\n' },
    collaborators: {
      alice: 'write',
      bob: 'read',
      mallory: 'none',
      carol: 'maintain',
      dan: { role: 'triage' },
    },
  })
}

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {
  // Official clients log every refusal; these tests provoke them.
}
