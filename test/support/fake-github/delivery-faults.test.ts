// Faults of webhooks, seen by the receiver: late, in another order, doubled, lost, broken, stale; and all at once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { seededRandom } from './seeded-random.ts'
import { asApp, createRocket, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest

beforeAll(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature', title: 'First title' })
})

beforeEach(async () => {
  fake.github.faults.clear()
  fake.github.releaseDeliveries('all')
  await fake.github.settled()
  fake.received.length = 0
})

afterAll(async () => {
  await fake.github.settled()
  await fake.stop()
})

async function say(...texts: readonly string[]): Promise<void> {
  for (const text of texts) await pr.comment('alice', text)
  await fake.github.settled()
}

function heard(): string[] {
  return fake.received.map(({ body }) => String(readPath(JSON.parse(body), 'comment', 'body')))
}

function readPath(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  )
}

async function newestListed(): Promise<{ guid: string; status_code: number; redelivery: boolean }> {
  const { data } = await asApp(fake).apps.listWebhookDeliveries({ per_page: 1 })
  const [newest] = data
  if (newest === undefined) throw new Error('Nothing is listed.')
  return newest
}

const created = 'issue_comment.created'

describe('delay', () => {
  it('keeps a delivery back until the clock is there and the test releases it', async () => {
    fake.github.faults.delay({ event: created, times: 1, byMs: 60_000 })
    await say('late', 'on time')
    fake.github.releaseDeliveries()
    await fake.github.settled()
    expect(heard()).toEqual(['on time'])
    fake.github.clock.advance(60_000)
    fake.github.releaseDeliveries()
    await fake.github.settled()
    expect(heard()).toEqual(['on time', 'late'])
  })

  it('is told by the list: put off when it happened, delivered later', async () => {
    fake.github.faults.delay({ event: created, times: 1, byMs: 90_000 })
    await say('late')
    fake.github.clock.advance(90_000)
    fake.github.releaseDeliveries()
    await fake.github.settled()
    const { data } = await asApp(fake).apps.listWebhookDeliveries({ per_page: 1 })
    const [listed] = data
    const waited = Date.parse(listed?.delivered_at ?? '') - Date.parse(listed?.throttled_at ?? '')
    expect(waited).toBeGreaterThanOrEqual(89_000)
  })
})

describe('reorder', () => {
  const numbers = ['1', '2', '3', '4', '5', '6', '7', '8']

  async function orderWith(seed: number): Promise<string[]> {
    fake.received.length = 0
    fake.github.faults.clear()
    fake.github.faults.reorder({ event: created, times: 100, window: 8, random: seededRandom(seed) })
    await say(...numbers)
    return heard()
  }

  it('sends a full window in another order, and the same order for the same seed', async () => {
    const first = await orderWith(7)
    expect(first).not.toEqual(numbers)
    expect(first.toSorted()).toEqual(numbers)
    expect(await orderWith(7)).toEqual(first)
    expect(await orderWith(8)).not.toEqual(first)
  })

  it('keeps an unfilled window back until it is released', async () => {
    fake.github.faults.reorder({ event: created, times: 3, window: 8, random: seededRandom(1) })
    await say('1', '2', '3', 'free')
    expect(heard()).toEqual(['free'])
    expect(fake.github.world.webhooks.heldCount).toBe(3)
    fake.github.releaseDeliveries()
    await fake.github.settled()
    expect(heard().toSorted()).toEqual(['1', '2', '3', 'free'])
  })
})

describe('duplicate', () => {
  it('sends up to so many copies, by chance, all with the same id', async () => {
    fake.github.faults.duplicate({ event: created, times: 20, copies: 3, random: seededRandom(3) })
    await say(...Array.from({ length: 20 }, (_, index) => `text ${index}`))
    const counts = new Map<unknown, number>()
    for (const { headers } of fake.received) {
      const id = headers['x-github-delivery']
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    expect(counts.size).toBe(20)
    expect([...new Set(counts.values())].toSorted((one, other) => one - other)).toEqual([2, 3, 4])
  })

  it('lists a copy as redelivery when it is one', async () => {
    fake.github.faults.duplicate({ event: created, times: 1, as: 'redelivery' })
    await say('twice')
    const { data } = await asApp(fake).apps.listWebhookDeliveries({ per_page: 2 })
    expect(data.map(({ redelivery }) => redelivery)).toEqual([true, false])
    expect(data[0]?.guid).toBe(data[1]?.guid)
    expect(heard()).toEqual(['twice', 'twice'])
  })
})

describe('drop', () => {
  it('loses about the asked part by chance', async () => {
    const chance = { probability: 0.3, random: seededRandom(11) }
    fake.github.faults.drop({ event: created, times: 100, chance })
    await say(...Array.from({ length: 40 }, (_, index) => `text ${index}`))
    expect(fake.received.length).toBeGreaterThan(20)
    expect(fake.received.length).toBeLessThan(36)
  })

  it('leaves no trace in the list when GitHub itself forgot the event', async () => {
    await say('known')
    const before = await newestListed()
    fake.github.faults.drop({ event: created, times: 1, trace: 'unlisted' })
    await say('forgotten')
    expect(heard()).toEqual(['known'])
    expect(await newestListed()).toEqual(before)
    expect(fake.github.deliveries.at(-1)).toMatchObject({ isDropped: true, attempts: 0 })
  })
})

describe('breakDelivery', () => {
  it.each([
    { how: 'cut_in_body', isReceived: false, status: 502 },
    { how: 'lose_answer', isReceived: true, status: 502 },
    { how: 'refuse', isReceived: false, status: 503 },
    { how: 'fail_after_receipt', isReceived: true, status: 504 },
  ] as const)('$how: received is $isReceived, listed as $status', async ({ how, isReceived, status }) => {
    fake.github.faults.breakDelivery({ event: created, times: 1, how, status })
    await say('broken')
    expect(heard()).toEqual(isReceived ? ['broken'] : [])
    const listed = await newestListed()
    expect([listed.status_code, listed.redelivery]).toEqual([status, false])
    await fake.github.redeliver(listed.guid)
    expect(heard()).toEqual(isReceived ? ['broken', 'broken'] : ['broken'])
    expect((await newestListed()).status_code).toBe(202)
  })
})

describe('stalePayload', () => {
  it('shows the object as it was one event ago, while the API shows it as it is', async () => {
    await pr.edit('alice', { title: 'Second title' })
    fake.github.faults.stalePayload({ event: 'pull_request.edited', times: 1 })
    await pr.edit('alice', { title: 'Third title' })
    await pr.edit('alice', { title: 'Fourth title' })
    await fake.github.settled()
    const shown = fake.received.map(({ body }) => readPath(JSON.parse(body), 'pull_request', 'title'))
    expect(shown).toEqual(['Second title', 'Second title', 'Fourth title'])
    expect(pr.title).toBe('Fourth title')
  })

  it('goes back as far as asked, and is not used up by what was never shown before', async () => {
    fake.github.faults.stalePayload({ event: 'pull_request', times: 1, back: 99 })
    await repo.push({ by: 'alice', branch: 'other', files: { 'b.txt': 'one\n' } })
    const other = await repo.openPullRequest({ by: 'alice', head: 'other', title: 'Other' })
    await other.edit('alice', { title: 'Other still' })
    await fake.github.settled()
    const titles = fake.received
      .filter(({ headers }) => headers['x-github-event'] === 'pull_request')
      .map(({ body }) => readPath(JSON.parse(body), 'pull_request', 'title'))
    expect(titles).toEqual(['Other', 'Other'])
  })
})

it('faults add up: one delivery is late, reordered, doubled and broken', async () => {
  const { faults } = fake.github
  faults.delay({ event: created, times: 2, byMs: 1000 })
  faults.reorder({ event: created, times: 2, window: 2, random: () => 0 })
  faults.duplicate({ event: created, times: 1, copies: 2 })
  faults.breakDelivery({ event: created, times: 1, how: 'refuse' })
  await say('one', 'two', 'free')
  expect(heard()).toEqual(['free'])
  fake.github.clock.advance(1000)
  fake.github.releaseDeliveries()
  await fake.github.settled()
  expect(heard()).toEqual(['free', 'two', 'one', 'one'])
})
