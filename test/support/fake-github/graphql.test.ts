// GraphQL: queries really run against GitHub's schema, and see only what the token covers.
import { graphql } from '@octokit/graphql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import { createRocket, createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let pr: FakePullRequest
let ask: typeof graphql

beforeEach(async () => {
  fake = await startFakeGitHub()
  const repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  ask = askWith(await createToken(fake, 'acme'))
})

afterEach(async () => {
  await fake.github.settled()
  await fake.stop()
})

function askWith(token: string, baseUrl = fake.github.apiUrl): typeof graphql {
  return graphql.defaults({ baseUrl, headers: { authorization: `token ${token}` } })
}

const pullRequestQuery = `query ($number: Int!, $first: Int!, $after: String) {
  rateLimit { remaining }
  repository(owner: "acme", name: "rocket") {
    id databaseId
    pullRequest(number: $number) {
      id number state isDraft headRefOid headRefName baseRefName baseRefOid merged author { login __typename }
      comments(first: $first, after: $after) {
        nodes { id databaseId body author { login } createdAt lastEditedAt isMinimized viewerDidAuthor url }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

interface PullRequestAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly state: string
      readonly comments: {
        readonly nodes: readonly { readonly body: string; readonly lastEditedAt: string | null }[]
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
      }
    }
  }
}

async function readPage(after: string | null): Promise<PullRequestAnswer['repository']['pullRequest']> {
  const answer = await ask<PullRequestAnswer>(pullRequestQuery, { number: pr.number, first: 2, after })
  return answer.repository.pullRequest
}

describe('GraphQL', () => {
  it('answers a pull request with the pages of its comments', async () => {
    for (const body of ['one', 'two', 'three']) await pr.comment('alice', body)
    const first = await readPage(null)
    expect(first).toMatchObject({
      state: 'OPEN',
      headRefOid: pr.headSha,
      headRefName: 'feature',
      author: { login: 'alice' },
    })
    expect(first.comments.nodes.map(({ body }) => body)).toEqual(['one', 'two'])
    expect(first.comments.pageInfo.hasNextPage).toBe(true)
    const second = await readPage(first.comments.pageInfo.endCursor)
    expect(second.comments.nodes.map(({ body }) => body)).toEqual(['three'])
    expect(second.comments.pageInfo.hasNextPage).toBe(false)
  })

  it('shows when a comment was edited, and only then', async () => {
    fake.github.clock.set('2026-01-01T00:00:00Z')
    const comment = await pr.comment('alice', 'continue?')
    expect((await readPage(null)).comments.nodes[0]?.lastEditedAt).toBeNull()
    fake.github.clock.advance(5000)
    await pr.editComment('alice', comment.id, '/continue')
    expect((await readPage(null)).comments.nodes[0]).toMatchObject({
      body: '/continue',
      lastEditedAt: '2026-01-01T00:00:05Z',
    })
  })

  it('finds nodes by id and says who wrote them', async () => {
    const comment = await pr.comment('alice', 'hello')
    const query = `query ($id: ID!) { node(id: $id) { __typename ... on IssueComment { body databaseId pullRequest { number } } } }`
    expect(await ask(query, { id: comment.nodeId })).toEqual({
      node: { __typename: 'IssueComment', body: 'hello', databaseId: comment.id, pullRequest: { number: 1 } },
    })
    await pr.deleteComment('alice', comment.id)
    await expect(ask(query, { id: comment.nodeId })).rejects.toMatchObject({
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['node'],
          message: expect.stringContaining('Could not resolve to a node'),
        },
      ],
    })
  })

  it('finds reviews and review comments by id, and says when they were edited', async () => {
    fake.github.clock.set('2026-01-01T00:00:00Z')
    const review = await pr.review('carol', { body: '/belay status' })
    const first = await pr.reviewComment('bob', { path: 'a.txt', line: 1, body: 'Why?' })
    const reply = await pr.reviewComment('alice', { inReplyTo: first.id, body: '/continue' })
    const query = `query ($id: ID!) { node(id: $id) { __typename
      ... on Comment { body lastEditedAt author { login } }
      ... on PullRequestReview { state pullRequest { number } comments(first: 5) { totalCount } }
      ... on PullRequestReviewComment { path replyTo { databaseId } pullRequestReview { databaseId } } } }`
    expect(await ask(query, { id: review.nodeId })).toEqual({
      node: {
        __typename: 'PullRequestReview',
        body: '/belay status',
        lastEditedAt: null,
        author: { login: 'carol' },
        state: 'COMMENTED',
        pullRequest: { number: pr.number },
        comments: { totalCount: 0 },
      },
    })
    expect(await ask(query, { id: reply.nodeId })).toEqual({
      node: {
        __typename: 'PullRequestReviewComment',
        body: '/continue',
        lastEditedAt: null,
        author: { login: 'alice' },
        path: 'a.txt',
        replyTo: { databaseId: first.id },
        pullRequestReview: { databaseId: reply.reviewId },
      },
    })
    fake.github.clock.advance(5000)
    await pr.editReview(review, 'Never mind')
    await pr.editReviewComment(reply, '/abort')
    expect(await ask(query, { id: review.nodeId })).toMatchObject({
      node: { body: 'Never mind', lastEditedAt: '2026-01-01T00:00:05Z' },
    })
    expect(await ask(query, { id: reply.nodeId })).toMatchObject({
      node: { body: '/abort', lastEditedAt: '2026-01-01T00:00:05Z' },
    })
  })

  it('takes reactions to reviews and review comments from who may write to pull requests', async () => {
    const review = await pr.review('carol', { body: '/belay status' })
    const comment = await pr.reviewComment('bob', { path: 'a.txt', line: 1, body: '/continue' })
    const mutation = `mutation ($id: ID!) {
      addReaction(input: { subjectId: $id, content: ROCKET }) { subject { __typename id } }
    }`
    for (const [subject, name] of [
      [review, 'PullRequestReview'],
      [comment, 'PullRequestReviewComment'],
    ] as const) {
      expect(await ask(mutation, { id: subject.nodeId })).toEqual({
        addReaction: { subject: { __typename: name, id: subject.nodeId } },
      })
      expect(subject.reactions).toMatchObject([{ by: 'belay[bot]', content: 'rocket' }])
    }
    const permissions = { issues: 'write', pull_requests: 'read' } as const
    const reader = askWith(await createToken(fake, 'acme', { permissions }))
    await expect(reader(mutation, { id: review.nodeId })).rejects.toMatchObject({
      errors: [{ type: 'FORBIDDEN' }],
    })
  })

  it('adds and removes reactions', async () => {
    const comment = await pr.comment('alice', 'hello')
    const mutation = (verb: string): string => `mutation ($id: ID!) {
      ${verb}(input: { subjectId: $id, content: EYES }) { reaction { content } subject { id } }
    }`
    const answer = await ask(mutation('addReaction'), { id: comment.nodeId })
    expect(answer).toEqual({
      addReaction: { reaction: { content: 'EYES' }, subject: { id: comment.nodeId } },
    })
    expect(comment.reactions).toMatchObject([{ by: 'belay[bot]', content: 'eyes' }])
    await ask(mutation('removeReaction'), { id: comment.nodeId })
    expect(comment.reactions).toEqual([])
  })

  it('hides what the token does not cover and forbids what it may not', async () => {
    await fake.github.createRepository({ owner: 'globex', name: 'other' })
    const other = askWith(await createToken(fake, 'globex'))
    await expect(other(pullRequestQuery, { number: 1, first: 1 })).rejects.toMatchObject({
      errors: [{ type: 'NOT_FOUND', path: ['repository'], locations: [{ line: 3, column: 3 }] }],
    })
    const reader = askWith(await createToken(fake, 'acme', { permissions: { issues: 'read' } }))
    const mutation = `mutation ($id: ID!) { addReaction(input: { subjectId: $id, content: EYES }) { clientMutationId } }`
    await expect(reader(mutation, { id: pr.nodeId })).rejects.toMatchObject({
      errors: [{ type: 'FORBIDDEN' }],
    })
    await expect(askWith('ghs_wrong')(pullRequestQuery)).rejects.toMatchObject({ status: 401 })
  })

  it('refuses queries that GitHub would refuse, and fields it can not answer yet', async () => {
    await expect(ask('{ nonsense }')).rejects.toThrow('Cannot query field "nonsense"')
    await expect(ask('{ repository(owner: "acme", name: "rocket") { stargazerCount } }')).rejects.toThrow(
      'can not answer Repository.stargazerCount yet',
    )
    const unpaged = '{ repository(owner: "acme", name: "rocket") { pullRequests { nodes { id } } } }'
    await expect(ask(unpaged)).rejects.toThrow('You must provide a `first` or `last` value')
  })

  it('answers below the root address, too, and is recorded', async () => {
    const token = await createToken(fake, 'acme')
    expect(await askWith(token, fake.github.url)('{ viewer { login } }')).toEqual({
      viewer: { login: 'belay' },
    })
    expect(fake.github.calls.at(-1)).toMatchObject({ route: 'POST /graphql', path: '/graphql', status: 200 })
    expect(fake.github.unknownRoutes).toEqual([])
  })
})
