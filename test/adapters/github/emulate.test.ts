// Our door to GitHub and our webhook endpoint against a GitHub that nobody here wrote: the package `emulate`.
//
// Left out, because emulate 0.12.2 has no such thing or answers otherwise than GitHub does:
// - GraphQL (404): reading a comment by node id, reactions.
// - Check runs carry no App, and a button needs `id` where GitHub has `identifier`: finding our own run again, buttons.
// - The permission endpoint knows nobody but owner and collaborators, and calls the legacy permission `push`.
// - The issue of a comment on a pull request has no `pull_request` in the payload, so it looks like an issue's comment.
// - The delivery id is the millisecond, so two deliveries at once would look like one.
// - No `pull_request.synchronize`, no `check_run.requested_action`, no redelivery, no git over HTTP.
import { Octokit } from '@octokit/rest'
import { createEmulator } from 'emulate'
import type { Emulator } from 'emulate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGitHub } from '../../../src/adapters/github/create-github.ts'
import type { Effect, RepositoryTarget } from '../../../src/domain/effects.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import { toEvents } from '../../../src/edge/to-event.ts'
import { webhookEndpoint } from '../../../src/edge/webhook-endpoint.ts'
import type { GitHub, TokenSource } from '../../../src/ports/github.ts'
import { keepLog, openTempInbox, SECRET, type TempInbox } from '../../edge/edge-world.ts'
import { eventually } from '../../support/eventually.ts'
import { createAppKey } from '../../support/fake-github/index.ts'
import { findFreePort } from '../../support/free-port.ts'
import { SILENT } from './github-world.ts'

const APP_ID = 4711
const INSTALLATION_ID = 100
const AT = { owner: 'acme', repo: 'rocket' } as const
const TARGET: RepositoryTarget = { installationId: INSTALLATION_ID, owner: AT.owner, name: AT.repo }

let temp: TempInbox
let server: HttpServer
let emulator: Emulator
let github: GitHub & TokenSource
let pullNumber: number

beforeAll(async () => {
  temp = await openTempInbox()
  const path = '/api/github/webhooks'
  const { inbox } = temp
  const log = keepLog()
  const endpoint = webhookEndpoint({
    path,
    secret: SECRET,
    inbox,
    now: Date.now,
    log,
    onStored: () => undefined,
  })
  server = await startHttpServer({ host: '127.0.0.1', port: 0, log, routes: [endpoint] })
  emulator = await startEmulator(`http://127.0.0.1:${server.address.port}${path}`)
  github = openDoor()
  pullNumber = await openPullRequest()
})

afterAll(async () => {
  await emulator?.close()
  await server?.close()
  await temp?.close()
})

async function startEmulator(webhookUrl: string): Promise<Emulator> {
  const app = {
    app_id: APP_ID,
    slug: 'belay',
    name: 'Belay',
    permissions: {
      metadata: 'read',
      contents: 'write',
      issues: 'write',
      pull_requests: 'write',
      checks: 'write',
    },
    events: ['issue_comment'],
    webhook_url: webhookUrl,
    webhook_secret: SECRET,
    installations: [{ installation_id: INSTALLATION_ID, account: 'acme', repository_selection: 'all' }],
  }
  const names = ['acme', 'alice', 'bob']
  const tokens = names.map((login) => [`token-of-${login}`, { login, scopes: ['repo', 'user'] }])
  const port = await findFreePort()
  return createEmulator({
    service: 'github',
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    seed: {
      tokens: Object.fromEntries(tokens),
      github: {
        users: names.map((login) => ({ login })),
        repos: [
          { owner: 'acme', name: 'rocket' },
          { owner: 'acme', name: 'hidden', private: true },
        ],
        apps: [app],
      },
    },
  })
}

/** Every call is another process of the same App. */
function openDoor(): GitHub & TokenSource {
  const key = emulator.generatedSecrets.find(({ kind }) => kind === 'github.app_private_key')
  return createGitHub({
    appId: APP_ID,
    privateKey: key?.value ?? '',
    apiBaseUrl: emulator.url,
    markerKey: 'a secret of sixteen',
    log: SILENT,
    throttle: false,
  })
}

function as(token: string): Octokit['rest'] {
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  return new Octokit({ baseUrl: emulator.url, auth: token, log }).rest
}

async function openPullRequest(): Promise<number> {
  const rest = as('token-of-acme')
  await rest.repos.addCollaborator({ ...AT, username: 'alice', permission: 'push' })
  const { data: main } = await rest.git.getRef({ ...AT, ref: 'heads/main' })
  await rest.git.createRef({ ...AT, ref: 'refs/heads/feature', sha: main.object.sha })
  const write = (branch: string, path: string, text: string): Promise<unknown> =>
    rest.repos.createOrUpdateFileContents({ ...AT, branch, path, message: path, content: btoa(text) })
  await write('feature', 'a.txt', 'one\n')
  await write('main', '.github/belay.yml', 'version: 1\n')
  const { data } = await rest.pulls.create({ ...AT, head: 'feature', base: 'main', title: 'A feature' })
  return data.number
}

const comments = async () =>
  (await as('token-of-acme').issues.listComments({ ...AT, issue_number: pullNumber })).data

describe('a signed issue_comment webhook of emulate', () => {
  it('is accepted by our endpoint, stored as it was signed, and mapped to our event', async () => {
    const body = 'Please.\n\n/belay run'
    const written = await as('token-of-alice').issues.createComment({ ...AT, issue_number: pullNumber, body })
    const stored = await eventually(
      async () => {
        const [entry] = await temp.inbox.nextDeliveries(1, Date.now())
        return entry
      },
      { what: 'the delivery is stored' },
    )
    expect(stored).toMatchObject({
      event: 'issue_comment',
      action: 'created',
      installationId: INSTALLATION_ID,
      status: 'pending',
    })
    expect(toEvents(stored.event, JSON.parse(stored.body) as Readonly<Record<string, unknown>>)).toEqual({
      kind: 'events',
      events: [
        {
          kind: 'comment_written',
          repository: {
            installationId: INSTALLATION_ID,
            repositoryId: stored.repositoryId,
            owner: 'acme',
            name: 'rocket',
            isPrivate: false,
            defaultBranch: 'main',
          },
          number: pullNumber,
          // See above: emulate does not say that this is a pull request.
          onIssue: true,
          comment: {
            source: 'issue_comment',
            nodeId: written.data.node_id,
            url: written.data.html_url,
            author: { login: 'alice', isBot: false },
            updatedAt: Date.parse(written.data.updated_at),
          },
          body,
          previousBody: null,
          wasEdited: false,
          sender: { login: 'alice', isBot: false },
        },
      ],
    })
  })
})

describe('our door to GitHub, at emulate', () => {
  it('reads who the App is with its own key, and is refused with another', async () => {
    expect(await github.identity()).toMatchObject({ appId: APP_ID, slug: 'belay', botLogin: 'belay[bot]' })
    const stranger = createGitHub({
      appId: APP_ID,
      privateKey: createAppKey().privateKey,
      apiBaseUrl: emulator.url,
      markerKey: 'a secret of sixteen',
      log: SILENT,
      throttle: false,
    })
    await expect(stranger.identity()).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
      details: { status: 401 },
    })
  })

  it('fetches a token for git that opens one repository only', async () => {
    const { data: repository } = await as('token-of-acme').repos.get(AT)
    const token = await github.tokenFor({ installationId: INSTALLATION_ID, repositoryId: repository.id })
    expect((await as(token).repos.getContent({ ...AT, path: 'README.md' })).status).toBe(200)
    const hidden = as(token).repos.getContent({ ...AT, repo: 'hidden', path: 'README.md' })
    // GitHub would say 404.
    await expect(hidden).rejects.toMatchObject({ status: 403 })
    const comment = as(token).issues.createComment({ ...AT, issue_number: pullNumber, body: 'no' })
    await expect(comment).rejects.toMatchObject({ status: 403 })
  })

  it.each([
    ['acme', 'admin'],
    ['alice', 'write'],
    ['nobody', 'none'],
  ])('reads what %s may do: %s', async (login, role) => {
    expect(await github.readRole(TARGET, login)).toBe(role)
  })

  it('reads a pull request, and null where there is none', async () => {
    const { data } = await as('token-of-acme').pulls.get({ ...AT, pull_number: pullNumber })
    expect(await github.readPullRequest(TARGET, pullNumber)).toEqual({
      number: pullNumber,
      nodeId: data.node_id,
      title: 'A feature',
      url: data.html_url,
      author: { login: 'acme', isBot: false },
      state: 'open',
      isDraft: false,
      headRef: 'feature',
      headSha: data.head.sha,
      headRepositoryId: data.base.repo.id,
      baseRef: 'main',
      baseSha: data.base.sha,
      updatedAt: Date.parse(data.updated_at),
    })
    expect(await github.readPullRequest(TARGET, 999)).toBeNull()
  })

  it('reads a file of the default branch, sent as bytes without a charset', async () => {
    expect(await github.readFile(TARGET, '.github/belay.yml')).toBe('version: 1\n')
    expect(await github.readFile(TARGET, 'a.txt')).toBeNull()
    expect(await github.readFile(TARGET, '.github')).toBeNull()
  })

  it('writes a comment, changes it, and finds it again by its marker', async () => {
    const effect = (body: string): Effect => ({
      kind: 'comment',
      target: 'sticky',
      repository: TARGET,
      issueNumber: pullNumber,
      body,
    })
    const own = async () => (await comments()).filter(({ user }) => user?.login === 'belay[bot]')
    const first = await github.send({ effect: effect('One.'), remoteId: null, mayExist: false })
    expect(first).toEqual({ kind: 'sent', remoteId: String((await own())[0]?.id) })
    const remoteId = first.kind === 'sent' ? first.remoteId : null
    expect(await github.send({ effect: effect('Two.'), remoteId, mayExist: false })).toEqual(first)
    expect((await own()).map(({ body }) => body)).toEqual([expect.stringMatching(/^Two\.\n/u)])
    expect(await openDoor().send({ effect: effect('Three.'), remoteId: null, mayExist: true })).toEqual(first)
    expect((await own()).map(({ body }) => body)).toEqual([expect.stringMatching(/^Three\.\n/u)])
  })

  it('creates a check run and completes it', async () => {
    const headSha = (await github.readPullRequest(TARGET, pullNumber))?.headSha
    if (headSha === undefined) throw new Error('There is no pull request.')
    type State = Extract<Effect, { kind: 'check_run' }>['state']
    const effect = (state: State, title: string): Effect => ({
      kind: 'check_run',
      target: 'check',
      repository: TARGET,
      headSha,
      externalId: 'rocket-1',
      state,
      title,
      summary: 'All is well.',
      buttons: [],
    })
    const runs = async () =>
      (await as('token-of-acme').checks.listForRef({ ...AT, ref: headSha })).data.check_runs
    const working = effect({ status: 'in_progress' }, 'Working')
    const created = await github.send({ effect: working, remoteId: null, mayExist: false })
    expect(await runs()).toMatchObject([
      { name: 'Belay', head_sha: headSha, status: 'in_progress', external_id: 'rocket-1' },
    ])
    const remoteId = created.kind === 'sent' ? created.remoteId : null
    const done = effect({ status: 'completed', conclusion: 'success' }, 'Done')
    expect(await github.send({ effect: done, remoteId, mayExist: false })).toEqual(created)
    expect(await runs()).toMatchObject([
      { id: Number(remoteId), status: 'completed', conclusion: 'success', output: { title: 'Done' } },
    ])
  })
})
