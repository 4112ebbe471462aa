import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAppKey } from '../../support/fake-github/index.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld

beforeEach(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.stop())

describe('identity', () => {
  it('is read once and remembered', async () => {
    const identity = await world.github.identity()
    expect(identity).toEqual({
      appId: 4711,
      slug: 'belay',
      botLogin: 'belay[bot]',
      botUserId: world.fake.world.app.bot.id,
    })
    await Promise.all([world.github.identity(), world.github.identity()])
    expect(world.fake.countCalls({ route: 'GET /app' })).toBe(1)
  })

  it('is tried again after a failure', async () => {
    world.fake.faults.cutConnection({ route: 'GET /app', times: 1, when: 'before_response' })
    await expect(world.github.identity()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    expect((await world.github.identity()).slug).toBe('belay')
  })

  it('is refused with a key that is not the App’s', async () => {
    const stranger = world.open({ privateKey: createAppKey().privateKey })
    await expect(stranger.identity()).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
      details: { status: 401 },
    })
  })
})
