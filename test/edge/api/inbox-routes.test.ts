import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isAppError } from '../../../src/domain/errors/app-error.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import { postDrop, postReplay } from '../../../src/edge/post-repair.ts'
import type { Inbox } from '../../../src/ports/inbox.ts'
import { keepLog } from '../edge-world.ts'
import { addressOf, openApiWorld, type ApiWorld } from './api-world.ts'

let world: ApiWorld
let server: HttpServer
let closed: HttpServer
let inbox: Inbox
let wakes: number
let count = 0

beforeAll(async () => {
  const onReplayed = (): void => {
    wakes += 1
  }
  world = await openApiWorld({ parts: { onReplayed } })
  server = world.server
  inbox = world.temp.inbox
  closed = await world.start({ tokens: [], parts: { onReplayed } })
})
afterAll(() => world.close())
beforeEach(() => {
  wakes = 0
})

/** Stores a delivery and leaves it in a state; returns its id. */
async function delivered(state: 'pending' | 'done'): Promise<string> {
  count += 1
  const deliveryId = `delivery-${count}`
  await inbox.insert({
    deliveryId,
    event: 'ping',
    action: null,
    installationId: null,
    repositoryId: null,
    body: `{"n":${count}}`,
    bodySha256: String(count).padStart(64, '0'),
    receivedAt: 1,
  })
  const entry = await inbox.find(deliveryId)
  if (entry === null) throw new Error('The delivery was not stored.')
  if (state === 'done') await inbox.finish(entry.id, [])
  return deliveryId
}

async function post(
  path: string,
  headers: Readonly<Record<string, string>> = { authorization: 'Bearer token-of-ci' },
  at = server,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const asked = { path: `/api/v1/inbox/${path}`, method: 'POST', token: null, headers }
  const { status, body } = await world.call(asked, at)
  return { status, body }
}

const statusOf = async (id: string) => (await inbox.find(id))?.status
const traces = (target: string) => world.store.list('auditLog', { target })

describe('inboxRoutes', () => {
  it('makes a delivery pending again, wakes the worker, and records who asked', async () => {
    const id = await delivered('done')
    expect(await post(`${id}/replay`)).toEqual({ status: 200, body: { delivery: id, outcome: 'replayed' } })
    expect(await statusOf(id)).toBe('pending')
    expect(wakes).toBe(1)
    expect(await traces(id)).toMatchObject([
      { action: 'inbox.replay', actor: 'ci', via: 'rest', details: { event: 'ping', status: 'done' } },
    ])
  })

  it('changes and records nothing when it is pending already', async () => {
    const id = await delivered('pending')
    expect(await post(`${id}/replay`)).toEqual({
      status: 200,
      body: { delivery: id, outcome: 'already_pending' },
    })
    expect(wakes).toBe(0)
    expect(await traces(id)).toEqual([])
  })

  it('drops a pending delivery once, and says that a finished one can not be dropped', async () => {
    const id = await delivered('pending')
    expect(await post(`${id}/drop`)).toEqual({ status: 200, body: { delivery: id, outcome: 'dropped' } })
    expect(await post(`${id}/drop`)).toMatchObject({
      status: 409,
      body: { code: 'DELIVERY_ALREADY_FINISHED', details: { delivery: id } },
    })
    expect(await statusOf(id)).toBe('dropped')
    expect(await traces(id)).toMatchObject([{ action: 'inbox.drop', actor: 'ci', via: 'rest' }])
  })

  it.each(['replay', 'drop'])('says when there is no such delivery: %s', async (repair) => {
    expect(await post(`nobody%2Fknows/${repair}`)).toMatchObject({
      status: 404,
      body: { code: 'DELIVERY_NOT_FOUND', details: { delivery: 'nobody/knows' } },
    })
    expect(wakes).toBe(0)
  })

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer token-of-mallory' }],
    ['another scheme', { authorization: `Basic ${btoa('alice:token-of-alice')}` }],
  ])('refuses %s on every route, before anything is looked at', async (_name, headers) => {
    const id = await delivered('done')
    for (const path of [`${id}/replay`, `${id}/drop`, 'nobody/replay', 'nobody/drop']) {
      expect(await post(path, headers)).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
    }
    expect(await statusOf(id)).toBe('done')
    expect(await traces(id)).toEqual([])
  })

  it('does not exist without tokens', async () => {
    const id = await delivered('done')
    for (const repair of ['replay', 'drop']) {
      expect(await post(`${id}/${repair}`, undefined, closed)).toMatchObject({
        status: 404,
        body: { code: 'ROUTE_NOT_FOUND' },
      })
    }
    expect(await statusOf(id)).toBe('done')
  })

  it('takes no other method', async () => {
    const response = await fetch(`${addressOf(server)}/api/v1/inbox/x/replay`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('postReplay and postDrop', () => {
  const access = () => ({ address: addressOf(server), token: 'token-of-alice' })

  it('repair as the command line, in the name of the token', async () => {
    const id = await delivered('done')
    expect(await postReplay(access(), id)).toEqual({ kind: 'replayed' })
    expect(await postReplay(access(), id)).toEqual({ kind: 'already_pending' })
    expect(await postDrop(access(), id)).toEqual({ kind: 'dropped' })
    expect(await traces(id)).toMatchObject([
      { action: 'inbox.replay', actor: 'alice', via: 'cli' },
      { action: 'inbox.drop', actor: 'alice', via: 'cli' },
    ])
  })

  it('return a refusal in the words of the process', async () => {
    const refused = { kind: 'refused', hint: expect.stringContaining('belay inbox list') }
    const message = 'There is no delivery with the id `no/body`.'
    expect(await postReplay(access(), 'no/body')).toEqual({ ...refused, message })
    expect(await postDrop(access(), 'no/body')).toEqual({ ...refused, message })
    const stranger = { ...access(), token: 'token-of-mallory' }
    expect(await postReplay(stranger, 'no/body')).toMatchObject({ kind: 'refused' })
  })

  it('say that nobody answers, or that it is somebody else', async () => {
    const other = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      log: keepLog(),
      routes: [
        {
          method: 'POST',
          pattern: '/api/v1/inbox/{delivery}/drop',
          handle: async () => ({ status: 200, body: { welcome: true } }),
        },
      ],
    })
    const elsewhere = { ...access(), address: addressOf(other) }
    const isUnreachable = (error: unknown): boolean => isAppError(error, 'SERVER_UNREACHABLE')
    await expect(postDrop(elsewhere, 'x')).rejects.toSatisfy(isUnreachable)
    await other.close()
    await expect(postDrop(elsewhere, 'x')).rejects.toSatisfy(isUnreachable)
  })
})
