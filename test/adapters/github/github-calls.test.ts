import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGitHub } from '../../../src/adapters/github/create-github.ts'
import type { GitHubOptions } from '../../../src/adapters/github/create-github.ts'
import type { GitHub } from '../../../src/ports/github.ts'
import { createAppKey } from '../../support/fake-github/index.ts'
import { SILENT } from './github-world.ts'

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const { privateKey } = createAppKey()
const REPOSITORY = { installationId: 1, owner: 'acme', name: 'rocket' }
const COMMENT = {
  kind: 'comment',
  target: 'status:rocket-1',
  repository: REPOSITORY,
  issueNumber: 1,
  body: 'x',
} as const
const NOW = Date.UTC(2025, 0, 31)

let server: Server
let answer: Answer | 'silence'
let asked: string[]
let now: number

beforeEach(async () => {
  asked = []
  now = NOW
  server = createServer((request, response) => {
    const path = request.url ?? ''
    if (path.includes('/access_tokens')) {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ token: 'ghs_x', expires_at: '2999-01-01T00:00:00Z', permissions: {} }))
      return
    }
    asked.push(path)
    if (answer === 'silence') return
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(JSON.stringify(answer.body ?? { message: 'a message' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('send, throttled', () => {
  it('writes at most once a second, as GitHub asks', async () => {
    answer = { status: 201, body: { id: 9 } }
    const github = open({ throttle: true })
    const started = performance.now()
    const effect = {
      kind: 'reaction',
      target: 'reaction:x',
      repository: REPOSITORY,
      subjectNodeId: 'x',
      content: 'eyes',
    } as const
    await Promise.all([1, 2].map(() => github.send({ effect, remoteId: null, mayExist: false })))
    expect(asked).toHaveLength(2)
    expect(performance.now() - started).toBeGreaterThan(900)
  })
})

describe('send, when GitHub does not take it', () => {
  it.each<readonly [string, Answer, number]>([
    ['retry-after', { status: 403, headers: { 'retry-after': '42' } }, 42_000],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 7000],
    [
      'a used up limit',
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 90) },
      },
      91_000,
    ],
    [
      'a secondary limit',
      { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } },
      60_000,
    ],
    [
      'writing too quickly',
      { status: 422, body: { message: 'Validation Failed: was submitted too quickly' } },
      60_000,
    ],
    ['a reset in the past', { status: 429, headers: { 'retry-after': '0' } }, 1000],
    ['an endless limit', { status: 429, headers: { 'retry-after': '999999' } }, 3_600_000],
  ])('waits as long as GitHub asks: %s', async (_name, given, afterMs) => {
    answer = given
    expect(await send()).toMatchObject({ kind: 'try_later', afterMs })
    expect(asked).toHaveLength(1)
  })

  it('makes no call at all while GitHub asks to wait, and goes on afterwards', async () => {
    const github = open()
    answer = { status: 403, headers: { 'retry-after': '10' } }
    await send(github)
    answer = { status: 201, body: { id: 9 } }
    now += 4000
    expect(await send(github)).toMatchObject({ kind: 'try_later', afterMs: 6000 })
    await expect(github.readFile(REPOSITORY, 'a')).rejects.toMatchObject({ code: 'GITHUB_RATE_LIMITED' })
    expect(asked).toHaveLength(1)
    now += 6001
    expect(await send(github)).toEqual({ kind: 'sent', remoteId: '9' })
  })

  it.each([403, 404, 410, 422])('gives up on %d', async (status) => {
    answer = { status }
    expect(await send()).toMatchObject({
      kind: 'refused',
      status,
      message: expect.stringContaining('a message'),
    })
  })

  it.each([500, 502, 503, 409])('tries again after %d', async (status) => {
    answer = { status, headers: { 'content-type': 'application/json' } }
    expect(await send()).toMatchObject({ kind: 'try_later', message: `status ${status}` })
    expect(asked).toHaveLength(1)
  })

  it.each([false, true])('waits when GraphQL reports its limit, throttled: %s', async (throttle) => {
    answer = {
      status: 200,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 90) },
      body: { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
    }
    const effect = {
      kind: 'reaction',
      target: 'reaction:x',
      repository: REPOSITORY,
      subjectNodeId: 'x',
      content: 'eyes',
    } as const
    expect(await open({ throttle }).send({ effect, remoteId: null, mayExist: false })).toMatchObject({
      kind: 'try_later',
      afterMs: 91_000,
    })
    expect(asked).toHaveLength(1)
  })

  it('repeats nothing by itself, throttled or not', async () => {
    answer = { status: 403, headers: { 'retry-after': '1' } }
    expect(await send(open({ throttle: true }))).toMatchObject({ kind: 'try_later', afterMs: 1000 })
    answer = { status: 502 }
    expect(await send(open({ throttle: true }))).toMatchObject({ kind: 'try_later' })
    expect(asked).toHaveLength(2)
  })

  it('tries again when no answer comes in time', async () => {
    answer = 'silence'
    const started = performance.now()
    expect(await send(open({ timeoutMs: 150 }))).toMatchObject({ kind: 'try_later' })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(asked).toHaveLength(1)
  })

  it('never shows a secret in what it says', async () => {
    answer = { status: 422, body: { message: 'bad token ghs_abcdefghijklmnopqrstuvwxyz0123456789' } }
    expect(JSON.stringify(await send())).not.toContain('ghs_abc')
  })
})

function open(over: Partial<GitHubOptions> = {}): GitHub {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return createGitHub({
    appId: 1,
    privateKey,
    apiBaseUrl: `http://127.0.0.1:${port}`,
    markerKey: 'a secret of sixteen',
    log: SILENT,
    throttle: false,
    now: () => now,
    ...over,
  })
}

function send(github = open()): ReturnType<GitHub['send']> {
  return github.send({ effect: COMMENT, remoteId: null, mayExist: false })
}
