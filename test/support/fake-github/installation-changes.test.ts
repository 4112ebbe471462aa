// What an owner does to the App is heard by webhook and felt by tokens.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  acceptPermissions,
  coverRepository,
  suspendInstallation,
  uncoverRepository,
  uninstall,
  unsuspendInstallation,
} from './installation-changes.ts'
import { appPermissions } from './permissions.ts'
import type { FakeRepository } from './repository.ts'
import { asApp, createRocket, createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository

beforeAll(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
})

beforeEach(async () => {
  await fake.github.settled()
  fake.received.length = 0
})

afterAll(() => fake.stop())

async function read(token: string, path = '/repos/acme/rocket'): Promise<readonly [number, unknown]> {
  const headers = { authorization: `token ${token}` }
  const response = await fetch(`${fake.github.apiUrl}${path}`, { headers })
  const json: unknown = await response.json()
  return [response.status, typeof json === 'object' && json !== null ? Reflect.get(json, 'message') : json]
}

async function query(token: string): Promise<number> {
  const response = await fetch(`${fake.github.apiUrl}/graphql`, {
    method: 'POST',
    headers: { authorization: `token ${token}` },
    body: JSON.stringify({ query: 'query { viewer { login } }' }),
  })
  return response.status
}

async function heard(): Promise<readonly unknown[]> {
  await fake.github.settled()
  return fake.received.map(({ headers, body }) => {
    const payload: unknown = JSON.parse(body)
    const action: unknown =
      typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'action') : undefined
    return `${String(headers['x-github-event'])}.${String(action)}`
  })
}

describe('suspendInstallation', () => {
  it('refuses tokens old and new, shows since when, sends nothing else; and it can be taken back', async () => {
    const token = await createToken(fake, 'acme')
    const refusal = [403, 'This installation has been suspended']
    suspendInstallation(fake.github.world, 'acme')
    await repo.openIssue({ by: 'alice', title: 'Unheard' })
    expect(await read(token)).toEqual(refusal)
    expect(await query(token)).toBe(403)
    await expect(createToken(fake, 'acme')).rejects.toMatchObject({ status: 403 })
    const { data } = await asApp(fake).apps.listInstallations()
    expect(data[0]).toMatchObject({ suspended_at: expect.any(String), suspended_by: { login: 'acme-owner' } })
    unsuspendInstallation(fake.github.world, 'acme')
    expect((await read(token))[0]).toBe(200)
    await expect(createToken(fake, 'acme')).resolves.toEqual(expect.any(String))
    await repo.openIssue({ by: 'alice', title: 'Heard' })
    expect(await heard()).toEqual(['installation.suspend', 'installation.unsuspend', 'issues.opened'])
  })
})

describe('uncoverRepository', () => {
  it('hides the repository from every token and sends its events no more; it can be covered again', async () => {
    const token = await createToken(fake, 'acme')
    uncoverRepository(repo)
    await repo.openIssue({ by: 'alice', title: 'Unheard' })
    expect(await read(token)).toEqual([404, 'Not Found'])
    await expect(createToken(fake, 'acme', { repositories: ['rocket'] })).rejects.toMatchObject({
      status: 422,
    })
    await expect(
      asApp(fake).apps.getRepoInstallation({ owner: 'acme', repo: 'rocket' }),
    ).rejects.toMatchObject({ status: 404 })
    coverRepository(repo, appPermissions)
    expect((await read(token))[0]).toBe(200)
    expect(await heard()).toEqual(['installation_repositories.removed', 'installation_repositories.added'])
    const [removed] = fake.received
    expect(JSON.parse(removed?.body ?? '')).toMatchObject({
      repositories_removed: [{ id: repo.id, full_name: 'acme/rocket' }],
      repositories_added: [],
    })
  })
})

describe('acceptPermissions', () => {
  it('changes what tokens may do and says so', async () => {
    const token = await createToken(fake, 'acme')
    acceptPermissions(fake.github.world, 'acme', { metadata: 'read' })
    expect((await read(token, '/repos/acme/rocket/pulls'))[0]).not.toBe(200)
    acceptPermissions(fake.github.world, 'acme', appPermissions)
    expect(await heard()).toEqual([
      'installation.new_permissions_accepted',
      'installation.new_permissions_accepted',
    ])
    expect(JSON.parse(fake.received[0]?.body ?? '')).toMatchObject({
      installation: { permissions: { metadata: 'read' } },
    })
  })
})

describe('uninstall', () => {
  it('ends tokens, hides the installation, and lets it be installed anew with another id', async () => {
    const other = await fake.github.createRepository({ owner: 'globex', name: 'other' })
    const token = await createToken(fake, 'globex')
    const id = fake.github.world.installations.findByRepository(other.id)?.id ?? 0
    uninstall(fake.github.world, 'globex')
    expect(await read(token, '/repos/globex/other')).toEqual([401, 'Bad credentials'])
    const app = asApp(fake).apps
    await expect(app.createInstallationAccessToken({ installation_id: id })).rejects.toMatchObject({
      status: 404,
    })
    await expect(app.getInstallation({ installation_id: id })).rejects.toMatchObject({ status: 404 })
    coverRepository(other, appPermissions)
    expect((await read(await createToken(fake, 'globex'), '/repos/globex/other'))[0]).toBe(200)
    expect(fake.github.world.installations.findByRepository(other.id)?.id).not.toBe(id)
    expect(await heard()).toEqual(['installation.created', 'installation.deleted', 'installation.created'])
  })
})
