// The App's list of deliveries and asking for one again, as the sweep over failed deliveries uses them.
import { createHmac } from 'node:crypto'
import type { Octokit } from '@octokit/rest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import { asApp, createRocket, createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let pr: FakePullRequest
let app: Octokit

const threeDaysMs = 3 * 24 * 60 * 60 * 1000
const route = 'GET /app/hook/deliveries'

beforeAll(async () => {
  fake = await startFakeGitHub()
  const repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  app = asApp(fake)
})

// Everything older is forgotten, so that each test begins with an empty list.
beforeEach(async () => {
  fake.github.faults.clear()
  await fake.github.settled()
  fake.github.clock.advance(threeDaysMs)
  fake.received.length = 0
})

afterAll(async () => {
  await fake.github.settled()
  await fake.stop()
})

async function say(count: number): Promise<readonly string[]> {
  for (let index = 0; index < count; index += 1) await pr.comment('alice', `text ${index}`)
  await fake.github.settled()
  return fake.github.deliveries.slice(-count).map(({ id }) => id)
}

function nextCursor(link: string | undefined): string | undefined {
  return /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(link ?? '')?.[1]
}

describe('GET /app/hook/deliveries', () => {
  it('is read page by page to the end, newest first, untouched by deliveries that come meanwhile', async () => {
    const guids = await say(7)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { data, headers } = await app.request(route, { per_page: 3, ...(cursor && { cursor }) })
      seen.push(...data.map(({ guid }) => guid))
      cursor = nextCursor(headers.link)
      await say(1)
    } while (cursor !== undefined)
    expect(seen).toEqual(guids.toReversed())
  })

  it('lists only failures or only successes when asked', async () => {
    const [good] = await say(1)
    fake.github.faults.breakDelivery({ times: 1, how: 'refuse', status: 500 })
    const [refused] = await say(1)
    fake.github.faults.drop({ times: 1 })
    const [lost] = await say(1)
    const list = async (status: 'success' | 'failure'): Promise<unknown[]> =>
      (await app.request(route, { status })).data.map(({ guid }) => guid)
    expect(await list('failure')).toEqual([lost, refused])
    expect(await list('success')).toEqual([good])
  })

  it('refuses a filter or a cursor that it does not know', async () => {
    for (const query of ['status=lost', 'cursor=2']) {
      await expect(app.request(`GET /app/hook/deliveries?${query}`)).rejects.toMatchObject({ status: 422 })
    }
  })

  it('forgets deliveries after three days of the clock', async () => {
    await say(1)
    const { data } = await app.request(route)
    const delivery_id = Number(data[0]?.id)
    fake.github.clock.advance(threeDaysMs - 60_000)
    expect((await app.request(route)).data).toHaveLength(1)
    fake.github.clock.advance(60_000)
    expect((await app.request(route)).data).toEqual([])
    await expect(app.apps.redeliverWebhookDelivery({ delivery_id })).rejects.toMatchObject({ status: 404 })
  })

  it('is for the App only', async () => {
    const token = await createToken(fake, 'acme')
    const headers = { authorization: `token ${token}` }
    const { status } = await fetch(`${fake.github.apiUrl}/app/hook/deliveries`, { headers })
    expect(status).toBe(401)
  })
})

describe('GET /app/hook/deliveries/{delivery_id}', () => {
  it('shows what was sent, so that the signature can be checked again', async () => {
    const [guid] = await say(1)
    const { data } = await app.request(route)
    const { data: one } = await app.apps.getWebhookDelivery({ delivery_id: Number(data[0]?.id) })
    expect(one).toMatchObject({ guid, event: 'issue_comment', action: 'created', throttled_at: null })
    const [arrived] = fake.received
    expect(one.request.payload).toEqual(JSON.parse(arrived?.body ?? ''))
    const digest = createHmac('sha256', fake.webhookSecret)
      .update(arrived?.body ?? '')
      .digest('hex')
    expect(one.request.headers?.['X-Hub-Signature-256']).toBe(`sha256=${digest}`)
  })
})

describe('POST /app/hook/deliveries/{delivery_id}/attempts', () => {
  it('sends the same GUID and bytes again, listed with an id of its own as a redelivery', async () => {
    fake.github.faults.breakDelivery({ times: 2, how: 'fail_after_receipt', status: 503 })
    const [guid] = await say(1)
    const [failed] = (await app.request(route)).data
    const { status } = await app.apps.redeliverWebhookDelivery({ delivery_id: Number(failed?.id) })
    await fake.github.settled()
    const [again, first] = (await app.request(route)).data
    expect(status).toBe(202)
    expect(first).toMatchObject({ guid, redelivery: false, status_code: 503 })
    expect(again).toMatchObject({ guid, redelivery: true, status_code: 202, status: 'OK' })
    expect(again?.id).not.toBe(first?.id)
    expect(fake.received.map(({ headers }) => headers['x-github-delivery'])).toEqual([guid, guid])
    expect(fake.received[1]?.body).toBe(fake.received[0]?.body)
  })
})
