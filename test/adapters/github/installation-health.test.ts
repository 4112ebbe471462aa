import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createAppKey } from '../../support/fake-github/index.ts'
import { suspendInstallation } from '../../support/fake-github/installation-changes.ts'
import { appPermissions } from '../../support/fake-github/permissions.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld

beforeAll(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.fake.faults.clear())
afterAll(() => world.stop())

describe('listInstallations', () => {
  it('says where the App is, what it may do there, and whether it is kept out', async () => {
    const { metadata, contents } = { metadata: 'read', contents: 'read' } as const
    await world.fake.createRepository({ owner: 'umbrella', name: 'lab' })
    world.fake.setPermissions('umbrella', { metadata, contents })
    suspendInstallation(world.fake.world, 'umbrella')
    const health = await world.github.listInstallations()
    expect(health.toSorted((a, b) => a.account.localeCompare(b.account))).toEqual([
      {
        installationId: world.target.installationId,
        account: 'acme',
        isSuspended: false,
        permissions: appPermissions,
      },
      {
        installationId: expect.any(Number),
        account: 'umbrella',
        isSuspended: true,
        permissions: { metadata, contents },
      },
    ])
  })

  it('tells refused credentials from a GitHub that does not answer', async () => {
    const { privateKey } = createAppKey()
    await expect(world.open({ privateKey }).listInstallations()).rejects.toMatchObject({
      code: 'GITHUB_CREDENTIALS_REFUSED',
      details: { status: 401 },
    })
    await expect(world.open({ appId: 1 }).listInstallations()).rejects.toMatchObject({
      code: 'GITHUB_CREDENTIALS_REFUSED',
      details: { status: 404 },
    })
    world.fake.faults.failServer({ route: 'GET /app/installations', status: 503, times: 1 })
    await expect(world.github.listInstallations()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    world.fake.faults.cutConnection({ route: 'GET /app/installations', when: 'in_body', times: 1 })
    await expect(world.github.listInstallations()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' })
    expect(await world.github.listInstallations()).not.toEqual([])
  })
})
