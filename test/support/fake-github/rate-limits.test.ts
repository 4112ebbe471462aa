// Limits as a client sees them: headers on every answer, refusals when an hour is used up, the abuse limit.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRocket, createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let acme: number

const rocket = '/repos/acme/rocket'
const query = 'query { repository(owner: "acme", name: "rocket") { name } }'

interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
}

beforeAll(async () => {
  fake = await startFakeGitHub()
  await createRocket(fake)
  await fake.github.createRepository({ owner: 'globex', name: 'other' })
  acme = fake.github.installations[0]?.id ?? 0
})

// A new hour for everybody.
beforeEach(() => {
  fake.github.faults.clear()
  fake.github.clock.advance(3_600_000)
  fake.github.rateLimits.refusalStatus = 403
})

afterAll(() => fake.stop())

async function call(path: string, owner = 'acme', body?: object): Promise<Seen> {
  const token = await createToken(fake, owner)
  const init = { headers: { authorization: `token ${token}` } }
  const response = await fetch(`${fake.github.apiUrl}${path}`, {
    ...init,
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, json: await response.json() }
}

async function ask(owner = 'acme'): Promise<Seen> {
  return call('/graphql', owner, { query: query.replace('"acme"', `"${owner}"`) })
}

function limits({ headers }: Seen): Record<string, string | null> {
  return Object.fromEntries(
    ['resource', 'limit', 'used', 'remaining'].map((name) => [name, headers.get(`x-ratelimit-${name}`)]),
  )
}

describe('x-ratelimit headers', () => {
  it('count REST and GraphQL apart, for each installation', async () => {
    await call(rocket)
    expect(limits(await call(rocket))).toEqual({
      resource: 'core',
      limit: '5000',
      used: '2',
      remaining: '4998',
    })
    expect(limits(await ask())).toMatchObject({ resource: 'graphql', used: '1', remaining: '4999' })
    expect(limits(await call('/repos/globex/other', 'globex'))).toMatchObject({ used: '1' })
    expect(limits(await call(rocket))).toMatchObject({ used: '3' })
  })

  it('are on refusals, too, and asking for them is free', async () => {
    expect(limits(await call('/repos/acme/nowhere'))).toMatchObject({ used: '1' })
    const { json } = await call('/rate_limit')
    expect(json).toMatchObject({ resources: { core: { used: 1, remaining: 4999 }, graphql: { used: 0 } } })
    const anonymous = await fetch(`${fake.github.apiUrl}${rocket}`)
    expect([anonymous.status, anonymous.headers.get('x-ratelimit-limit')]).toEqual([401, '60'])
  })

  it('name the end of the hour that the first call began, by the clock', async () => {
    const reset = Number((await call(rocket)).headers.get('x-ratelimit-reset'))
    const seconds = reset - fake.github.clock.nowMs() / 1000
    expect(seconds).toBeGreaterThan(3590)
    expect(seconds).toBeLessThanOrEqual(3600)
    fake.github.clock.advance(3_000_000)
    expect(Number((await call(rocket)).headers.get('x-ratelimit-reset'))).toBe(reset)
    fake.github.clock.advance(601_000)
    const later = await call(rocket)
    expect(limits(later)).toMatchObject({ used: '1' })
    expect(Number(later.headers.get('x-ratelimit-reset'))).toBeGreaterThan(reset)
  })
})

describe('the primary limit', () => {
  it.each([403, 429] as const)(
    'refuses REST with %i until the hour is over, writes nothing',
    async (status) => {
      fake.github.rateLimits.refusalStatus = status
      fake.github.rateLimits.exhaust(acme, 'core', 1)
      expect((await call(rocket)).status).toBe(200)
      const refused = await call(`${rocket}/issues/1/comments`, 'acme', { body: 'hello' })
      expect(refused.status).toBe(status)
      expect(limits(refused)).toMatchObject({ remaining: '0', used: '5000' })
      expect(refused.headers.get('retry-after')).toBeNull()
      expect(refused.json).toMatchObject({ message: expect.stringContaining('API rate limit exceeded for') })
      fake.github.clock.advance(3_600_000)
      expect((await call(rocket)).status).toBe(200)
    },
  )

  it('refuses GraphQL with 200 and RATE_LIMITED, and REST still answers', async () => {
    fake.github.rateLimits.exhaust(acme, 'graphql')
    const refused = await ask()
    expect(refused.status).toBe(200)
    expect(refused.json).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] })
    expect(refused.json).not.toHaveProperty('data.repository')
    expect(limits(refused)).toMatchObject({ resource: 'graphql', remaining: '0' })
    expect((await call(rocket)).status).toBe(200)
    fake.github.clock.advance(3_600_000)
    expect((await ask()).json).toMatchObject({ data: { repository: { name: 'rocket' } } })
  })

  it('of one installation leaves the others alone', async () => {
    fake.github.rateLimits.exhaust(acme, 'core')
    expect((await call(rocket)).status).toBe(403)
    expect((await call('/repos/globex/other', 'globex')).status).toBe(200)
  })

  it('can be set to another height', async () => {
    fake.github.rateLimits.setLimit(acme, 'core', 12_500)
    expect(limits(await call(rocket))).toMatchObject({ limit: '12500', remaining: '12499' })
    fake.github.clock.advance(3_600_000)
    expect(limits(await call(rocket))).toMatchObject({ limit: '12500' })
    fake.github.rateLimits.setLimit(acme, 'core', 5000)
  })
})

describe('the secondary limit', () => {
  it.each([403, 429] as const)(
    'refuses REST and GraphQL with %i, says how long, and ends then',
    async (status) => {
      fake.github.faults.secondaryLimit({ installationId: acme, lastsSeconds: 60, status })
      for (const refused of [await call(rocket), await ask()]) {
        expect(refused.status).toBe(status)
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(55)
        expect(refused.json).toMatchObject({
          message: expect.stringContaining('You have exceeded a secondary rate limit'),
        })
      }
      expect((await call('/repos/globex/other', 'globex')).status).toBe(200)
      fake.github.clock.advance(60_000)
      expect((await call(rocket)).status).toBe(200)
    },
  )

  it('may keep silent about how long, with points left', async () => {
    fake.github.faults.secondaryLimit({ installationId: acme, lastsSeconds: 60, retryAfter: 'unsaid' })
    const refused = await call(rocket)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([403, null])
    expect(Number(limits(refused)['remaining'])).toBeGreaterThan(0)
  })

  it('may hit everybody, the App with its JWT as well', async () => {
    fake.github.faults.secondaryLimit({ lastsSeconds: 10 })
    await expect(createToken(fake, 'globex')).rejects.toMatchObject({ status: 403 })
  })
})
