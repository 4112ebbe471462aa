// Faults of the API, seen by a client: failing, cut, slow, damaged and lagging answers.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../eventually.ts'
import type { FakePullRequest } from './pull-request.ts'
import { seededRandom } from './seeded-random.ts'
import { createRocket, createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let pr: FakePullRequest
let token: string

const pullRoute = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const pullPath = '/repos/acme/rocket/pulls/1'
const commentsPath = '/repos/acme/rocket/issues/1/comments'
const graphql = 'POST /graphql'

const query = `query ($size: Int = 10) {
  rateLimit { remaining }
  one: repository(owner: "acme", name: "rocket") {
    pullRequest(number: 1) { title comments(first: $size) { totalCount pageInfo { hasNextPage } nodes { body } } }
  }
  two: repository(owner: "acme", name: "rocket") { name }
}`

interface Seen {
  readonly status: number
  readonly json: unknown
}

beforeAll(async () => {
  fake = await startFakeGitHub()
  const repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  for (const text of ['a', 'b', 'c', 'd']) await pr.comment('alice', text)
  token = await createToken(fake, 'acme')
})

beforeEach(() => fake.github.faults.clear())

afterAll(async () => {
  await fake.github.settled()
  await fake.stop()
})

async function call(path: string, body?: object, signal?: AbortSignal): Promise<Seen> {
  const response = await fetch(`${fake.github.apiUrl}${path}`, {
    headers: { authorization: `token ${token}` },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, json: isJson ? JSON.parse(text) : text }
}

function ask(variables: object = {}): Promise<Seen> {
  return call('/graphql', { query, variables })
}

describe('failServer', () => {
  it.each([
    [500, { message: 'Server Error' }],
    [502, { message: 'Server Error' }],
    [503, expect.stringContaining('Unicorn')],
    [504, { message: expect.stringContaining("couldn't respond to your request in time") }],
  ] as const)('answers REST with %i once, then works again', async (status, json) => {
    fake.github.faults.failServer({ route: pullRoute, times: 1, status })
    expect(await call(pullPath)).toMatchObject({ status, json })
    expect((await call(pullPath)).status).toBe(200)
  })

  it('fails a GraphQL query in the shape of a GraphQL answer', async () => {
    fake.github.faults.failServer({ route: graphql, times: 1, status: 502 })
    expect(await ask()).toMatchObject({
      status: 502,
      json: { data: null, errors: [{ message: expect.stringContaining('may be the result of a timeout') }] },
    })
  })

  it('may fail after the write took effect, or before', async () => {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
    const texts = (): readonly string[] => pr.comments.slice(4).map(({ body }) => body)
    fake.github.faults.failServer({ route, times: 1, status: 502, when: 'after_effect' })
    expect((await call(commentsPath, { body: 'written' })).status).toBe(502)
    fake.github.faults.failServer({ route, times: 1, status: 502 })
    expect((await call(commentsPath, { body: 'not written' })).status).toBe(502)
    expect(texts()).toEqual(['written'])
  })

  it('may happen by chance, the same for the same seed, and for one installation only', async () => {
    const play = async (): Promise<readonly number[]> => {
      fake.github.faults.clear()
      const chance = { probability: 0.4, random: seededRandom(5) }
      fake.github.faults.failServer({ times: 100, status: 500, chance })
      const statuses: number[] = []
      for (let round = 0; round < 20; round += 1) statuses.push((await call(pullPath)).status)
      return statuses
    }
    const first = await play()
    expect(new Set(first)).toEqual(new Set([200, 500]))
    expect(await play()).toEqual(first)
    fake.github.faults.clear()
    fake.github.faults.failServer({ times: 100, status: 500, installationId: 1 })
    expect((await call(pullPath)).status).toBe(200)
  })
})

describe('failLargePages', () => {
  it('fails what asks for more than so many, in REST and in GraphQL, written out or as a variable', async () => {
    fake.github.faults.failLargePages({ above: 50, times: 100 })
    expect((await call(`${commentsPath}?per_page=100`)).status).toBe(502)
    expect((await call(`${commentsPath}?per_page=50`)).status).toBe(200)
    expect((await ask({ size: 51 })).status).toBe(502)
    expect((await ask({ size: 50 })).status).toBe(200)
    expect((await call('/graphql', { query: query.replace('$size)', '100)') })).status).toBe(502)
  })
})

describe('cutConnection', () => {
  it('ends in the middle of a body that was promised whole', async () => {
    fake.github.faults.cutConnection({ route: pullRoute, times: 1, when: 'in_body' })
    const response = await fetch(`${fake.github.apiUrl}${pullPath}`, {
      headers: { authorization: `token ${token}` },
    })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(fake.github.calls.at(-1)).toMatchObject({ route: pullRoute, status: 0 })
    expect((await call(pullPath)).status).toBe(200)
  })
})

describe('slowDown', () => {
  it('holds an answer back until it is released, while others are answered', async () => {
    fake.github.faults.slowDown({ route: pullRoute, times: 1 })
    const slow = call(pullPath)
    await eventually(() => fake.github.faults.heldAnswers === 1, { what: 'the answer is held back' })
    expect((await call('/repos/acme/rocket')).status).toBe(200)
    fake.github.faults.releaseAnswers()
    expect((await slow).status).toBe(200)
  })

  it('outlasts a client that gives up; the write has happened', async () => {
    fake.github.faults.slowDown({ times: 1 })
    const impatient = new AbortController()
    const write = call(commentsPath, { body: 'slow' }, impatient.signal)
    await eventually(() => fake.github.faults.heldAnswers === 1, { what: 'the answer is held back' })
    impatient.abort()
    await expect(write).rejects.toThrow()
    expect(pr.comments.at(-1)?.body).toBe('slow')
    fake.github.faults.releaseAnswers()
    expect((await call(pullPath)).status).toBe(200)
  })
})

describe('damage', () => {
  it('null_object: one alias is null with an error, the other is answered', async () => {
    fake.github.faults.damage({ times: 1, how: 'null_object', at: /^one$/ })
    expect(await ask()).toMatchObject({
      status: 200,
      json: {
        data: { one: null, two: { name: 'rocket' } },
        errors: [{ path: ['one'], message: expect.stringContaining('Something went wrong') }],
      },
    })
    expect((await ask()).json).not.toHaveProperty('errors')
  })

  it('null_object takes any alias when none is named, but never the limits', async () => {
    fake.github.faults.damage({ times: 1, how: 'null_object', victims: 9 })
    expect((await ask()).json).toMatchObject({
      data: { rateLimit: { remaining: expect.any(Number) }, one: null, two: null },
      errors: [{ path: ['one'] }, { path: ['two'] }],
    })
  })

  it('null_node, null_nodes, fewer_nodes: a list with a hole, none, or cut short, each with its error', async () => {
    const { json } = await ask()
    const whole = readComments(json)
    expect(whole.nodes).toHaveLength(whole.totalCount)
    const at = ['one', 'pullRequest', 'comments', 'nodes']
    fake.github.faults.damage({ times: 1, how: 'null_node', at: /comments$/, random: seededRandom(2) })
    const holed = await ask()
    const holes = readComments(holed.json).nodes?.flatMap((node, index) => (node === null ? [index] : []))
    expect(holes).toHaveLength(1)
    expect(holed.json).toMatchObject({ errors: [{ path: [...at, holes?.[0]] }] })
    fake.github.faults.damage({ times: 1, how: 'null_nodes' })
    const none = await ask()
    expect(readComments(none.json).nodes).toBeNull()
    expect(none.json).toMatchObject({ errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: at }] })
    fake.github.faults.damage({ times: 1, how: 'fewer_nodes' })
    const short = await ask()
    expect(readComments(short.json)).toMatchObject({
      totalCount: whole.totalCount,
      pageInfo: { hasNextPage: false },
      nodes: whole.nodes?.slice(0, Math.floor(whole.totalCount / 2)),
    })
    expect(short.json).toMatchObject({ errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: at }] })
  })

  it('adds up, and is not used up by answers that have no such field', async () => {
    fake.github.faults.damage({ times: 1, how: 'null_object', at: /^two$/ })
    fake.github.faults.damage({ times: 1, how: 'fewer_nodes' })
    const other = await call('/graphql', { query: 'query { viewer { login } }' })
    expect(other.json).not.toHaveProperty('errors')
    expect((await ask()).json).toMatchObject({ data: { two: null }, errors: [{ path: ['two'] }, {}] })
  })
})

describe('lagReads', () => {
  it('answers GraphQL and REST as before the last change, while the write is done', async () => {
    const title = async (): Promise<unknown> =>
      readPath((await ask()).json, 'data', 'one', 'pullRequest', 'title')
    const restTitle = async (): Promise<unknown> => readPath((await call(pullPath)).json, 'title')
    await pr.edit('alice', { title: 'Old' })
    expect([await title(), await restTitle()]).toEqual(['Old', 'Old'])
    await pr.edit('alice', { title: 'New' })
    fake.github.faults.lagReads({ times: 2 })
    expect([await title(), await restTitle()]).toEqual(['Old', 'Old'])
    expect([await title(), await restTitle()]).toEqual(['New', 'New'])
  })

  it('never lags in what is left of the limit, nor where nothing changed', async () => {
    const question = { query: `${query} # asked nowhere else` }
    const remaining = async (): Promise<number> =>
      Number(readPath((await call('/graphql', question)).json, 'data', 'rateLimit', 'remaining'))
    const first = await remaining()
    fake.github.faults.lagReads({ times: 1 })
    expect(await remaining()).toBeLessThan(first)
    await pr.edit('alice', { title: 'Newer still' })
    expect(await remaining()).toBeLessThan(first - 1)
  })
})

interface Comments {
  readonly totalCount: number
  readonly nodes: readonly unknown[] | null
}

function readComments(json: unknown): Comments {
  return readPath(json, 'data', 'one', 'pullRequest', 'comments') as Comments
}

function readPath(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  )
}
