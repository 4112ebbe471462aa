// Who gets in: app JWTs, installation tokens with their reach, permissions and age.
import { createSign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAppKey } from './app-key.ts'
import {
  asApp,
  asInstallation,
  createRocket,
  createToken,
  startFakeGitHub,
  testAppId,
} from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake

beforeEach(async () => {
  fake = await startFakeGitHub()
  await createRocket(fake)
})

afterEach(() => fake.stop())

const rocket = { owner: 'acme', repo: 'rocket' }

function signJwt(privateKey: string, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
}

async function get(path: string, authorization?: string): Promise<{ status: number; message: unknown }> {
  const response = await fetch(`${fake.github.apiUrl}${path}`, {
    headers: authorization ? { authorization } : {},
  })
  const body: unknown = await response.json()
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined
  return { status: response.status, message }
}

describe('authenticate', () => {
  it('lets the App in with its own key, at both styles of address', async () => {
    for (const baseUrl of [fake.github.url, fake.github.apiUrl]) {
      const { data } = await asApp(fake, baseUrl).apps.getAuthenticated()
      expect(data).toMatchObject({ id: testAppId, slug: 'belay' })
    }
    expect(fake.github.calls.map(({ actor }) => actor)).toEqual(['app', 'app'])
  })

  it.each([
    [
      'the key of somebody else',
      () => createAppKey().privateKey,
      {},
      401,
      'A JSON web token could not be decoded',
    ],
    ['another issuer', () => fake.privateKey, { iss: 1 }, 404, 'Integration not found'],
    ['an end in the past', () => fake.privateKey, { exp: -5 }, 401, "'Expiration time' claim"],
    ['a life of more than ten minutes', () => fake.privateKey, { exp: 900 }, 401, 'too far in the future'],
    ['an issue time in the future', () => fake.privateKey, { iat: 300 }, 401, "'Issued at' claim"],
  ])(
    'refuses a JWT with %s',
    async (_, key, change: { iss?: number; exp?: number; iat?: number }, status, text) => {
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        iss: change.iss ?? testAppId,
        iat: now + (change.iat ?? -30),
        exp: now + (change.exp ?? 500),
      }
      const answer = await get('/app', `Bearer ${signJwt(key(), claims)}`)
      expect(answer.status).toBe(status)
      expect(answer.message).toContain(text)
    },
  )

  it('answers 401 to nobody, to unknown tokens, and to an installation that asks as the App', async () => {
    const token = await createToken(fake, 'acme')
    expect((await get('/repos/acme/rocket')).status).toBe(401)
    expect(await get('/repos/acme/rocket', 'token ghs_unknown')).toEqual({
      status: 401,
      message: 'Bad credentials',
    })
    expect((await get('/app', `token ${token}`)).status).toBe(401)
  })

  it('ends a token after one hour of the clock and not before', async () => {
    const token = await createToken(fake, 'acme')
    fake.github.clock.advance(59 * 60_000)
    expect((await get('/repos/acme/rocket', `token ${token}`)).status).toBe(200)
    fake.github.clock.advance(2 * 60_000)
    expect((await get('/repos/acme/rocket', `token ${token}`)).status).toBe(401)
  })

  it('hides repositories that the token does not cover', async () => {
    const second = await fake.github.createRepository({ owner: 'acme', name: 'second' })
    await fake.github.createRepository({ owner: 'acme', name: 'uninstalled', install: false })
    await fake.github.createRepository({ owner: 'globex', name: 'other' })
    const wide = await createToken(fake, 'acme')
    const narrow = await createToken(fake, 'acme', { repository_ids: [second.id] })
    const named = await createToken(fake, 'acme', { repositories: ['rocket'] })
    const reach = async (token: string): Promise<number[]> =>
      Promise.all(
        ['acme/rocket', 'acme/second', 'acme/uninstalled', 'globex/other'].map(
          async (name) => (await get(`/repos/${name}`, `token ${token}`)).status,
        ),
      )
    expect(await reach(wide)).toEqual([200, 200, 404, 404])
    expect(await reach(narrow)).toEqual([404, 200, 404, 404])
    expect(await reach(named)).toEqual([200, 404, 404, 404])
    await expect(createToken(fake, 'acme', { repositories: ['other'] })).rejects.toMatchObject({
      status: 422,
    })
  })

  it('answers 403 where a permission is missing, and follows the installation when it changes', async () => {
    const { rest } = asInstallation(fake, 'acme')
    const check = { ...rocket, name: 'Belay', head_sha: await headOf(fake) }
    fake.github.setPermissions('acme', { metadata: 'read', checks: 'read' })
    await expect(rest.checks.create(check)).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-accepted-github-permissions': 'checks=write' } },
    })
    await expect(rest.issues.get({ ...rocket, issue_number: 1 })).rejects.toMatchObject({ status: 403 })
    fake.github.setPermissions('acme', { metadata: 'read', checks: 'write' })
    expect((await rest.checks.create(check)).status).toBe(201)
  })

  it('narrows the permissions of a token, and refuses more than the installation has', async () => {
    const token = await createToken(fake, 'acme', { permissions: { contents: 'read' } })
    expect((await get('/repos/acme/rocket/contents/README.md', `token ${token}`)).status).toBe(200)
    expect(await get('/repos/acme/rocket/issues/1', `token ${token}`)).toEqual({
      status: 403,
      message: 'Resource not accessible by integration',
    })
    const tooMuch = createToken(fake, 'acme', { permissions: { administration: 'write' } })
    await expect(tooMuch).rejects.toMatchObject({ status: 422 })
  })

  it('finds the installation of a repository and lists what it covers', async () => {
    const { data } = await asApp(fake).apps.getRepoInstallation(rocket)
    expect(data.account).toMatchObject({ login: 'acme', type: 'Organization' })
    const { rest } = asInstallation(fake, 'acme')
    const { data: listed } = await rest.apps.listReposAccessibleToInstallation()
    expect(listed.repositories.map(({ full_name }) => full_name)).toEqual(['acme/rocket'])
    expect((await asApp(fake).apps.listInstallations()).data).toHaveLength(1)
  })
})

async function headOf({ github }: StartedFake): Promise<string> {
  return (await github.world.repositories.find('acme', 'rocket')?.git.resolve('main')) ?? ''
}
