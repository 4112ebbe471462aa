import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insert } from '../../../src/domain/changes.ts'
import { isAppError } from '../../../src/domain/errors/app-error.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import { postAnswer } from '../../../src/edge/post-answer.ts'
import type { AnswerReply, SubmittedAnswer } from '../../../src/ports/answers.ts'
import type { CancelReply } from '../../../src/ports/requests.ts'
import { decision, groundwork } from '../../adapters/db/rows.ts'
import { keepLog } from '../edge-world.ts'
import { openApiWorld, type Answer, type ApiWorld, type Call } from './api-world.ts'

const BASE = '/api/v1/pipelines/harbour-1.1/decisions'

let world: ApiWorld
let closed: HttpServer
let submitted: SubmittedAnswer[]
let reply: AnswerReply
let asked: object[]
let cancelled: CancelReply

beforeAll(async () => {
  const parts = {
    submitAnswer: async (answer: SubmittedAnswer): Promise<AnswerReply> => {
      submitted.push(answer)
      return reply
    },
    requests: {
      populate: () => Promise.reject(new Error('Nobody asked for a contract.')),
      restart: () => Promise.reject(new Error('Nobody asked for a phase.')),
      cancelDecision: async (request: object): Promise<CancelReply> => {
        asked.push(request)
        return cancelled
      },
    },
  }
  world = await openApiWorld({ parts })
  await world.store.commit([...groundwork(), insert('decisions', decision())], null)
  closed = await world.start({ tokens: [], parts })
})
afterAll(() => world.close())
beforeEach(() => {
  submitted = []
  asked = []
  reply = { kind: 'accepted', option: 'continue', isOpen: false }
  cancelled = { kind: 'cancelled', decision: 'abc234' }
})

interface Order extends Omit<Call, 'path'> {
  readonly path?: string
  readonly at?: HttpServer
}

const call = ({ path = BASE, at, ...order }: Order): Promise<Answer> => world.call({ path, ...order }, at)
const resolve = (order: Order) =>
  call({ path: `${BASE}/abc234/resolve`, body: '{"resolution":"continue"}', ...order })

describe('decisionRoutes', () => {
  it('lists the decisions of a pipeline without inner fields', async () => {
    const { status, body } = await call({})
    expect(status).toBe(200)
    expect(body).toEqual({
      decisions: [
        {
          id: 'abc234',
          session: 'harbour-1',
          pipeline: 'harbour-1.1',
          pr: 5,
          phase: 'implement',
          kind: 'sync_blocked',
          context: 'sync_blocked:implement',
          options: [{ id: 'abort', label: 'Abort', button: 'Abort' }],
          details: decision().details,
          headSha: 'a'.repeat(40),
          runEpoch: 1,
          status: 'pending',
          answer: null,
          answeredBy: null,
          answeredVia: null,
          answeredAt: null,
          cancelReason: null,
          successor: null,
          createdAt: '1970-01-01T00:00:00.001Z',
        },
      ],
    })
  })

  it('says when there is no such pipeline', async () => {
    const { status, body } = await call({ path: '/api/v1/pipelines/none-1.1/decisions' })
    expect({ status, code: body['code'] }).toEqual({ status: 404, code: 'PIPELINE_NOT_FOUND' })
  })

  it.each([
    ['no token', { token: null }],
    ['a wrong token', { token: 'token-of-mallory' }],
    ['an empty token', { token: '' }],
    ['the name for the token', { token: 'alice' }],
    ['the beginning of a token', { token: 'token-of-alic' }],
    ['both tokens in one', { token: 'token-of-alice token-of-ci' }],
    ['another scheme', { token: null, headers: { authorization: `Basic ${btoa('alice:token-of-alice')}` } }],
  ])('refuses %s on every route', async (_name, order) => {
    for (const { status, body } of [await call(order), await resolve(order)]) {
      expect({ status, code: body['code'] }).toEqual({ status: 401, code: 'UNAUTHORIZED' })
      expect(JSON.stringify(body)).not.toContain('token-of')
    }
    expect(submitted).toEqual([])
  })

  it('does not exist without tokens', async () => {
    for (const { status, body } of [await call({ at: closed }), await resolve({ at: closed })]) {
      expect({ status, code: body['code'] }).toEqual({ status: 404, code: 'ROUTE_NOT_FOUND' })
    }
  })

  it.each([
    ['an option id', '{"resolution":"continue"}', 'continue'],
    ['a label', '{"resolution":"Continue with post-reset state"}', 'Continue with post-reset state'],
    [
      'the envelope',
      '{"resolution":{"action":"select","selected":"abort"}}',
      { action: 'select', selected: 'abort' },
    ],
    ['the other name', '{"answer":"abort"}', 'abort'],
    ['nonsense, for the one who judges it', '{"answer":[1]}', [1]],
  ])('passes on %s', async (_name, body, answer) => {
    expect((await resolve({ body, token: 'token-of-ci' })).status).toBe(200)
    expect(submitted).toEqual([
      { pipelineId: 'harbour-1.1', decisionId: 'abc234', answer, actor: 'ci', via: 'rest' },
    ])
  })

  it('knows the command line by its header', async () => {
    await resolve({ headers: { 'x-belay-client': 'cli' } })
    expect(submitted).toMatchObject([{ actor: 'alice', via: 'cli' }])
  })

  it.each<[AnswerReply, number, object]>([
    [
      { kind: 'accepted', option: 'continue', isOpen: false },
      200,
      { option: 'continue', status: 'resolved' },
    ],
    [{ kind: 'accepted', option: 'rescue', isOpen: true }, 200, { option: 'rescue', status: 'pending' }],
    [{ kind: 'queued' }, 202, { status: 'pending' }],
    [{ kind: 'pipeline_not_found' }, 404, { code: 'PIPELINE_NOT_FOUND' }],
    [{ kind: 'decision_not_found' }, 404, { code: 'DECISION_NOT_FOUND' }],
    [
      { kind: 'already_resolved', answer: 'abort', by: 'bob' },
      409,
      { code: 'DECISION_ALREADY_RESOLVED', details: { decision: 'abc234', answer: 'abort', by: 'bob' } },
    ],
    [
      { kind: 'superseded', reason: 'superseded', successor: 'xyz789' },
      409,
      {
        code: 'DECISION_SUPERSEDED',
        details: { decision: 'abc234', reason: 'superseded', successor: 'xyz789' },
      },
    ],
    [
      { kind: 'not_an_option', options: ['continue', 'abort'] },
      422,
      { code: 'DECISION_OPTION_INVALID', details: { answer: 'continue', options: ['continue', 'abort'] } },
    ],
  ])('answers %o', async (given, status, body) => {
    reply = given
    expect(await resolve({})).toMatchObject({ status, body })
  })

  it.each([
    ['no body', ''],
    ['broken JSON', '{"resolution"'],
    ['a list', '["continue"]'],
    ['null', 'null'],
    ['neither name', '{"__proto__":{"answer":"continue"}}'],
    ['both names', '{"answer":"a","resolution":"b"}'],
  ])('refuses %s before anybody is asked', async (_name, body) => {
    expect(await resolve({ body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } })
    expect(submitted).toEqual([])
  })

  it('refuses a form and a huge body', async () => {
    const form = await resolve({ headers: { 'content-type': 'text/plain' } })
    expect(form).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } })
    const huge = await resolve({ body: JSON.stringify({ answer: 'x'.repeat(20_000) }) })
    expect(huge).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } })
    expect(submitted).toEqual([])
  })
})

describe('POST decisions/{decision}/cancel', () => {
  const cancel = (order: Order = {}) => call({ path: `${BASE}/abc234/cancel`, method: 'POST', ...order })

  it.each<[CancelReply, number, object]>([
    [{ kind: 'cancelled', decision: 'abc234' }, 200, { decision: 'abc234', status: 'cancelled' }],
    [{ kind: 'queued' }, 202, { decision: 'abc234', status: 'pending' }],
    [{ kind: 'pipeline_not_found' }, 404, { code: 'PIPELINE_NOT_FOUND' }],
    [{ kind: 'decision_not_found' }, 404, { code: 'DECISION_NOT_FOUND' }],
    [{ kind: 'already_resolved', answer: 'abort', by: 'bob' }, 409, { code: 'DECISION_ALREADY_RESOLVED' }],
    [
      { kind: 'superseded', reason: 'superseded', successor: 'xyz789' },
      409,
      {
        code: 'DECISION_SUPERSEDED',
        details: { decision: 'abc234', reason: 'superseded', successor: 'xyz789' },
      },
    ],
  ])('answers %o', async (given, status, body) => {
    cancelled = given
    expect(await cancel({ token: 'token-of-ci' })).toMatchObject({ status, body })
    expect(asked).toEqual([{ pipelineId: 'harbour-1.1', decisionId: 'abc234', actor: 'ci', via: 'rest' }])
  })

  it('asks nobody without a token', async () => {
    expect(await cancel({ token: null })).toMatchObject({ status: 401 })
    expect(await cancel({ at: closed })).toMatchObject({ status: 404 })
    expect(asked).toEqual([])
  })
})

describe('postAnswer', () => {
  const posted = {
    token: 'token-of-alice',
    pipelineId: 'harbour-1.1',
    decisionId: 'abc234',
    answer: 'continue',
  }
  const addressNow = (): string => `http://127.0.0.1:${world.server.address.port}`

  it('hands the answer in as the command line', async () => {
    expect(await postAnswer({ ...posted, address: addressNow() })).toEqual({
      kind: 'accepted',
      option: 'continue',
      isOpen: false,
    })
    expect(submitted).toMatchObject([{ via: 'cli', answer: 'continue', actor: 'alice' }])
    reply = { kind: 'queued' }
    expect(await postAnswer({ ...posted, address: addressNow() })).toEqual({ kind: 'queued' })
  })

  it('returns a refusal in the words of the process', async () => {
    reply = { kind: 'already_resolved', answer: 'abort', by: 'bob' }
    expect(await postAnswer({ ...posted, address: addressNow() })).toEqual({
      kind: 'refused',
      message: 'The question `abc234` was already answered with `abort` by bob.',
      hint: expect.any(String),
    })
  })

  it('says that nobody answers, or that it is somebody else', async () => {
    const other = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      log: keepLog(),
      routes: [
        {
          method: 'POST',
          pattern: '/api/v1/pipelines/{id}/decisions/{decision}/resolve',
          handle: async () => ({ status: 404, body: [] }),
        },
      ],
    })
    const address = `http://127.0.0.1:${other.address.port}`
    const isUnreachable = (error: unknown): boolean => isAppError(error, 'SERVER_UNREACHABLE')
    await expect(postAnswer({ ...posted, address })).rejects.toSatisfy(isUnreachable)
    await other.close()
    await expect(postAnswer({ ...posted, address })).rejects.toSatisfy(isUnreachable)
  })
})
