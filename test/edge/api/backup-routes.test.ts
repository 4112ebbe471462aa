import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insert } from '../../../src/domain/changes.ts'
import { isAppError } from '../../../src/domain/errors/app-error.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import { postRescue } from '../../../src/edge/post-rescue.ts'
import type { RescueReply, SubmittedRescue } from '../../../src/ports/rescues.ts'
import { groundwork } from '../../adapters/db/rows.ts'
import { backup } from '../../domain/text/samples.ts'
import { keepLog } from '../edge-world.ts'
import { openApiWorld, type Answer, type ApiWorld, type Call } from './api-world.ts'

const LIST = '/api/v1/pipelines/harbour-1.1/backups'
const PIN = backup({
  sessionId: 'harbour-1',
  projectId: 'harbour',
  operationId: 'stopped',
  reason: 'stopped',
})
const RESCUE = `/api/v1/backups/${PIN.id}/rescue`
const RESCUED: RescueReply = {
  kind: 'rescued',
  branch: 'belay/rescue/harbour-1-1',
  head: 'a'.repeat(40),
  compareUrl: 'https://github.com/acme/harbour/compare/a...b',
  leftOut: ['.env'],
}

let world: ApiWorld
let closed: HttpServer
let submitted: SubmittedRescue[]
let reply: RescueReply

beforeAll(async () => {
  const submitRescue = (rescue: SubmittedRescue): Promise<RescueReply> => {
    submitted.push(rescue)
    return Promise.resolve(reply)
  }
  world = await openApiWorld({ parts: { submitRescue } })
  const stored = await world.store.commit([...groundwork(), insert('backups', PIN)], null)
  expect(stored).toEqual({ kind: 'committed' })
  closed = await world.start({ tokens: [], parts: { submitRescue } })
})
afterAll(() => world.close())
beforeEach(() => {
  submitted = []
  reply = RESCUED
})

const call = ({ at, ...order }: Call & { readonly at?: HttpServer }): Promise<Answer> => world.call(order, at)

describe('GET pipelines/{id}/backups', () => {
  it('lists the pins of the session with their refs and why they were made', async () => {
    const { status, body } = await call({ path: LIST })
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        backups: [
          {
            id: PIN.id,
            session: 'harbour-1',
            repository: 'quay/harbour',
            pr: 5,
            pipeline: null,
            reason: 'stopped',
            case: null,
            refs: {
              head: { ref: `${PIN.prefix}/head`, sha: PIN.head },
              index: { ref: `${PIN.prefix}/index`, sha: PIN.index },
              worktree: { ref: `${PIN.prefix}/worktree`, sha: PIN.worktree },
            },
            push: 'pushed',
            pushRefusal: null,
            filesPush: null,
            rescueBranch: null,
            dirtyRescueBranch: null,
            createdAt: new Date(PIN.createdAt).toISOString(),
          },
        ],
      },
    })
  })

  it.each([
    ['an unknown pipeline', { path: '/api/v1/pipelines/none-1.1/backups' }, 404, 'PIPELINE_NOT_FOUND'],
    ['a wrong token', { path: LIST, token: 'wrong' }, 401, 'UNAUTHORIZED'],
  ])('refuses %s', async (_what, order, status, code) => {
    const refused = await call(order)
    expect({ status: refused.status, code: refused.body['code'] }).toEqual({ status, code })
  })
})

describe('POST backups/{id}/rescue', () => {
  it.each([
    ['{}', { content: 'commits', branch: null }],
    ['{"dirty":true}', { content: 'dirty', branch: null }],
    ['{"dirty":false,"branch":"rescue/monday"}', { content: 'commits', branch: 'rescue/monday' }],
  ])('hands %s in for the token’s name', async (body, order) => {
    const { status, body: answer } = await call({ path: RESCUE, body })
    expect({ status, answer }).toEqual({
      status: 200,
      answer: {
        backup: PIN.id,
        branch: 'belay/rescue/harbour-1-1',
        head: 'a'.repeat(40),
        compareUrl: 'https://github.com/acme/harbour/compare/a...b',
        leftOut: ['.env'],
      },
    })
    expect(submitted).toEqual([{ ...order, backupId: PIN.id, actor: 'alice', via: 'rest' }])
  })

  it.each<[RescueReply, number, string | undefined]>([
    [{ kind: 'queued' }, 202, undefined],
    [{ kind: 'backup_not_found' }, 404, 'BACKUP_NOT_FOUND'],
    [{ kind: 'nothing_dirty', leftOut: [] }, 422, 'BACKUP_EMPTY'],
    [{ kind: 'pin_damaged', detail: 'bad object' }, 409, 'BACKUP_DAMAGED'],
    [{ kind: 'refused', branch: 'x', refusal: 'ruleset', detail: 'GH013' }, 409, 'RESCUE_REFUSED'],
  ])('answers %j with %i', async (outcome, status, code) => {
    reply = outcome
    const answer = await call({ path: RESCUE, body: '{}' })
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code })
  })

  it.each(['', 'x', '[]', '"x"', '{"dirty":"yes"}', '{"branch":"a..b"}', '{"branch":7}', '{"force":true}'])(
    'refuses the body %j and hands nothing in',
    async (body) => {
      const { status, body: answer } = await call({ path: RESCUE, body })
      expect({ status, code: answer['code'] }).toEqual({ status: 400, code: 'REQUEST_INVALID' })
      expect(submitted).toEqual([])
    },
  )

  it('asks for a token first, and does not exist without any', async () => {
    expect(await call({ path: RESCUE, body: '{}', token: 'wrong' })).toMatchObject({ status: 401 })
    expect(await call({ path: RESCUE, body: '{}', at: closed })).toMatchObject({ status: 404 })
    expect(submitted).toEqual([])
  })
})

describe('postRescue', () => {
  const access = () => ({ address: `http://127.0.0.1:${world.server.address.port}`, token: 'token-of-alice' })
  const order = { backupId: PIN.id, content: 'dirty', branch: 'x/y' } as const

  it('brings the answer back as it was given', async () => {
    expect(await postRescue(access(), order)).toEqual(RESCUED)
    expect(submitted).toEqual([{ ...order, actor: 'alice', via: 'cli' }])
    reply = { kind: 'queued' }
    expect(await postRescue(access(), order)).toEqual({ kind: 'queued' })
    reply = { kind: 'backup_not_found' }
    expect(await postRescue(access(), order)).toMatchObject({ kind: 'refused' })
  })

  it('does not take somebody else’s success for ours', async () => {
    const stranger = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      log: keepLog(),
      routes: [
        {
          method: 'POST',
          pattern: RESCUE,
          handle: () => Promise.resolve({ status: 200, body: { hello: 'world' } }),
        },
      ],
    })
    try {
      const address = `http://127.0.0.1:${stranger.address.port}`
      const failure: unknown = await postRescue({ address, token: 'x' }, order).catch(
        (error: unknown) => error,
      )
      expect(isAppError(failure, 'SERVER_UNREACHABLE')).toBe(true)
    } finally {
      await stranger.close()
    }
  })
})
