import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { permissionsOf } from '../../support/fake-github/installations.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

const ROUTE = 'POST /app/installations/{installation_id}/access_tokens'
const MINUTE = 60_000

let world: GitHubWorld

beforeEach(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.stop())

describe('tokenFor', () => {
  it('is good for git in that one repository and nothing else', async () => {
    const other = await world.fake.createRepository({ owner: 'acme', name: 'other' })
    const token = live(await world.github.tokenFor(key()))
    expect([...(token.repositoryIds ?? [])]).toEqual([world.repo.id])
    expect(token.repositoryIds?.has(other.id)).toBe(false)
    expect(permissionsOf(token)).toEqual({ contents: 'write', metadata: 'read', workflows: 'write' })
  })

  it('goes without the permission for workflow files when it was not granted', async () => {
    world.fake.setPermissions('acme', { contents: 'write', metadata: 'read' })
    expect(permissionsOf(live(await world.github.tokenFor(key())))).toEqual({
      contents: 'write',
      metadata: 'read',
    })
  })

  it('is shared until five minutes before it expires', async () => {
    let now = Date.parse(world.fake.clock.nowIso())
    const github = world.open({ now: () => now })
    const [first, second] = await Promise.all([github.tokenFor(key()), github.tokenFor(key())])
    expect(second).toBe(first)
    now += 54 * MINUTE
    expect(await github.tokenFor(key())).toBe(first)
    now += 2 * MINUTE
    expect(await github.tokenFor(key())).not.toBe(first)
    expect(world.fake.countCalls({ route: ROUTE })).toBe(2)
  })

  it('is tried again after a failure', async () => {
    world.fake.faults.cutConnection({ route: ROUTE, times: 1, when: 'before_response' })
    await expect(world.github.tokenFor(key())).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    expect(await world.github.tokenFor(key())).toMatch(/^ghs_/u)
  })

  it('is refused for a repository that the installation does not cover', async () => {
    await expect(world.github.tokenFor({ ...key(), repositoryId: 1 })).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
      details: { status: 422 },
    })
  })
})

function key(): { readonly installationId: number; readonly repositoryId: number } {
  return { installationId: world.target.installationId, repositoryId: world.repo.id }
}

function live(value: string): NonNullable<ReturnType<typeof world.fake.world.installations.findLiveToken>> {
  const token = world.fake.world.installations.findLiveToken(value)
  if (token === undefined) throw new Error('The token is not alive.')
  return token
}
