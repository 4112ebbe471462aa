// The REST face through the official client: comments, reactions, roles, files, refs, check runs, recorded calls.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Octokit } from '@octokit/rest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { asInstallation, createRocket, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let octokit: Octokit

beforeEach(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature', title: 'A feature' })
  octokit = asInstallation(fake, 'acme')
})

afterEach(async () => {
  await fake.github.settled()
  await fake.stop()
})

const rocket = { owner: 'acme', repo: 'rocket' }

describe('comments', () => {
  it('are written, edited and deleted by the bot, and read like people read them', async () => {
    const at = { ...rocket, issue_number: pr.number }
    const { data } = await octokit.rest.issues.createComment({ ...at, body: 'Hello' })
    expect(pr.comments).toMatchObject([
      { id: data.id, nodeId: data.node_id, author: 'belay[bot]', body: 'Hello' },
    ])
    const id = { ...rocket, comment_id: data.id }
    await octokit.rest.issues.updateComment({ ...id, body: 'Hello again' })
    expect((await octokit.rest.issues.getComment(id)).data.body).toBe('Hello again')
    expect(pr.comments[0]?.lastEditedAt).not.toBeNull()
    await octokit.rest.issues.deleteComment(id)
    expect(pr.comments).toEqual([])
    await expect(octokit.rest.issues.getComment(id)).rejects.toMatchObject({ status: 404 })
  })

  it('come in pages with links to the others', async () => {
    for (let count = 1; count <= 5; count += 1) await pr.comment('alice', `number ${count}`)
    const at = { ...rocket, issue_number: pr.number, per_page: 2 }
    const first = await octokit.rest.issues.listComments(at)
    expect(first.data.map(({ body }) => body)).toEqual(['number 1', 'number 2'])
    expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/)
    const all = await octokit.paginate(octokit.rest.issues.listComments, at)
    expect(all.map(({ body }) => body)).toEqual([1, 2, 3, 4, 5].map((count) => `number ${count}`))
    expect(
      fake.github.countCalls({ route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments' }),
    ).toBe(4)
  })

  it('are refused when empty, too long, or on nothing', async () => {
    const write = (body: string, issue_number = 1): Promise<unknown> =>
      octokit.rest.issues.createComment({ ...rocket, issue_number, body })
    await expect(write(' ')).rejects.toMatchObject({ status: 422 })
    await expect(write('x'.repeat(65_537))).rejects.toMatchObject({ status: 422 })
    await expect(write('hello', 99)).rejects.toMatchObject({ status: 404 })
    await expect(write('x'.repeat(65_536))).resolves.toMatchObject({ status: 201 })
  })

  it('can be listed from a time on', async () => {
    fake.github.clock.set('2026-01-01T00:00:00Z')
    await pr.comment('alice', 'old')
    fake.github.clock.advance(60_000)
    await pr.comment('alice', 'new')
    const at = { ...rocket, issue_number: pr.number, since: '2026-01-01T00:00:30Z' }
    const { data } = await octokit.rest.issues.listComments(at)
    expect(data.map(({ body, created_at }) => [body, created_at])).toEqual([['new', '2026-01-01T00:01:00Z']])
  })
})

describe('reactions', () => {
  it('are new once and then the same', async () => {
    const comment = await pr.comment('alice', '/belay run')
    const eyes = { ...rocket, comment_id: comment.id, content: 'eyes' } as const
    expect((await octokit.rest.reactions.createForIssueComment(eyes)).status).toBe(201)
    expect((await octokit.rest.reactions.createForIssueComment(eyes)).status).toBe(200)
    await pr.react('bob', comment.id, 'eyes')
    expect(comment.reactions.map(({ by, content }) => [by, content])).toEqual([
      ['belay[bot]', 'eyes'],
      ['bob', 'eyes'],
    ])
    const { data } = await octokit.rest.reactions.listForIssueComment({ ...rocket, comment_id: comment.id })
    expect(data.map(({ user }) => user?.login)).toEqual(['belay[bot]', 'bob'])
    const own = { ...rocket, comment_id: comment.id, reaction_id: data[0]?.id ?? 0 }
    await octokit.rest.reactions.deleteForIssueComment(own)
    expect(comment.reactions.map(({ by }) => by)).toEqual(['bob'])
  })

  it('go on issues and review comments, too', async () => {
    const line = await pr.reviewComment('carol', { path: 'a.txt', line: 1, body: 'Hm.' })
    const at = { ...rocket, comment_id: line.id, content: 'rocket' } as const
    expect((await octokit.rest.reactions.createForPullRequestReviewComment(at)).status).toBe(201)
    const issue = { ...rocket, issue_number: pr.number, content: '+1' } as const
    expect((await octokit.rest.reactions.createForIssue(issue)).status).toBe(201)
    expect([line.reactions.length, pr.reactions.length]).toEqual([1, 1])
  })
})

describe('roles', () => {
  it.each([
    ['acme', 'admin', 'admin'],
    ['carol', 'write', 'maintain'],
    ['alice', 'write', 'write'],
    ['dan', 'read', 'triage'],
    ['bob', 'read', 'read'],
    ['mallory', 'read', 'read'],
  ])('answers the role of %s in a public repository', async (username, permission, role_name) => {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...rocket, username })
    expect(data).toMatchObject({ permission, role_name, user: { login: username } })
  })

  it('answers none for strangers of a private repository, the custom name of a role, and 404 for nobody', async () => {
    const secret = await fake.github.createRepository({ owner: 'acme', name: 'secret', private: true })
    secret.setRole('eve', { role: 'release-crew', permission: 'write' })
    const ask = (username: string) =>
      octokit.rest.repos.getCollaboratorPermissionLevel({ owner: 'acme', repo: 'secret', username })
    expect((await ask('mallory')).data).toMatchObject({ permission: 'none', role_name: 'none' })
    expect((await ask('eve')).data).toMatchObject({ permission: 'write', role_name: 'release-crew' })
    await expect(ask('nobody-at-all')).rejects.toMatchObject({ status: 404 })
    await expect(secret.openIssue({ by: 'mallory', title: 'x' })).rejects.toThrow('can not see')
    await expect(repo.push({ by: 'bob', branch: 'main' })).rejects.toThrow('may not write')
  })

  it('knows people and the bot by name', async () => {
    const { data } = await octokit.rest.users.getByUsername({ username: 'belay[bot]' })
    expect(data).toMatchObject({ login: 'belay[bot]', type: 'Bot', id: fake.github.world.app.bot.id })
    await expect(octokit.rest.users.getByUsername({ username: 'nobody' })).rejects.toMatchObject({
      status: 404,
    })
  })
})

describe('files, refs and pull requests', () => {
  it('reads files from git, encoded or raw, at any ref', async () => {
    const path = '.github/belay.yml'
    const { data } = await octokit.rest.repos.getContent({ ...rocket, path })
    expect(data).toMatchObject({ type: 'file', encoding: 'base64', path })
    expect('content' in data && Buffer.from(data.content, 'base64').toString()).toBe('version: 1\n')
    const raw = await octokit.rest.repos.getContent({ ...rocket, path, mediaType: { format: 'raw' } })
    expect(raw.data).toBe('version: 1\n')
    const ref = { ...rocket, path: 'a.txt', ref: 'feature' }
    expect((await octokit.rest.repos.getContent(ref)).status).toBe(200)
    await expect(octokit.rest.repos.getContent({ ...ref, ref: 'main' })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('creates and reads refs of any namespace, once', async () => {
    const ref = 'belay/backup/rocket-1/1-a/head'
    const sha = pr.headSha
    expect((await octokit.rest.git.createRef({ ...rocket, ref: `refs/${ref}`, sha })).status).toBe(201)
    expect((await octokit.rest.git.getRef({ ...rocket, ref })).data.object.sha).toBe(sha)
    const again = octokit.rest.git.createRef({ ...rocket, ref: `refs/${ref}`, sha })
    await expect(again).rejects.toMatchObject({ status: 422 })
    await octokit.rest.git.deleteRef({ ...rocket, ref })
    await expect(octokit.rest.git.getRef({ ...rocket, ref })).rejects.toMatchObject({ status: 404 })
  })

  it('shows pull requests with head, base and whether they merge', async () => {
    const at = { ...rocket, pull_number: pr.number }
    expect((await octokit.rest.pulls.get(at)).data.mergeable).toBeNull()
    const { data } = await octokit.rest.pulls.get(at)
    expect(data).toMatchObject({
      state: 'open',
      mergeable: true,
      head: { ref: 'feature', sha: pr.headSha },
      commits: 1,
    })
    const listed = await octokit.rest.pulls.list({ ...rocket, head: 'acme:feature' })
    expect(listed.data.map(({ number }) => number)).toEqual([pr.number])
    expect((await octokit.rest.pulls.list({ ...rocket, state: 'closed' })).data).toEqual([])
    expect((await octokit.rest.issues.get({ ...rocket, issue_number: 1 })).data.pull_request).toBeDefined()
    const { data: byId } = await octokit.request('GET /repositories/{id}', { id: repo.id })
    expect(byId).toMatchObject({ full_name: 'acme/rocket' })
  })
})

describe('recorded calls', () => {
  it('tell route, status, actor and body, and unknown routes stand out', async () => {
    await octokit.rest.issues.createComment({ ...rocket, issue_number: 1, body: 'Hello' })
    await expect(octokit.request('GET /repos/acme/rocket/nonsense')).rejects.toMatchObject({ status: 404 })
    const actor = `installation:${fake.github.installations[0]?.id}`
    expect(fake.github.calls.at(-2)).toMatchObject({
      method: 'POST',
      path: '/api/v3/repos/acme/rocket/issues/1/comments',
      route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      status: 201,
      actor,
      requestBody: { body: 'Hello' },
    })
    expect(fake.github.unknownRoutes.map(({ path }) => path)).toEqual(['/api/v3/repos/acme/rocket/nonsense'])
    expect(fake.github.countCalls({ actor, status: 404 })).toBe(1)
    expect(fake.github.countCalls(({ route }) => route.startsWith('POST'))).toBe(2)
  })
})
