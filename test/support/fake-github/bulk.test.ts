// Much at once: set up with few processes and no webhooks, and answered page by page.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addThreads, openPullRequests } from './bulk.ts'
import type { FakeRepository } from './repository.ts'
import { createRocket, createToken, graphqlWith, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'
import { truthOf } from './truth.ts'

let fake: StartedFake
let repo: FakeRepository
let ask: ReturnType<typeof graphqlWith>

beforeAll(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  ask = graphqlWith(fake, await createToken(fake, 'acme'))
  await fake.github.settled()
})

afterAll(() => fake.stop())

interface Connection<T> {
  readonly totalCount: number
  readonly nodes: readonly T[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
}

interface Thread {
  readonly id: string
  readonly comments: Connection<{ readonly id: string; readonly body: string }>
}

describe('much at once', () => {
  it('is 500 threads with 3,000 comments, read in five pages, equal to the truth', async () => {
    await repo.push({ by: 'alice', branch: 'large', files: { 'many.txt': 'x\n' } })
    const pr = await repo.openPullRequest({ by: 'alice', head: 'large' })
    const sent = fake.github.deliveries.length
    addThreads(pr, { by: 'carol', count: 500, commentsEach: 6 })
    expect(fake.github.deliveries.length).toBe(sent)
    const query = `query ($after: String) { repository(owner: "acme", name: "rocket") { pullRequest(number: ${pr.number}) {
      reviewThreads(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        nodes { id comments(first: 50) { totalCount nodes { id body author { login } url createdAt isMinimized } } } } } } }`
    const read: Thread[] = []
    let after: string | null = null
    let pages = 0
    for (let isMore = true; isMore; pages += 1) {
      const { data, errors } = await ask(query, { after })
      expect(errors).toEqual([])
      const { repository } = data as { repository: { pullRequest: { reviewThreads: Connection<Thread> } } }
      const { nodes, pageInfo, totalCount } = repository.pullRequest.reviewThreads
      expect(totalCount).toBe(500)
      read.push(...nodes)
      isMore = pageInfo.hasNextPage
      after = pageInfo.endCursor
    }
    expect(pages).toBe(5)
    const { threads } = await truthOf(pr)
    const simple = ({
      id,
      comments,
    }: {
      id: string
      comments: readonly { id: string; body: string }[]
    }): unknown => [id, comments.map((comment) => [comment.id, comment.body])]
    expect(read.map(({ id, comments }) => simple({ id, comments: comments.nodes }))).toEqual(
      threads.map(simple),
    )
    expect(threads.reduce((sum, { comments }) => sum + comments.length, 0)).toBe(3000)
  })

  it('is 200 pull requests on branches of their own, really there in git', async () => {
    const sent = fake.github.deliveries.length
    const opened = await openPullRequests(repo, { by: 'alice', count: 200 })
    expect([opened.length, fake.github.deliveries.length]).toEqual([200, sent])
    const refs = await repo.git.refs()
    const heads = opened.map(({ number, headSha, headBranch }) => [
      refs.get(`refs/heads/${headBranch}`) === headSha,
      refs.get(`refs/pull/${number}/head`) === headSha,
    ])
    expect(heads.flat().every(Boolean)).toBe(true)
    expect(new Set(opened.map(({ headSha }) => headSha)).size).toBe(200)
    const aliases = opened.map(
      ({ number }) => `a${number}: pullRequest(number: ${number}) { headRefOid headRef { name } updatedAt
        reviewThreads(first: 1) { totalCount } commits(last: 1) { nodes { commit { statusCheckRollup { state } } } } }`,
    )
    const { data, errors } = await ask(
      `{ repository(owner: "acme", name: "rocket") { ${aliases.join('\n')} } }`,
    )
    expect(errors).toEqual([])
    const { repository } = data as { repository: Record<string, { headRefOid: string }> }
    expect(
      opened.filter(({ number, headSha }) => repository[`a${number}`]?.headRefOid === headSha),
    ).toHaveLength(200)
    // Twice 200 connections are 4 points.
    expect(fake.github.graphqlCalls.list.at(-1)).toMatchObject({ points: 4, nodeCount: 400 })
    await repo.push({ by: 'carol', branch: 'main', files: { 'many-7.txt': 'taken\n' } })
    const merging = opened.map(
      ({ number }) => `a${number}: pullRequest(number: ${number}) { headRefName mergeable }`,
    )
    const askMergeable = async (): Promise<readonly { headRefName: string; mergeable: string }[]> => {
      const answer = await ask(`{ repository(owner: "acme", name: "rocket") { ${merging.join('\n')} } }`)
      const all = answer.data as { repository: Record<string, { headRefName: string; mergeable: string }> }
      return Object.values(all.repository)
    }
    expect(new Set((await askMergeable()).map(({ mergeable }) => mergeable))).toEqual(new Set(['UNKNOWN']))
    const known = await askMergeable()
    expect(known.filter(({ mergeable }) => mergeable !== 'MERGEABLE')).toEqual([
      { headRefName: 'many-7', mergeable: 'CONFLICTING' },
    ])
    expect(known).toHaveLength(200)
    const [first] = opened
    if (first === undefined) throw new Error('Nothing was opened.')
    await repo.push({ by: 'alice', branch: first.headBranch, files: { more: 'x\n' } })
    expect(await truthOf(first)).toMatchObject({ isMergeable: true, headBranch: 'many-1' })
    await first.merge('carol')
    expect((await truthOf(first)).state).toBe('merged')
  })
})
