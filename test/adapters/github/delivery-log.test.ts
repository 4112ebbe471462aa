import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld

beforeAll(async () => {
  world = await startGitHubWorld()
})

afterAll(() => world.stop())

describe('the delivery log', () => {
  it('lists every try since a moment, newest first, over all pages', async () => {
    world.fake.clock.advance(60_000)
    const since = world.fake.clock.nowMs()
    for (let n = 0; n < 130; n += 1) await world.pr.comment('alice', `Comment ${n}`)
    await world.fake.settled()
    const before = world.fake.countCalls({ route: 'GET /app/hook/deliveries' })
    const listed = await world.github.listSince(since)
    expect(listed.length).toBeGreaterThanOrEqual(130)
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length)
    expect(listed.every(({ deliveredAt, isOk }) => deliveredAt > since - 1000 && isOk)).toBe(true)
    const times = listed.map(({ deliveredAt }) => deliveredAt)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(world.fake.countCalls({ route: 'GET /app/hook/deliveries' }) - before).toBe(2)
  })

  it('ends at the first page that is old enough', async () => {
    world.fake.clock.advance(60_000)
    const since = world.fake.clock.nowMs()
    await world.pr.comment('alice', 'The newest')
    await world.fake.settled()
    const before = world.fake.countCalls({ route: 'GET /app/hook/deliveries' })
    expect(await world.github.listSince(since)).toHaveLength(1)
    expect(world.fake.countCalls({ route: 'GET /app/hook/deliveries' }) - before).toBe(1)
  })

  it('asks for a lost delivery again, which keeps its name and gets another number', async () => {
    world.fake.clock.advance(60_000)
    const since = world.fake.clock.nowMs()
    world.fake.faults.breakDelivery({ event: 'issue_comment', how: 'refuse', times: 1 })
    await world.pr.comment('alice', 'Lost')
    await world.fake.settled()
    const [lost] = await world.github.listSince(since)
    expect(lost).toMatchObject({ isOk: false })
    await world.github.redeliver(lost?.id ?? '')
    await world.fake.settled()
    const [again] = await world.github.listSince(since)
    expect(again).toMatchObject({ guid: lost?.guid, isOk: true })
    expect(again?.id).not.toBe(lost?.id)
  })

  it('says when GitHub refuses', async () => {
    await expect(world.github.redeliver('123456')).rejects.toMatchObject({ code: 'GITHUB_REFUSED' })
    const stranger = world.open({ appId: 1 })
    await expect(stranger.listSince(0)).rejects.toMatchObject({ code: 'GITHUB_REFUSED' })
  })
})
