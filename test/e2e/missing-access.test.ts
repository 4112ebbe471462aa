// An App that may not see what it needs says so at start, even when nothing is tracked, and notices by itself when that
// is mended.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptPermissions } from '../support/fake-github/installation-changes.ts'
import { appPermissions } from '../support/fake-github/permissions.ts'
import { TestWorld } from '../support/test-world.ts'

/** The log's own number for an error. */
const ERROR_LEVEL = 50

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.prepare()
  acceptPermissions(world.github.world, 'acme', { ...appPermissions, checks: 'read' })
  await world.belay.launch()
})

afterAll(() => world?.close())

async function warnings(): Promise<unknown> {
  const answer = await fetch(`${world.belay.url}/readyz`)
  expect(answer.status).toBe(200)
  return Object(await answer.json()).warnings as unknown
}

describe('an installation that gives too few permissions', () => {
  it('is named loudly in the log once, and shown by readyz', async () => {
    await world.belay.eventually(() => world.belay.log.named('github_access_faulty').length > 0, {
      what: 'a loud line about access',
    })
    const [line] = world.belay.log.named('github_access_faulty')
    expect(line?.fields).toMatchObject({
      level: ERROR_LEVEL,
      fault: { kind: 'permissions_missing', account: 'acme', missing: ['checks'] },
    })
    expect(await warnings()).toEqual(['github_access'])
  })

  it('is well again without a restart once its owner accepts them', async () => {
    acceptPermissions(world.github.world, 'acme', appPermissions)
    await world.belay.eventually(() => world.belay.log.named('github_access_restored').length > 0, {
      what: 'access that came back',
    })
    expect(await warnings()).toEqual([])
    expect(world.belay.log.named('github_access_faulty')).toHaveLength(1)
  })
})
