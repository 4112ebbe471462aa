import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createIdempotency } from '../../../src/adapters/db/idempotency-store.ts'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import type { RestartReply } from '../../../src/ports/requests.ts'
import { groundwork } from '../../adapters/db/rows.ts'
import { makeGate } from '../edge-world.ts'
import { eventually } from '../../support/eventually.ts'
import { openApiWorld, type Answer, type ApiWorld, type Call } from './api-world.ts'

const START = '/api/v1/pipelines/harbour-1.1/start'
const RESTARTED: RestartReply = { kind: 'restarted', phase: 'implement', runEpoch: 2 }

let world: ApiWorld
let asked: object[]
let answer: () => Promise<RestartReply>
let count = 0

const requests = {
  populate: () => Promise.reject(new Error('Nobody asked for a contract.')),
  cancelDecision: () => Promise.reject(new Error('Nobody asked for a decision.')),
  restart: (request: object): Promise<RestartReply> => {
    asked.push(request)
    return answer()
  },
}

beforeAll(async () => {
  world = await openApiWorld({ parts: { requests, onReplayed: () => undefined } })
  await world.store.commit(groundwork(), null)
})
afterAll(() => world.close())
beforeEach(() => {
  asked = []
  count += 1
  answer = () => Promise.resolve(RESTARTED)
})

/** Sends a request with the key of this test. */
function send(order: Partial<Call> & { readonly key?: string } = {}, at = world.server): Promise<Answer> {
  const { key = `key-${count}`, headers, ...rest } = order
  const withKey = { ...headers, 'idempotency-key': key }
  return world.call({ path: START, method: 'POST', ...rest, headers: withKey }, at)
}

const isReplayed = ({ headers }: Answer): boolean => headers.get('idempotency-replayed') === 'true'

describe('Idempotency-Key', () => {
  it('does a request once, however often it is sent', async () => {
    const first = await send()
    const again = await send()
    expect(first).toMatchObject({ status: 200, body: { status: 'restarted' } })
    expect([again.status, again.body]).toEqual([first.status, first.body])
    expect([first, again].map(isReplayed)).toEqual([false, true])
    expect(asked).toHaveLength(1)
  })

  it('sends a refusal again as it was', async () => {
    answer = () => Promise.resolve({ kind: 'not_restartable', status: 'complete' })
    const first = await send()
    answer = () => Promise.resolve(RESTARTED)
    const again = await send()
    expect(first).toMatchObject({ status: 409, body: { code: 'PIPELINE_NOT_RESTARTABLE' } })
    expect([again.status, again.body, isReplayed(again)]).toEqual([409, first.body, true])
    expect(asked).toHaveLength(1)
  })

  it('does nothing for another address, another body or another name under the same key', async () => {
    await send()
    const elsewhere = await send({ path: '/api/v1/pipelines/harbour-1.1/phases/plan/restart' })
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    const otherBody = await send({ body: { phase: 'plan' } })
    expect(otherBody).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    expect(asked).toHaveLength(1)
    expect(isReplayed(await send({ token: 'token-of-ci' }))).toBe(false)
    expect(asked).toMatchObject([{ actor: 'alice' }, { actor: 'ci' }])
  })

  it('says when the same request is still running', async () => {
    const gate = makeGate()
    answer = async () => {
      await gate.promise
      return RESTARTED
    }
    const first = send()
    await eventually(() => asked.length === 1, { what: 'the request to arrive' })
    const second = await send()
    expect(second).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_IN_USE' } })
    expect(second.headers.get('retry-after')).toBe('1')
    gate.open()
    expect(await first).toMatchObject({ status: 200 })
    expect(isReplayed(await send())).toBe(true)
    expect(asked).toHaveLength(1)
  })

  it('runs again after the process died with the request half done', async () => {
    const gate = makeGate()
    answer = async () => {
      await gate.promise
      return RESTARTED
    }
    const dying = send()
    await eventually(() => asked.length === 1, { what: 'the request to arrive' })
    const next = await world.start({
      parts: { requests },
      idempotency: createIdempotency(world.temp.database),
    })
    answer = () => Promise.resolve(RESTARTED)
    const again = await send({}, next)
    expect([again.status, isReplayed(again)]).toEqual([200, false])
    expect(asked).toHaveLength(2)
    gate.open()
    await dying
  })

  it.each<[string, () => Promise<RestartReply>, number]>([
    ['that the work is queued', () => Promise.resolve({ kind: 'queued' }), 202],
    ['a failure of ours', () => Promise.reject(new Error('broken')), 500],
    [
      'that the database is away',
      () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', { reason: 'the disk is full' })),
      503,
    ],
  ])('does not keep %s', async (_what, failing, status) => {
    answer = failing
    expect(await send()).toMatchObject({ status })
    answer = () => Promise.resolve(RESTARTED)
    const again = await send()
    expect([again.status, isReplayed(again)]).toEqual([200, false])
  })

  it('does not keep what was refused by form, by its token or by its size', async () => {
    const path = '/api/v1/pipelines/harbour-1.1/decisions/abc234/resolve'
    expect(await send({ path, body: '{}' })).toMatchObject({ status: 400 })
    expect(await send({ path, body: '{}', token: 'wrong' })).toMatchObject({ status: 401 })
    expect(await send({ body: 'x'.repeat(20_000) })).toMatchObject({ status: 413 })
    expect(await send()).toMatchObject({ status: 200 })
  })

  it.each(['', ' ', 'a b', 'ä', 'x'.repeat(256)])('refuses the key %j', async (key) => {
    expect(await send({ key })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } })
    expect(asked).toEqual([])
  })

  it('takes a key of any visible characters, up to 255 of them', async () => {
    expect(await send({ key: '!~'.repeat(127) + '#' })).toMatchObject({ status: 200 })
  })

  it('means nothing on a request that changes nothing', async () => {
    const order = { path: '/api/v1/pipelines/harbour-1.1', method: 'GET' }
    const both = [await send(order), await send(order)]
    expect(both.map(isReplayed)).toEqual([false, false])
    expect(await send()).toMatchObject({ status: 200 })
  })

  it('sends the reply also when it can not be kept', async () => {
    const broken = {
      begin: () => Promise.resolve({ kind: 'started' } as const),
      end: () => Promise.reject(new AppError('DATABASE_UNAVAILABLE', { reason: 'the disk is full' })),
    }
    const server = await world.start({ parts: { requests }, idempotency: broken })
    expect(await send({}, server)).toMatchObject({ status: 200 })
    expect(world.log.lines.at(-1)).toMatchObject({ level: 'warn', message: 'reply_not_kept' })
  })
})
