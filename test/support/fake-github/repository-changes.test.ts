// What happens to a repository as a whole, to its merge queue and its labels: webhooks, old names, refusals.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addLabel, removeLabel } from './labels.ts'
import { destroyMergeGroup, requestMergeGroup } from './merge-group.ts'
import {
  archiveRepository,
  changeDefaultBranch,
  deleteRepository,
  renameRepository,
  transferRepository,
  unarchiveRepository,
} from './repository-changes.ts'
import type { FakeRepository } from './repository.ts'
import { runGit } from './run-git.ts'
import { createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let count = 0

beforeAll(async () => {
  fake = await startFakeGitHub()
})

// A repository of its own for each test: most of these changes can not be undone.
beforeEach(async () => {
  count += 1
  repo = await fake.github.createRepository({
    owner: 'acme',
    name: `rocket${count}`,
    collaborators: { alice: 'write' },
  })
  await fake.github.settled()
  fake.received.length = 0
})

afterAll(() => fake.stop())

async function call(path: string, body?: object, owner = 'acme'): Promise<Response> {
  return fetch(`${fake.github.apiUrl}${path}`, {
    headers: { authorization: `token ${await createToken(fake, owner)}` },
    redirect: 'manual',
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
}

async function heard(): Promise<readonly Record<string, unknown>[]> {
  await fake.github.settled()
  return fake.received.map(({ headers, body }) => ({
    event: headers['x-github-event'],
    ...(JSON.parse(body) as Record<string, unknown>),
  }))
}

async function lsRemote(path: string): Promise<number> {
  const url = new URL(`${fake.github.url}/${path}.git`)
  url.username = 'x-access-token'
  url.password = await createToken(fake, 'acme')
  return (await runGit({ cwd: fake.folder, args: ['ls-remote', url.href] })).exitCode
}

describe('renameRepository', () => {
  it('says the old name, answers there with the way to the repository, and serves git there', async () => {
    const old = repo.fullName
    renameRepository(repo, 'acme-owner', `rocket${count}-two`)
    expect(await heard()).toMatchObject([
      {
        event: 'repository',
        action: 'renamed',
        changes: { repository: { name: { from: `rocket${count}` } } },
        repository: { id: repo.id, full_name: `acme/rocket${count}-two` },
      },
    ])
    const moved = await call(`/repos/${old}?a=b`)
    expect(moved.status).toBe(301)
    expect(moved.headers.get('location')).toBe(`${fake.github.apiUrl}/repositories/${repo.id}?a=b`)
    const followed = await call(`/repositories/${repo.id}`)
    expect(await followed.json()).toMatchObject({ full_name: repo.fullName })
    expect((await call(`/repos/${old}/check-runs`, { name: 'x' })).status).toBe(307)
    expect([await lsRemote(old), await lsRemote(repo.fullName)]).toEqual([0, 0])
  })

  it('gives the old name up when another repository takes it', async () => {
    const name = `rocket${count}`
    renameRepository(repo, 'acme-owner', `${name}-two`)
    const next = await fake.github.createRepository({ owner: 'acme', name })
    expect(await (await call(`/repos/acme/${name}`)).json()).toMatchObject({ id: next.id })
    expect(next.git.path).not.toBe(repo.git.path)
    expect(await lsRemote(`acme/${name}`)).toBe(0)
  })
})

describe('transferRepository', () => {
  it('moves it from one installation to the other and tells both', async () => {
    await fake.github.createRepository({ owner: 'globex', name: `other${count}` })
    await fake.github.settled()
    fake.received.length = 0
    transferRepository(repo, 'acme-owner', { owner: 'globex', covered: true })
    const [acme, globex] = ['acme', 'globex'].map((login) =>
      fake.github.installations.find(({ account }) => account.login === login),
    )
    expect(await heard()).toMatchObject([
      { event: 'installation_repositories', action: 'removed', installation: { id: acme?.id } },
      { event: 'installation_repositories', action: 'added', installation: { id: globex?.id } },
      {
        event: 'repository',
        action: 'transferred',
        changes: { owner: { from: { organization: { login: 'acme' } } } },
        repository: { id: repo.id, full_name: repo.fullName },
        installation: { id: globex?.id },
      },
    ])
    expect((await call(`/repos/globex/rocket${count}`, undefined, 'globex')).status).toBe(200)
    expect((await call(`/repos/acme/rocket${count}`, undefined, 'globex')).status).toBe(301)
    expect((await call(`/repos/acme/rocket${count}`)).status).toBe(404)
  })

  it('into a foreign account is heard as a loss only', async () => {
    transferRepository(repo, 'acme-owner', { owner: 'initech', covered: true })
    expect(await heard()).toMatchObject([{ event: 'installation_repositories', action: 'removed' }])
    expect((await call(`/repos/initech/rocket${count}`)).status).toBe(404)
  })
})

describe('changeDefaultBranch', () => {
  it('says which it was, and answers with the new one', async () => {
    await repo.push({ by: 'alice', branch: 'trunk', files: { 'a.txt': 'one\n' } })
    await changeDefaultBranch(repo, 'acme-owner', 'trunk')
    expect((await heard()).at(-1)).toMatchObject({
      event: 'repository',
      action: 'edited',
      changes: { default_branch: { from: 'main' } },
      repository: { default_branch: 'trunk' },
    })
    expect(await (await call(`/repos/${repo.fullName}`)).json()).toMatchObject({ default_branch: 'trunk' })
    expect(await repo.git.run(['symbolic-ref', 'HEAD'])).toBe('refs/heads/trunk')
    await expect(changeDefaultBranch(repo, 'acme-owner', 'nowhere')).rejects.toThrow('no branch nowhere')
  })
})

describe('archiveRepository', () => {
  it('refuses writes by REST and git, reads go on; until it is taken back', async () => {
    await repo.openIssue({ by: 'alice', title: 'Question' })
    archiveRepository(repo, 'acme-owner')
    const path = `/repos/${repo.fullName}`
    expect(await (await call(path)).json()).toMatchObject({ archived: true })
    const write = await call(`${path}/issues/1/comments`, { body: 'hello' })
    expect([write.status, await write.json()]).toMatchObject([
      403,
      { message: 'Repository was archived so is read-only.' },
    ])
    expect(await lsRemote(repo.fullName)).toBe(0)
    const token = Buffer.from(`x:${await createToken(fake, 'acme')}`).toString('base64')
    const push = await fetch(`${repo.cloneUrl}/info/refs?service=git-receive-pack`, {
      headers: { authorization: `Basic ${token}` },
    })
    expect(push.status).toBe(403)
    unarchiveRepository(repo, 'acme-owner')
    expect((await call(`${path}/issues/1/comments`, { body: 'hello' })).status).toBe(201)
    const actions = (await heard()).filter(({ event }) => event === 'repository').map(({ action }) => action)
    expect(actions).toEqual(['archived', 'unarchived'])
  })
})

describe('deleteRepository', () => {
  it('is heard, and then nobody finds it under any name', async () => {
    const old = repo.fullName
    renameRepository(repo, 'acme-owner', `rocket${count}-two`)
    deleteRepository(repo, 'acme-owner')
    expect((await heard()).map(({ action }) => action)).toEqual(['renamed', 'deleted'])
    for (const path of [`/repos/${old}`, `/repos/${repo.fullName}`, `/repositories/${repo.id}`]) {
      expect((await call(path)).status).toBe(404)
    }
    expect(await lsRemote(repo.fullName)).not.toBe(0)
  })
})

describe('requestMergeGroup', () => {
  it('builds a real merge on a branch of the queue, asks for checks, and takes it away again', async () => {
    await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
    const pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
    const group = await requestMergeGroup(pr, 'alice')
    expect(await repo.git.run(['rev-parse', `${group.headSha}^1`, `${group.headSha}^2`])).toBe(
      `${pr.baseSha}\n${pr.headSha}`,
    )
    expect(group.headRef).toBe(`refs/heads/gh-readonly-queue/main/pr-1-${pr.baseSha}`)
    expect((await heard()).at(-1)).toMatchObject({
      event: 'merge_group',
      action: 'checks_requested',
      merge_group: { head_sha: group.headSha, base_ref: 'refs/heads/main', base_sha: pr.baseSha },
    })
    await destroyMergeGroup(pr, group, { by: 'alice', reason: 'dequeued' })
    expect(await repo.git.resolve(group.headRef)).toBeUndefined()
    expect((await heard()).at(-1)).toMatchObject({ action: 'destroyed', reason: 'dequeued' })
  })

  it('refuses a pull request that conflicts', async () => {
    await repo.push({ by: 'alice', branch: 'feature', files: { 'README.md': 'mine\n' } })
    const pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
    await repo.push({ by: 'alice', branch: 'main', files: { 'README.md': 'theirs\n' } })
    await expect(requestMergeGroup(pr, 'alice')).rejects.toThrow('conflicts with main')
  })
})

describe('addLabel and removeLabel', () => {
  it('tell about real changes only, and show the labels from then on', async () => {
    await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
    const pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
    addLabel(pr, 'alice', 'hold')
    addLabel(pr, 'alice', 'hold')
    const read = async (): Promise<unknown> => (await call(`/repos/${repo.fullName}/pulls/1`)).json()
    expect(await read()).toMatchObject({ labels: [{ name: 'hold' }] })
    removeLabel(pr, 'alice', 'hold')
    removeLabel(pr, 'alice', 'hold')
    expect(await read()).toMatchObject({ labels: [] })
    const events = (await heard()).slice(-2)
    expect(events).toMatchObject([
      { action: 'labeled', label: { name: 'hold' }, pull_request: { labels: [{ name: 'hold' }] } },
      { action: 'unlabeled', label: { name: 'hold' }, pull_request: { labels: [] } },
    ])
  })
})
