// A recorded story can be sent again in any order, doubled and thinned out, and is accepted as GitHub's own.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { scramble } from './delivery-recorder.ts'
import type { FakePullRequest } from './pull-request.ts'
import { seededRandom } from './seeded-random.ts'
import { createRocket, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let pr: FakePullRequest

beforeAll(async () => {
  fake = await startFakeGitHub()
  const repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
})

beforeEach(async () => {
  await fake.github.settled()
  fake.received.length = 0
})

afterAll(() => fake.stop())

async function tell(): Promise<void> {
  const comment = await pr.comment('alice', 'one')
  await pr.editComment('alice', comment.id, 'two')
  await pr.edit('alice', { title: 'Renamed' })
  await pr.deleteComment('alice', comment.id)
  await fake.github.settled()
}

describe('recordDeliveries', () => {
  it('keeps what is sent, headers and all', async () => {
    const recording = fake.github.recordDeliveries()
    await tell()
    recording.stop()
    await tell()
    const { deliveries } = recording
    expect(deliveries.map(({ event }) => event)).toEqual([
      'issue_comment',
      'issue_comment',
      'pull_request',
      'issue_comment',
    ])
    const arrived = fake.received.slice(0, 4)
    expect(deliveries.map(({ body }) => body)).toEqual(arrived.map(({ body }) => body))
    const signatures = arrived.map(({ headers }) => headers['x-hub-signature-256'])
    expect(deliveries.map(({ headers }) => headers['X-Hub-Signature-256'])).toEqual(signatures)
  })

  it('withholds them when asked, and sends one when the test says so, past every fault', async () => {
    const recording = fake.github.recordDeliveries('withheld')
    await tell()
    recording.stop()
    expect(fake.received).toEqual([])
    fake.github.faults.drop({ times: 100 })
    const [first, second] = recording.deliveries
    if (first === undefined || second === undefined) throw new Error('Nothing was recorded.')
    expect([await recording.send(second), await recording.send(first)]).toEqual([202, 202])
    fake.github.faults.clear()
    expect(fake.received.map(({ headers }) => headers['x-github-delivery'])).toEqual([
      second.guid,
      first.guid,
    ])
  })
})

describe('scramble', () => {
  const stream = Array.from({ length: 200 }, (_, index) => ({
    guid: `guid-${index}`,
    event: 'push',
    body: '{}',
    headers: {},
  }))

  it('gives back every delivery in another order when nothing is dropped', () => {
    const scrambled = scramble(stream, { random: seededRandom(1) })
    expect(scrambled).not.toEqual(stream)
    expect(scrambled.map(({ guid }) => guid).toSorted()).toEqual(stream.map(({ guid }) => guid).toSorted())
  })

  it('drops about the asked part and repeats the rest up to so often, the same for the same seed', () => {
    const order = { copies: 3, dropProbability: 0.3 }
    const scrambled = scramble(stream, { random: seededRandom(2), ...order })
    const guids = new Set(scrambled.map(({ guid }) => guid))
    expect(guids.size).toBeGreaterThan(120)
    expect(guids.size).toBeLessThan(160)
    const counts = [...guids].map((guid) => scrambled.filter((one) => one.guid === guid).length)
    expect([...new Set(counts)].toSorted((one, other) => one - other)).toEqual([1, 2, 3])
    expect(scramble(stream, { random: seededRandom(2), ...order })).toEqual(scrambled)
  })
})
