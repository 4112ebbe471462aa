// What happens to a pull request besides its texts: merging, drafts, queues, plans, bases, branches and forks that go.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { deleteRepository, renameRepository } from './repository-changes.ts'
import { createRocket, createToken, graphqlWith, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'
import { truthOf } from './truth.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let branch: string
let ask: ReturnType<typeof graphqlWith>

beforeAll(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  ask = graphqlWith(fake, await createToken(fake, 'acme'))
})

afterAll(() => fake.stop())

beforeEach(async ({ task }) => {
  repo.protection = {}
  branch = task.id.replaceAll(/\W/g, '-')
  await repo.push({ by: 'alice', branch, files: { [`${branch}.txt`]: 'ours\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: branch })
})

async function read(fields: string, number = pr.number): Promise<unknown> {
  const query = `query ($number: Int!) { repository(owner: "acme", name: "rocket") { pullRequest(number: $number) { ${fields} } } }`
  const { data, errors } = await ask(query, { number })
  expect(errors).toEqual([])
  return (data as { repository: { pullRequest: unknown } }).repository.pullRequest
}

const mergeability = (): Promise<unknown> => read('mergeable mergeStateStatus')
const unknown = { mergeable: 'UNKNOWN', mergeStateStatus: 'UNKNOWN' }
const clean = { mergeable: 'MERGEABLE', mergeStateStatus: 'CLEAN' }

describe('mergeability', () => {
  it('is unknown after every move of head or base, and known when asked again', async () => {
    expect([await mergeability(), await mergeability()]).toEqual([unknown, clean])
    await repo.push({ by: 'carol', branch: 'main', files: { [`${branch}.txt`]: 'theirs\n' } })
    expect((await truthOf(pr)).isMergeable).toBe(false)
    expect([await mergeability(), await mergeability()]).toEqual([
      unknown,
      { mergeable: 'CONFLICTING', mergeStateStatus: 'DIRTY' },
    ])
    await repo.push({ by: 'alice', branch, files: { [`${branch}.txt`]: 'theirs\n' } })
    expect([await mergeability(), await mergeability()]).toEqual([unknown, clean])
    await pr.close('alice')
    expect(await mergeability()).toEqual(unknown)
  })

  it('sums up what stands against a merge', async () => {
    await mergeability()
    repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'unit', conclusion: 'failure' })
    expect(await mergeability()).toMatchObject({ mergeStateStatus: 'UNSTABLE' })
    repo.protection = { requiresReview: true, requiresUpToDate: true }
    expect(await read('reviewDecision mergeStateStatus')).toEqual({
      reviewDecision: 'REVIEW_REQUIRED',
      mergeStateStatus: 'BLOCKED',
    })
    await pr.review('carol', { state: 'approved' })
    await repo.push({ by: 'carol', branch: 'main', files: { 'else.txt': `${branch}\n` } })
    await mergeability()
    expect(await mergeability()).toEqual({ mergeable: 'MERGEABLE', mergeStateStatus: 'BEHIND' })
    await pr.setDraft('alice', true)
    expect(await read('isDraft mergeStateStatus')).toEqual({ isDraft: true, mergeStateStatus: 'DRAFT' })
  })
})

describe('a pull request', () => {
  it('shows its automatic merge and its place in the queue', async () => {
    const fields = `isInMergeQueue mergeQueueEntry { position state enqueuer { login } }
      autoMergeRequest { mergeMethod enabledBy { login } }`
    expect(await read(fields)).toEqual({
      isInMergeQueue: false,
      mergeQueueEntry: null,
      autoMergeRequest: null,
    })
    await pr.setAutoMerge('carol', 'squash')
    await pr.enqueue('carol')
    expect(await read(fields)).toEqual({
      isInMergeQueue: true,
      mergeQueueEntry: { position: 1, state: 'QUEUED', enqueuer: { login: 'carol' } },
      autoMergeRequest: { mergeMethod: 'SQUASH', enabledBy: { login: 'carol' } },
    })
    expect(await truthOf(pr)).toMatchObject({ isInMergeQueue: true, hasAutoMerge: true })
    await pr.dequeue('carol', 'CI_FAILURE')
    expect(fake.github.deliveries.at(-1)).toMatchObject({
      action: 'dequeued',
      payload: { reason: 'CI_FAILURE' },
    })
    expect(await read('isInMergeQueue')).toEqual({ isInMergeQueue: false })
    await pr.merge('carol')
    expect(await read('autoMergeRequest { mergeMethod } mergeCommit { oid }')).toEqual({
      autoMergeRequest: null,
      mergeCommit: { oid: pr.mergeCommitSha },
    })
  })

  it('follows a new base, and tells the old one', async () => {
    await repo.push({ by: 'alice', branch: `base-${branch}`, files: { 'base.txt': 'x\n' } })
    await pr.edit('alice', { base: `base-${branch}` })
    expect(await read('baseRefName baseRef { name }')).toEqual({
      baseRefName: `base-${branch}`,
      baseRef: { name: `base-${branch}` },
    })
    expect(fake.github.deliveries.at(-1)?.payload).toMatchObject({
      action: 'edited',
      changes: { base: { ref: { from: 'main' } } },
    })
  })

  it('keeps its name and head when the branch is gone', async () => {
    await pr.merge('carol')
    expect(await read('headRef { name target { oid } }')).toEqual({
      headRef: { name: branch, target: { oid: pr.headSha } },
    })
    await repo.push({ by: 'alice', branch, delete: true })
    expect(await read('state headRef { name } headRefName headRefOid')).toEqual({
      state: 'MERGED',
      headRef: null,
      headRefName: branch,
      headRefOid: pr.headSha,
    })
  })

  it('loses its head repository with a deleted fork', async () => {
    const fork = await repo.fork('mallory')
    await fork.push({ by: 'mallory', branch: 'idea', files: { 'idea.txt': 'x\n' } })
    const strange = await repo.openPullRequest({ by: 'mallory', head: 'idea', headRepository: fork })
    const fields =
      'isCrossRepository headRepository { nameWithOwner } headRef { name } headRepositoryOwner { login }'
    expect(await read(fields, strange.number)).toMatchObject({
      isCrossRepository: true,
      headRepository: { nameWithOwner: 'mallory/rocket' },
      headRef: { name: 'idea' },
    })
    deleteRepository(fork, 'mallory')
    expect(await read(fields, strange.number)).toMatchObject({ headRepository: null, headRef: null })
    await strange.edit('mallory', { title: 'Still here' })
    expect(fake.github.deliveries.at(-1)?.payload).toMatchObject({
      pull_request: { head: { repo: null, ref: 'idea' } },
    })
  })

  it('is found by the old name of its repository, and shows the new one', async () => {
    const old = await fake.github.createRepository({
      owner: 'acme',
      name: 'old',
      collaborators: { alice: 'write' },
    })
    await old.push({ by: 'alice', branch, files: { 'a.txt': 'x\n' } })
    const found = await old.openPullRequest({ by: 'alice', head: branch })
    renameRepository(old, 'carol', 'new')
    const query = `query ($id: ID!) { repository(owner: "acme", name: "old") { nameWithOwner pullRequest(number: 1) { url } }
      node(id: $id) { ... on PullRequest { repository { nameWithOwner } } } }`
    const { data, errors } = await ask(query, { id: found.nodeId })
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      repository: {
        nameWithOwner: 'acme/new',
        pullRequest: { url: expect.stringContaining('/acme/new/pull/1') },
      },
      node: { repository: { nameWithOwner: 'acme/new' } },
    })
  })

  it('is listed with others in the order that was asked for', async () => {
    fake.github.clock.advance(60_000)
    await pr.comment('alice', 'News')
    const query = `{ repository(owner: "acme", name: "rocket") { pullRequests(first: 1, states: OPEN,
      orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { number } pageInfo { hasNextPage endCursor } } } }`
    expect((await ask(query)).data).toMatchObject({
      repository: { pullRequests: { nodes: [{ number: pr.number }], pageInfo: { hasNextPage: true } } },
    })
  })

  it('moves its time for texts and pushes', async () => {
    const moved = async (act: () => Promise<unknown>): Promise<boolean> => {
      const { updatedAt } = pr
      fake.github.clock.advance(60_000)
      await act()
      return pr.updatedAt !== updatedAt
    }
    expect(await moved(() => pr.comment('alice', 'One'))).toBe(true)
    expect(await moved(() => pr.review('carol', { body: 'Two' }))).toBe(true)
    expect(await moved(() => pr.reviewComment('carol', { path: 'a', line: 1, body: 'Three' }))).toBe(true)
    expect(await moved(() => pr.edit('alice', { title: 'Four' }))).toBe(true)
    expect(await moved(() => repo.push({ by: 'alice', branch, files: { five: '5' } }))).toBe(true)
  })
})
