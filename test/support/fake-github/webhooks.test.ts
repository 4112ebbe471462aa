// Deliveries: signed, in order, behind the call's back; duplicated, dropped and redelivered on demand.
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Octokit } from '@octokit/rest'
import { createNodeMiddleware, Probot } from 'probot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { asApp, asInstallation, createRocket, startFakeGitHub, testAppId } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let octokit: Octokit

beforeEach(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  await fake.github.settled()
  fake.received.length = 0
  octokit = asInstallation(fake, 'acme')
})

afterEach(async () => {
  await fake.github.settled()
  await fake.stop()
})

const rocket = { owner: 'acme', repo: 'rocket' }

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

function arrivedIds(): (string | string[] | undefined)[] {
  return fake.received.map(({ headers }) => headers['x-github-delivery'])
}

describe('Webhooks', () => {
  it('signs the exact bytes and names event, delivery and App in the headers', async () => {
    await pr.comment('alice', 'ünïcode /belay run')
    await fake.github.settled()
    const [arrived] = fake.received
    expect(arrived?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-hook-installation-target-id': '4711',
      'x-github-hook-installation-target-type': 'integration',
    })
    expect(arrived?.headers['x-github-delivery']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
    const expected = createHmac('sha256', fake.webhookSecret)
      .update(arrived?.body ?? '')
      .digest('hex')
    expect(arrived?.headers['x-hub-signature-256']).toBe(`sha256=${expected}`)
    const payload: unknown = JSON.parse(arrived?.body ?? '')
    expect(payload).toMatchObject({
      action: 'created',
      comment: { body: 'ünïcode /belay run', user: { login: 'alice' } },
      issue: { number: 1, pull_request: { url: expect.stringContaining('/pulls/1') } },
      repository: { full_name: 'acme/rocket' },
      installation: { id: fake.github.installations[0]?.id },
      sender: { login: 'alice' },
    })
  })

  it('arrive in the order in which things happened, the own writes of the App among them', async () => {
    const comment = await pr.comment('alice', 'one')
    await octokit.rest.issues.createComment({ ...rocket, issue_number: 1, body: 'two' })
    await pr.editComment('alice', comment.id, 'three')
    await pr.deleteComment('alice', comment.id)
    await fake.github.settled()
    const sent = fake.github.deliveries.slice(-4)
    expect(arrivedIds()).toEqual(sent.map(({ id }) => id))
    expect(
      sent.map(({ action, payload, status, attempts }) => [action, payload['sender'], status, attempts]),
    ).toMatchObject([
      ['created', { login: 'alice' }, 202, 1],
      ['created', { login: 'belay[bot]', type: 'Bot' }, 202, 1],
      ['edited', { login: 'alice' }, 202, 1],
      ['deleted', { login: 'alice' }, 202, 1],
    ])
    expect(sent[2]?.payload['changes']).toEqual({ body: { from: 'one' } })
  })

  it('never hold up the call that caused them', async () => {
    let release: () => void = () => undefined
    const slow = createServer((_, response) => {
      release = () => response.writeHead(202).end()
    })
    const arrived = new Promise<void>((resolve) => slow.once('request', () => resolve()))
    fake.github.deliverTo(await listen(slow))
    const { status } = await octokit.rest.issues.createComment({ ...rocket, issue_number: 1, body: 'hello' })
    await arrived
    expect([status, fake.github.deliveries.at(-1)?.status]).toEqual([201, undefined])
    release()
    await fake.github.settled()
    expect(fake.github.deliveries.at(-1)?.status).toBe(202)
    await close(slow)
  })

  it('are given up at once when the fake stops', async () => {
    const silent = createServer()
    const arrived = new Promise<void>((resolve) => silent.once('request', () => resolve()))
    fake.github.deliverTo(await listen(silent))
    await pr.comment('alice', 'hello')
    await arrived
    await fake.github.stop()
    expect(fake.github.deliveries.at(-1)).toMatchObject({ status: 0, attempts: 1 })
    await close(silent)
  })

  it('are understood and answered by a real Probot', async () => {
    const bot = new Probot({
      appId: testAppId,
      privateKey: fake.privateKey,
      secret: fake.webhookSecret,
      baseUrl: fake.github.apiUrl,
      logLevel: 'fatal',
    })
    const middleware = await createNodeMiddleware(
      (app) => {
        app.on('issue_comment.created', async (context) => {
          if (context.isBot) return
          await context.octokit.rest.issues.createComment(
            context.issue({ body: `Seen, ${context.payload.sender.login}.` }),
          )
        })
      },
      { probot: bot, webhooksPath: '/' },
    )
    const server = createServer((request, response) => void middleware(request, response))
    fake.github.deliverTo(await listen(server))
    await pr.comment('alice', '/belay status')
    await fake.github.settled()
    expect(pr.comments.map(({ author, body }) => [author, body])).toEqual([
      ['alice', '/belay status'],
      ['belay[bot]', 'Seen, alice.'],
    ])
    expect(fake.github.deliveries.slice(-2).map(({ status }) => status)).toEqual([200, 200])
    await close(server)
  })

  it('record status 0 when nobody answers, and wait for nobody when there is no address', async () => {
    fake.github.deliverTo('http://127.0.0.1:1/')
    await pr.comment('alice', 'hello')
    await fake.github.settled()
    expect(fake.github.deliveries.at(-1)).toMatchObject({ status: 0, attempts: 1 })
  })

  it('are sent twice with the same id and bytes by the duplicate fault, as often as asked', async () => {
    fake.github.faults.duplicate({ event: 'issue_comment.created', times: 1 })
    await pr.comment('alice', 'one')
    await pr.comment('alice', 'two')
    await fake.github.settled()
    const [one, two] = fake.github.deliveries.slice(-2)
    expect(arrivedIds()).toEqual([one?.id, one?.id, two?.id])
    expect(fake.received[1]?.body).toBe(fake.received[0]?.body)
    expect([one?.attempts, two?.attempts]).toEqual([2, 1])
  })

  it('are lost by the drop fault and can be redelivered', async () => {
    fake.github.faults.drop({ event: 'issue_comment', times: 1 })
    await pr.comment('alice', 'one')
    await fake.github.settled()
    const lost = fake.github.deliveries.at(-1)
    expect([arrivedIds(), lost?.isDropped, lost?.attempts]).toEqual([[], true, 0])
    await fake.github.redeliver(lost?.id ?? '')
    expect([arrivedIds(), lost?.status]).toEqual([[lost?.id], 202])
    expect(fake.received[0]?.body).toBe(lost?.body)
  })

  it('are listed for the App, which can ask for a failed one again', async () => {
    fake.github.faults.drop({ times: 1 })
    await pr.comment('alice', 'one')
    const app = asApp(fake)
    const { data } = await app.apps.listWebhookDeliveries({ per_page: 5 })
    const lost = fake.github.deliveries.at(-1)
    expect(data[0]).toMatchObject({
      guid: lost?.id,
      status_code: 502,
      event: 'issue_comment',
      action: 'created',
    })
    const { status } = await app.apps.redeliverWebhookDelivery({ delivery_id: data[0]?.id ?? 0 })
    await fake.github.settled()
    expect([status, arrivedIds()]).toEqual([202, [lost?.id]])
    expect((await app.apps.listWebhookDeliveries()).data[0]).toMatchObject({
      guid: lost?.id,
      redelivery: true,
      status_code: 202,
    })
  })

  it('are not sent for repositories without the App', async () => {
    const before = fake.github.deliveries.length
    const other = await fake.github.createRepository({ owner: 'acme', name: 'other', install: false })
    await other.openIssue({ by: 'acme', title: 'quiet' })
    expect(fake.github.deliveries.length).toBe(before)
  })
})

describe('Faults', () => {
  it('cut a call after its effect: the comment is there, the answer is not', async () => {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    fake.github.faults.cutConnection({ route, times: 1, when: 'after_effect' })
    const write = (): Promise<unknown> =>
      octokit.rest.issues.createComment({ ...rocket, issue_number: 1, body: 'hello' })
    await expect(write()).rejects.toThrow()
    expect(pr.comments.map(({ body }) => body)).toEqual(['hello'])
    expect(fake.github.calls.at(-1)).toMatchObject({ route, status: 0 })
    await expect(write()).resolves.toMatchObject({ status: 201 })
    expect(pr.comments).toHaveLength(2)
  })

  it('cut a call before anything was done', async () => {
    fake.github.faults.cutConnection({ route: /comments$/, times: 1, when: 'before_response' })
    const write = octokit.rest.issues.createComment({ ...rocket, issue_number: 1, body: 'hello' })
    await expect(write).rejects.toThrow()
    expect(pr.comments).toEqual([])
    expect(fake.github.deliveries.at(-1)?.event).toBe('pull_request')
  })
})
