import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepLog } from '../../edge/edge-world.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld

beforeEach(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.stop())

describe('readRole', () => {
  it.each([
    ['alice', 'write'],
    ['bob', 'read'],
    ['carol', 'maintain'],
    ['dan', 'triage'],
    ['stranger', 'read'],
    ['nobody-at-all', 'none'],
  ])('says what %s may do: %s', async (login, role) => {
    if (login === 'stranger') await world.pr.comment('stranger', 'hello')
    expect(await world.github.readRole(world.target, login)).toBe(role)
  })
})

describe('readRepository', () => {
  it('reads by number how it is called now, and nothing where the installation may not look', async () => {
    const { installationId, owner, name } = world.target
    const { id: repositoryId } = world.pr.repository
    expect(await world.github.readRepository({ installationId, repositoryId })).toMatchObject({
      installationId,
      repositoryId,
      owner,
      name,
      defaultBranch: 'main',
    })
    expect(await world.github.readRepository({ installationId, repositoryId: 999_999 })).toBeNull()
    expect(await world.github.readRepository({ installationId: 999_999, repositoryId })).toBeNull()
  })
})

describe('readPullRequest', () => {
  it('decodes it', async () => {
    expect(await world.github.readPullRequest(world.target, world.pr.number)).toEqual({
      number: world.pr.number,
      nodeId: world.pr.nodeId,
      title: 'A feature',
      url: `${world.fake.url}/acme/rocket/pull/${world.pr.number}`,
      author: { login: 'alice', isBot: false },
      state: 'open',
      isDraft: false,
      headRef: 'feature',
      headSha: world.pr.headSha,
      headRepositoryId: world.repo.id,
      baseRef: 'main',
      baseSha: world.pr.baseSha,
      updatedAt: Date.parse(world.pr.updatedAt),
    })
  })

  it('tells merged from closed, and null from nothing', async () => {
    await world.pr.merge('alice')
    expect((await world.github.readPullRequest(world.target, world.pr.number))?.state).toBe('merged')
    expect(await world.github.readPullRequest(world.target, 999)).toBeNull()
  })
})

describe('readComment', () => {
  it('says whether it was ever edited', async () => {
    const comment = await world.pr.comment('alice', '/continue')
    expect(await world.github.readComment(world.target, comment.nodeId)).toEqual({
      body: '/continue',
      wasEdited: false,
    })
    await world.pr.editComment('alice', comment.id, '/abort')
    expect(await world.github.readComment(world.target, comment.nodeId)).toEqual({
      body: '/abort',
      wasEdited: true,
    })
  })

  it('reads the text of a review', async () => {
    const review = await world.pr.review('alice', { state: 'changes_requested', body: '/continue' })
    expect(await world.github.readComment(world.target, review.nodeId)).toEqual({
      body: '/continue',
      wasEdited: false,
    })
    await world.pr.editReview(review, '/abort')
    expect(await world.github.readComment(world.target, review.nodeId)).toEqual({
      body: '/abort',
      wasEdited: true,
    })
  })

  it('reads a reply in a review thread', async () => {
    const first = await world.pr.reviewComment('bob', { path: 'a.txt', line: 1, body: 'Why?' })
    const reply = await world.pr.reviewComment('alice', { inReplyTo: first.id, body: '/continue' })
    expect(await world.github.readComment(world.target, reply.nodeId)).toEqual({
      body: '/continue',
      wasEdited: false,
    })
    await world.pr.editReviewComment(reply, '/abort')
    expect(await world.github.readComment(world.target, reply.nodeId)).toEqual({
      body: '/abort',
      wasEdited: true,
    })
  })

  it('is null when the comment was deleted', async () => {
    const comment = await world.pr.comment('alice', '/continue')
    await world.pr.deleteComment('alice', comment.id)
    expect(await world.github.readComment(world.target, comment.nodeId)).toBeNull()
  })
})

describe('readFile', () => {
  it('reads the default branch, and null where there is no file', async () => {
    expect(await world.github.readFile(world.target, '.github/belay.yml')).toBe('version: 1\n')
    expect(await world.github.readFile(world.target, 'nothing.yml')).toBeNull()
    expect(await world.github.readFile(world.target, '.github')).toBeNull()
  })
})

describe('the log of reads', () => {
  it('says nothing of a file that is not there, and everything else that was refused', async () => {
    const log = keepLog()
    const github = world.open({ log })
    expect(await github.readFile(world.target, '.github/missing.yml')).toBeNull()
    expect(log.lines).toEqual([])
    expect(await github.readPullRequest(world.target, 999)).toBeNull()
    world.fake.setPermissions('acme', { metadata: 'read' })
    await expect(github.readFile(world.target, '.github/missing.yml')).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
    })
    expect(log.lines.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^GET \/repos\/acme\/rocket\/pulls\/999 - 404 /u),
      expect.stringMatching(/^GET \/repos\/acme\/rocket\/contents\/.* - 403 /u),
    ])
  })
})

describe('a read that fails', () => {
  it('throws what kind of failure it was, and keeps the cause', async () => {
    world.fake.faults.cutConnection({ times: 1, when: 'before_response' })
    await expect(world.github.readFile(world.target, 'README.md')).rejects.toMatchObject({
      code: 'GITHUB_UNAVAILABLE',
      cause: expect.anything(),
    })
    world.fake.setPermissions('acme', { metadata: 'read' })
    await expect(world.github.readFile(world.target, 'README.md')).rejects.toMatchObject({
      code: 'GITHUB_REFUSED',
      details: { status: 403, route: 'GET /repos/{owner}/{repo}/contents/{path}' },
    })
  })
})
