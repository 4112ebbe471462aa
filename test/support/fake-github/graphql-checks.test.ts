// What is checked on a commit, as GraphQL and REST show it: runs, reruns, suites with and without runs, statuses.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import {
  asInstallation,
  createRocket,
  createToken,
  graphqlWith,
  startFakeGitHub,
} from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'
import { truthOf } from './truth.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let seen = 0

beforeAll(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
})

afterAll(() => fake.stop())

beforeEach(async ({ task }) => {
  const branch = task.id.replaceAll(/\W/g, '-')
  await repo.push({ by: 'alice', branch, files: { [`${branch}.txt`]: 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: branch })
  seen = fake.github.deliveries.length
})

function events(): string[] {
  const sent = fake.github.deliveries.slice(seen).map(({ event, action }) => `${event}.${action ?? ''}`)
  return sent.filter((name) => /^(check|status)/.test(name))
}

const commitQuery = `query ($number: Int!) { repository(owner: "acme", name: "rocket") { pullRequest(number: $number) {
  commits(last: 1) { totalCount nodes { commit { oid messageHeadline
    status { state contexts { context } context(name: "lint") { state } }
    statusCheckRollup { state contexts(first: 100) { totalCount checkRunCount statusContextCount nodes { __typename
      ... on CheckRun { databaseId name status conclusion title summary text
        annotations(first: 10) { nodes { path message annotationLevel location { start { line } } } }
        checkSuite { databaseId app { slug databaseId } } }
      ... on StatusContext { id context state description targetUrl } } } }
    checkSuites(first: 100) { nodes { status conclusion app { slug }
      checkRuns(first: 100) { nodes { name } } all: checkRuns(first: 100, filterBy: { checkType: ALL }) { totalCount } } }
  } } } } } }`

interface CommitAnswer {
  readonly status: unknown
  readonly statusCheckRollup: unknown
  readonly checkSuites: unknown
}

async function readCommit(permissions?: Record<string, string>): Promise<{
  readonly commit: CommitAnswer
  readonly errors: readonly Record<string, unknown>[]
}> {
  const ask = graphqlWith(fake, await createToken(fake, 'acme', permissions && { permissions }))
  const { data, errors } = await ask(commitQuery, { number: pr.number })
  const answer = data as {
    repository: { pullRequest: { commits: { nodes: { commit: CommitAnswer }[] } } }
  }
  const [node] = answer.repository.pullRequest.commits.nodes
  if (node === undefined) throw new Error('The pull request has no commit.')
  return { commit: node.commit, errors }
}

const failure = {
  title: 'Two errors',
  summary: 'In **a.txt**',
  text: 'Long.',
}

describe('checks of a commit', () => {
  it('are nothing until somebody reports, a suite without runs included', async () => {
    repo.reportSuite({ app: 'silent', headSha: pr.headSha })
    const { commit, errors } = await readCommit()
    expect(errors).toEqual([])
    expect(commit).toMatchObject({
      oid: pr.headSha,
      status: null,
      statusCheckRollup: null,
      checkSuites: {
        nodes: [
          {
            status: 'QUEUED',
            conclusion: null,
            app: { slug: 'silent' },
            checkRuns: { nodes: [] },
            all: { totalCount: 0 },
          },
        ],
      },
    })
    expect((await truthOf(pr)).checks).toEqual([])
  })

  it('are runs and statuses of several apps, the newest of each name', async () => {
    const { headSha } = pr
    const annotation = { path: 'a.txt', startLine: 3, endLine: 3, level: 'failure', message: 'Bad' } as const
    const annotations = [{ ...annotation, title: null, rawDetails: null }]
    repo.reportCheck({
      app: 'ci',
      headSha,
      name: 'unit',
      conclusion: 'failure',
      output: failure,
      annotations,
    })
    repo.reportCheck({ app: 'other', headSha, name: 'unit', status: 'in_progress' })
    await repo.reportStatus({ by: 'jenkins', sha: headSha, state: 'failure', context: 'lint' })
    await repo.reportStatus({ by: 'jenkins', sha: headSha, state: 'pending', context: 'docs' })
    const lint = {
      state: 'success',
      context: 'lint',
      description: 'Fine',
      targetUrl: 'https://ci.example/1',
    } as const
    await repo.reportStatus({ by: 'jenkins', sha: headSha, ...lint })
    const { commit, errors } = await readCommit()
    expect(errors).toEqual([])
    expect(commit).toMatchObject({
      status: {
        state: 'PENDING',
        contexts: [{ context: 'lint' }, { context: 'docs' }],
        context: { state: 'SUCCESS' },
      },
      statusCheckRollup: {
        state: 'FAILURE',
        contexts: {
          totalCount: 4,
          checkRunCount: 2,
          statusContextCount: 2,
          nodes: [
            {
              __typename: 'CheckRun',
              name: 'unit',
              status: 'COMPLETED',
              conclusion: 'FAILURE',
              ...failure,
              annotations: {
                nodes: [
                  {
                    path: 'a.txt',
                    message: 'Bad',
                    annotationLevel: 'FAILURE',
                    location: { start: { line: 3 } },
                  },
                ],
              },
              checkSuite: { app: { slug: 'ci' } },
            },
            { name: 'unit', status: 'IN_PROGRESS', conclusion: null, checkSuite: { app: { slug: 'other' } } },
            { __typename: 'StatusContext', context: 'docs', state: 'PENDING' },
            { context: 'lint', state: 'SUCCESS', description: 'Fine', targetUrl: 'https://ci.example/1' },
          ],
        },
      },
    })
    expect((await truthOf(pr)).checks).toMatchObject([
      { source: 'check_run', appSlug: 'ci', conclusion: 'failure' },
      { source: 'check_run', appSlug: 'other', conclusion: null },
      { source: 'status', name: 'docs', state: 'pending' },
      { source: 'status', name: 'lint', state: 'success' },
    ])
  })

  it('run again as new runs of the same name, and complete their suite again', async () => {
    const { headSha } = pr
    const first = repo.reportCheck({ app: 'ci', headSha, name: 'unit', conclusion: 'failure' })
    const second = repo.reportCheck({ app: 'ci', headSha, name: 'unit', status: 'in_progress' })
    expect((await readCommit()).commit).toMatchObject({
      statusCheckRollup: { state: 'PENDING', contexts: { nodes: [{ databaseId: second.id }] } },
      checkSuites: { nodes: [{ status: 'IN_PROGRESS', conclusion: null, all: { totalCount: 2 } }] },
    })
    expect(second.suiteId).toBe(first.suiteId)
    repo.updateCheck(second.id, { conclusion: 'success' })
    expect((await readCommit()).commit).toMatchObject({
      statusCheckRollup: { state: 'SUCCESS' },
      checkSuites: {
        nodes: [{ status: 'COMPLETED', conclusion: 'SUCCESS', checkRuns: { nodes: [{ name: 'unit' }] } }],
      },
    })
    expect(events()).toEqual([
      'check_run.created',
      'check_run.completed',
      'check_suite.completed',
      'check_run.created',
      'check_run.completed',
      'check_suite.completed',
    ])
  })

  it('belong to their commit, do not move the time of the pull request, and say so by webhook', async () => {
    const old = pr.headSha
    const { updatedAt } = pr
    fake.github.clock.advance(60_000)
    repo.reportCheck({ app: 'ci', headSha: old, name: 'unit', conclusion: 'failure' })
    await repo.reportStatus({ by: 'jenkins', sha: old, state: 'error', context: 'lint' })
    expect(pr.updatedAt).toBe(updatedAt)
    expect(fake.github.deliveries.at(-1)).toMatchObject({
      event: 'status',
      payload: { sha: old, state: 'error', context: 'lint', branches: [{ name: pr.headBranch }] },
    })
    await repo.push({ by: 'alice', branch: pr.headBranch, files: { 'x.txt': 'two\n' } })
    expect((await readCommit()).commit).toMatchObject({ oid: pr.headSha, statusCheckRollup: null })
  })

  it('are shown as far as the token may see them', async () => {
    const { headSha } = pr
    repo.reportCheck({ app: 'ci', headSha, name: 'unit' })
    await repo.reportStatus({ by: 'jenkins', sha: headSha, state: 'success', context: 'lint' })
    const base = { metadata: 'read', pull_requests: 'read', contents: 'read' }
    const { commit, errors } = await readCommit({ ...base, checks: 'read' })
    expect(commit).toMatchObject({
      status: null,
      statusCheckRollup: { contexts: { nodes: [{ name: 'unit' }, null] } },
      checkSuites: { nodes: [{ app: { slug: 'ci' } }] },
    })
    expect(errors.map(({ type }) => type)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    const path = [
      'repository',
      'pullRequest',
      'commits',
      'nodes',
      0,
      'commit',
      'statusCheckRollup',
      'contexts',
    ]
    expect(errors.map((error) => error['path'])).toContainEqual([...path, 'nodes', 1])
    const blind = await readCommit(base)
    expect(blind.commit).toMatchObject({ status: null, statusCheckRollup: null, checkSuites: null })
    expect(blind.errors).toHaveLength(3)
  })

  it('are found by id', async () => {
    const run = repo.reportCheck({ app: 'ci', headSha: pr.headSha, name: 'unit' })
    const status = await repo.reportStatus({ by: 'jenkins', sha: pr.headSha, state: 'success' })
    const ask = graphqlWith(fake, await createToken(fake, 'acme'))
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
      ... on CheckRun { repository { name } } ... on Commit { oid } } }`
    const { data } = await ask(
      `{ repository(owner: "acme", name: "rocket") { object(expression: "${pr.headBranch}") { id } } }`,
    )
    const commitId = (data as { repository: { object: { id: string } } }).repository.object.id
    const answer = await ask(query, { ids: [run.nodeId, run.suite.nodeId, status.nodeId, commitId] })
    expect(answer.data).toMatchObject({
      nodes: [
        { __typename: 'CheckRun', repository: { name: 'rocket' } },
        { __typename: 'CheckSuite' },
        { __typename: 'StatusContext' },
        { __typename: 'Commit', oid: pr.headSha },
      ],
    })
  })

  it('are written and read over REST', async () => {
    const { rest } = asInstallation(fake, 'acme')
    const rocket = { owner: 'acme', repo: 'rocket' }
    const annotation = {
      path: 'a.txt',
      start_line: 1,
      end_line: 2,
      annotation_level: 'warning',
      message: 'Hm',
    } as const
    const { data: run } = await rest.checks.create({
      ...rocket,
      name: 'Belay',
      head_sha: pr.headSha,
      output: { title: 'One', summary: 'Two', annotations: [annotation] },
    })
    expect(run.output.annotations_count).toBe(1)
    const { data: annotations } = await rest.checks.listAnnotations({ ...rocket, check_run_id: run.id })
    expect(annotations).toMatchObject([annotation])
    const { data: suites } = await rest.checks.listSuitesForRef({ ...rocket, ref: pr.headBranch })
    expect(suites).toMatchObject({ total_count: 1, check_suites: [{ status: 'queued', app: { id: 4711 } }] })
    for (const state of ['pending', 'success'] as const)
      await repo.reportStatus({ by: 'jenkins', sha: pr.headSha, state, context: 'lint' })
    const at = { ...rocket, ref: pr.headSha }
    expect((await rest.repos.getCombinedStatusForRef(at)).data).toMatchObject({
      state: 'success',
      total_count: 1,
    })
    const { data: statuses } = await rest.repos.listCommitStatusesForRef(at)
    expect(statuses.map(({ state }) => state)).toEqual(['success', 'pending'])
    const forbidden = rest.repos.createCommitStatus({ ...rocket, sha: pr.headSha, state: 'success' })
    await expect(forbidden).rejects.toMatchObject({ status: 403 })
  })
})
