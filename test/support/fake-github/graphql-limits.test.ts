// What GitHub demands of a query and takes for it: pages, nodes, points, permissions, and one bad part beside good ones.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getOperationAST, parse } from 'graphql'
import { githubSchema } from './graphql/github-schema.ts'
import { costOf } from './graphql/query-cost.ts'
import type { QueryCost } from './graphql/query-cost.ts'
import type { FakePullRequest } from './pull-request.ts'
import { createRocket, createToken, graphqlWith, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let pr: FakePullRequest
let ask: ReturnType<typeof graphqlWith>

beforeAll(async () => {
  fake = await startFakeGitHub()
  const repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  await repo.openIssue({ by: 'alice', title: 'Slow' })
  ask = graphqlWith(fake, await createToken(fake, 'acme'))
})

afterAll(() => fake.stop())

const inRepository = (fields: string): string => `{ repository(owner: "acme", name: "rocket") { ${fields} } }`

interface Page {
  readonly nodes: readonly { readonly body: string }[]
  readonly totalCount: number
  readonly pageInfo: Record<'startCursor' | 'endCursor', string> &
    Record<'hasNextPage' | 'hasPreviousPage', boolean>
}

async function page(paging: string): Promise<Page> {
  const fields = 'totalCount nodes { body } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }'
  const { data, errors } = await ask(
    inRepository(`pullRequest(number: 1) { comments(${paging}) { ${fields} } }`),
  )
  expect(errors).toEqual([])
  return (data as { repository: { pullRequest: { comments: Page } } }).repository.pullRequest.comments
}

const bodies = ({ nodes }: Page): string => nodes.map(({ body }) => body).join('')

describe('pages', () => {
  it('are stable while items come and go', async () => {
    for (const body of 'abcdef') await pr.comment('alice', body)
    const first = await page('first: 2')
    expect([bodies(first), first.pageInfo.hasNextPage, first.pageInfo.hasPreviousPage]).toEqual([
      'ab',
      true,
      false,
    ])
    const gone = pr.comments.slice(0, 2)
    for (const { id } of gone) await pr.deleteComment('alice', id)
    await pr.comment('alice', 'g')
    const second = await page(`first: 3, after: "${first.pageInfo.endCursor}"`)
    expect([bodies(second), second.totalCount, second.pageInfo.hasNextPage]).toEqual(['cde', 5, true])
    const third = await page(`first: 3, after: "${second.pageInfo.endCursor}"`)
    expect([bodies(third), third.pageInfo.hasNextPage]).toEqual(['fg', false])
    expect(bodies(await page(`first: 3, after: "${third.pageInfo.endCursor}"`))).toBe('')
    const last = await page('last: 2')
    expect([bodies(last), last.pageInfo.hasPreviousPage, last.pageInfo.hasNextPage]).toEqual([
      'fg',
      true,
      false,
    ])
    expect(bodies(await page(`last: 2, before: "${last.pageInfo.startCursor}"`))).toBe('de')
    const between = `first: 9, after: "${first.pageInfo.endCursor}", before: "${last.pageInfo.startCursor}"`
    expect(bodies(await page(between))).toBe('cde')
  })

  it.each([
    [
      'comments { nodes { id } }',
      'MISSING_PAGINATION_BOUNDARIES',
      'You must provide a `first` or `last` value',
    ],
    [
      'comments(first: 101) { nodes { id } }',
      'EXCESSIVE_PAGINATION',
      'Requesting 101 records on the `comments`',
    ],
    ['comments(first: 0) { nodes { id } }', 'INVALID_PAGINATION', 'cannot be less than one'],
    ['comments(first: 1, last: 1) { nodes { id } }', 'UNPROCESSABLE', 'Passing both `first` and `last`'],
  ])('refuse %s and answer what stands beside it', async (field, type, message) => {
    const { data, errors } = await ask(inRepository(`id issue(number: 2) { ${field} }`))
    expect(data).toMatchObject({ repository: { id: expect.any(String), issue: null } })
    expect(errors).toMatchObject([
      { type, message: expect.stringContaining(message), path: ['repository', 'issue', 'comments'] },
    ])
  })

  it('need no size to be counted', async () => {
    const { data, errors } = await ask(inRepository('issue(number: 2) { comments { totalCount } }'))
    expect([data, errors]).toEqual([{ repository: { issue: { comments: { totalCount: 0 } } } }, []])
  })
})

describe('the price of a query', () => {
  async function priceOf(query: string, variables: Record<string, unknown> = {}): Promise<QueryCost> {
    const document = parse(query)
    const operation = getOperationAST(document)
    if (!operation) throw new Error('No operation.')
    return costOf({ schema: await githubSchema(), document, operation, variables })
  }

  it('is the published one for the published example', async () => {
    const query = `{ viewer { ...on User { login repositories(first: 100) { edges { node { id
      issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id name } } } } } } } } } } } }`
    // 1 + 100 + 5,000 requests; 100 + 5,000 + 300,000 nodes.
    expect(await priceOf(query)).toEqual({ points: 51, nodeCount: 305_100 })
  })

  it('counts aliases, fragments and variables, leaves out what is skipped, and is never below 1', async () => {
    const threads = 'reviewThreads(first: $n) { nodes { comments(first: 10) { nodes { id } } } }'
    const query = `query ($n: Int = 50, $no: Boolean = false) {
      a: repository(owner: "a", name: "b") { pullRequest(number: 1) { ...T } }
      b: repository(owner: "a", name: "b") { pullRequest(number: 2) { ...T reviews(first: 100) @include(if: $no) { nodes { id } } } }
    } fragment T on PullRequest { ${threads} }`
    // Twice 1 + 50 requests, and twice 50 + 500 nodes.
    expect(await priceOf(query, { n: 50, no: false })).toEqual({ points: 1, nodeCount: 1100 })
    expect(await priceOf(query, { n: 100, no: true })).toEqual({ points: 2, nodeCount: 2300 })
    expect(await priceOf('{ viewer { login } }')).toEqual({ points: 1, nodeCount: 0 })
  })

  it('multiplies what is asked of many nodes by their number', async () => {
    const query =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequest { comments(first: 20) { nodes { id } } } } }'
    const ids = Array.from({ length: 100 }, (_, index) => `PR_${index}`)
    expect(await priceOf(query, { ids })).toEqual({ points: 1, nodeCount: 2000 })
  })

  it('is refused above 500,000 nodes before anything is run', async () => {
    const before = fake.github.graphqlCalls.total()
    const query = inRepository(`pullRequests(first: 100) { nodes { reviewThreads(first: 100) { nodes {
      comments(first: 50) { nodes { id } } } } } }`)
    const { status, data, errors } = await ask(query)
    expect([status, data]).toEqual([200, undefined])
    expect(errors).toEqual([
      {
        type: 'MAX_NODE_LIMIT_EXCEEDED',
        message:
          'This query requests up to 510,100 possible nodes which exceeds the maximum limit of 500,000.',
      },
    ])
    expect(fake.github.graphqlCalls.total()).toEqual(before)
  })
})

describe('points', () => {
  it('sink, are told in the answer and its headers, end in RATE_LIMITED, and come back after the hour', async () => {
    const id = fake.github.installations[0]?.id ?? 0
    const { rateLimits } = fake.github.world
    rateLimits.exhaust(id, 'graphql', 3)
    const counted = fake.github.graphqlCalls.total(id)
    const query = `{ rateLimit { cost remaining limit used nodeCount resetAt }
      repository(owner: "acme", name: "rocket") { pullRequests(first: 100) { nodes { comments(first: 10) { totalCount }
        reviews(first: 10) { totalCount } } } } }`
    const first = await ask(query)
    // 1 + 100 + 100 requests are 2 points.
    expect(first.data).toMatchObject({
      rateLimit: { cost: 2, remaining: 1, limit: 5000, used: 4999, nodeCount: 2100 },
    })
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1')
    expect(first.headers.get('x-ratelimit-resource')).toBe('graphql')
    const second = await ask(query)
    expect(second.data).toMatchObject({ rateLimit: { remaining: 0 } })
    const refused = await ask(query)
    expect([refused.status, refused.data, refused.headers.get('x-ratelimit-remaining')]).toEqual([
      200,
      undefined,
      '0',
    ])
    expect(refused.errors).toEqual([
      { type: 'RATE_LIMITED', message: `API rate limit already exceeded for installation ID ${id}.` },
    ])
    const { calls, points } = fake.github.graphqlCalls.total(id)
    expect([calls - counted.calls, points - counted.points]).toEqual([2, 4])
    expect(fake.github.graphqlCalls.list.at(-1)).toMatchObject({ isExceeded: true, points: 2 })
    fake.github.clock.advance(3_600_000)
    const fresh = graphqlWith(fake, await createToken(fake, 'acme'))
    expect((await fresh(query)).data).toMatchObject({ rateLimit: { remaining: 4998 } })
    ask = fresh
  })
})

describe('one bad part', () => {
  it('is null with an error of its own, and the other aliases are answered', async () => {
    await fake.github.createRepository({ owner: 'globex', name: 'hidden' })
    const query = `{
      good: repository(owner: "acme", name: "rocket") { pullRequest(number: 1) { number } }
      none: repository(owner: "acme", name: "rocket") { pullRequest(number: 99) { number } }
      issue: repository(owner: "acme", name: "rocket") { pullRequest(number: 2) { number } }
      gone: repository(owner: "acme", name: "gone") { id }
      hidden: repository(owner: "globex", name: "hidden") { id } }`
    const { status, data, errors } = await ask(query)
    expect(status).toBe(200)
    expect(data).toEqual({
      good: { pullRequest: { number: 1 } },
      none: { pullRequest: null },
      issue: { pullRequest: null },
      gone: null,
      hidden: null,
    })
    const told = errors.map(({ type, path, message }) => [type, path, message])
    const noNumber = (number: number): string =>
      `Could not resolve to a PullRequest with the number of ${number}.`
    const noName = (name: string): string => `Could not resolve to a Repository with the name '${name}'.`
    expect(told).toHaveLength(4)
    expect(told).toEqual(
      expect.arrayContaining([
        ['NOT_FOUND', ['none', 'pullRequest'], noNumber(99)],
        ['NOT_FOUND', ['issue', 'pullRequest'], noNumber(2)],
        ['NOT_FOUND', ['gone'], noName('acme/gone')],
        ['NOT_FOUND', ['hidden'], noName('globex/hidden')],
      ]),
    )
  })

  it('is a node that is not there, beside 99 that are', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    const ids = [pr.nodeId, 'PR_nothing', pr.repository.nodeId]
    const { data, errors } = await ask(query, { ids })
    expect(data).toEqual({ nodes: [{ id: pr.nodeId }, null, { id: pr.repository.nodeId }] })
    expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }])
    const tooMany = await ask(query, { ids: Array(101).fill(pr.nodeId) })
    expect(tooMany.errors).toMatchObject([{ type: 'ARGUMENT_LIMIT' }])
  })

  it('is a field that the token may not see', async () => {
    const permissions = { metadata: 'read', pull_requests: 'read' }
    const narrow = graphqlWith(fake, await createToken(fake, 'acme', { permissions }))
    const fields = `number commits(last: 1) { nodes { commit { oid checkSuites(first: 1) { totalCount } } } }`
    const { data, errors } = await narrow(inRepository(`pullRequest(number: 1) { ${fields} }`))
    expect(data).toEqual({
      repository: {
        pullRequest: { number: 1, commits: { nodes: [{ commit: { oid: pr.headSha, checkSuites: null } }] } },
      },
    })
    expect(errors).toMatchObject([{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }])
    const blind = graphqlWith(fake, await createToken(fake, 'acme', { permissions: { contents: 'read' } }))
    const nothing = await blind(inRepository('pullRequest(number: 1) { number }'))
    expect(nothing.data).toEqual({ repository: { pullRequest: null } })
    expect(nothing.errors).toMatchObject([{ type: 'FORBIDDEN', path: ['repository', 'pullRequest'] }])
  })
})
