// What people do: push, rewrite, delete, fork, merge, close and reopen, and the webhooks of each.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { createRocket, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let seen: number

beforeEach(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' }, message: 'First' })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  seen = fake.github.deliveries.length
})

afterEach(async () => {
  await fake.github.settled()
  await fake.stop()
})

function news(): string[] {
  return fake.github.deliveries
    .slice(seen)
    .map(({ event, action }) => (action ? `${event}.${action}` : event))
}

function lastPayload(event: string): Readonly<Record<string, unknown>> | undefined {
  return fake.github.deliveries.findLast((delivery) => delivery.event === event)?.payload
}

const none = '0'.repeat(40)

describe('FakeRepository', () => {
  it('adds commits, deletes files, and moves the head of the pull request', async () => {
    const before = pr.headSha
    const after = await repo.push({
      by: 'alice',
      branch: 'feature',
      files: { 'a.txt': null, 'b/c.txt': 'two\n' },
    })
    expect(pr.headSha).toBe(after)
    expect(await repo.git.run(['ls-tree', '-r', '--name-only', 'feature'])).toBe(
      '.github/belay.yml\nREADME.md\nb/c.txt',
    )
    expect(news()).toEqual(['push', 'pull_request.synchronize'])
    expect(lastPayload('push')).toMatchObject({
      before,
      after,
      created: false,
      forced: false,
      commits: [{ id: after, added: ['b/c.txt'], removed: ['a.txt'], author: { username: 'alice' } }],
      pusher: { name: 'alice' },
    })
  })

  it('amends with a forced move, on the same parent', async () => {
    const before = pr.headSha
    const after = await repo.push({ by: 'alice', branch: 'feature', amend: true, message: 'Better' })
    expect(after).not.toBe(before)
    expect(await repo.git.run(['log', '--format=%s', 'main..feature'])).toBe('Better')
    expect(await repo.git.run(['rev-parse', 'feature^{tree}'])).toBe(
      await repo.git.run(['rev-parse', `${before}^{tree}`]),
    )
    expect(lastPayload('push')).toMatchObject({ before, after, forced: true })
  })

  it('rewrites history only by force', async () => {
    const rewrite = { by: 'alice', branch: 'feature', onto: 'main', files: { 'z.txt': 'z\n' } }
    await expect(repo.push(rewrite)).rejects.toThrow('not a fast-forward')
    const after = await repo.push({ ...rewrite, force: true })
    expect(await repo.git.run(['rev-list', '--count', 'main..feature'])).toBe('1')
    expect(lastPayload('pull_request')).toMatchObject({ action: 'synchronize', after })
    const rewound = await repo.push({ by: 'alice', branch: 'feature', to: 'main', force: true })
    expect(rewound).toBe(await repo.git.resolve('main'))
  })

  it('creates branches from the default branch and deletes them, which closes their pull request', async () => {
    const created = await repo.push({ by: 'alice', branch: 'new', files: { 'n.txt': 'n\n' } })
    expect(lastPayload('push')).toMatchObject({
      before: none,
      after: created,
      created: true,
      commits: [{ id: created }],
    })
    expect(await repo.push({ by: 'alice', branch: 'feature', delete: true })).toBeUndefined()
    expect(lastPayload('push')).toMatchObject({ after: none, deleted: true, head_commit: null, commits: [] })
    expect(pr.state).toBe('closed')
    expect(news()).toEqual(['push', 'push', 'pull_request.closed'])
  })

  it('follows the fork of a stranger', async () => {
    const fork = await repo.fork('mallory')
    await fork.push({ by: 'mallory', branch: 'evil', files: { 'e.txt': 'e\n' } })
    const foreign = await repo.openPullRequest({ by: 'mallory', head: 'evil', headRepository: fork })
    expect(foreign.isCrossRepository).toBe(true)
    expect(lastPayload('pull_request')).toMatchObject({
      pull_request: { head: { label: 'mallory:evil', repo: { fork: true, full_name: 'mallory/rocket' } } },
    })
    const sha = await fork.push({ by: 'mallory', branch: 'evil', files: { 'e.txt': 'f\n' } })
    expect([foreign.headSha, (await repo.git.refs()).get('refs/pull/2/head')]).toEqual([sha, sha])
    expect(news()).toEqual(['pull_request.opened', 'pull_request.synchronize'])
  })

  it('never makes the same commit twice, however fast people push', async () => {
    fake.github.clock.set('2026-01-01T00:00:00Z')
    const shas = new Set<string | undefined>()
    for (let count = 0; count < 3; count += 1) {
      shas.add(await repo.push({ by: 'alice', branch: 'feature', amend: true, message: 'Same' }))
    }
    expect(shas.size).toBe(3)
  })
})

describe('FakePullRequest', () => {
  it('merges with a real merge commit, pushes the base and closes', async () => {
    await pr.merge('carol')
    expect(await repo.git.run(['rev-parse', 'main^2'])).toBe(pr.headSha)
    expect(await repo.git.readFile('main', 'a.txt')).toEqual(Buffer.from('one\n'))
    expect(news()).toEqual(['push', 'pull_request.closed'])
    expect(lastPayload('pull_request')).toMatchObject({
      pull_request: { merged: true, merged_by: { login: 'carol' } },
    })
    await expect(pr.reopen('alice')).rejects.toThrow('merged')
  })

  it('can not merge what conflicts', async () => {
    await repo.push({ by: 'carol', branch: 'main', files: { 'a.txt': 'other\n' } })
    await expect(pr.merge('carol')).rejects.toThrow('can not be merged')
    expect(pr.state).toBe('open')
  })

  it('closes and reopens; a push while it is closed is not followed', async () => {
    const head = pr.headSha
    await pr.close('alice')
    await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'later\n' } })
    expect([pr.state, pr.headSha]).toEqual(['closed', head])
    expect(news()).toEqual(['pull_request.closed', 'push'])
    await pr.reopen('alice')
    expect(news().at(-1)).toBe('pull_request.reopened')
  })

  it('takes reviews and review comments', async () => {
    await pr.review('carol', { state: 'approved', body: '/belay status' })
    expect(lastPayload('pull_request_review')).toMatchObject({
      review: { state: 'approved', body: '/belay status' },
    })
    const first = await pr.reviewComment('bob', { path: 'a.txt', line: 1, body: 'Why?' })
    await pr.reviewComment('alice', { inReplyTo: first.id, body: 'Because.' })
    expect(lastPayload('pull_request_review_comment')).toMatchObject({
      comment: {
        path: 'a.txt',
        line: 1,
        in_reply_to_id: first.id,
        body: 'Because.',
        user: { login: 'alice' },
      },
    })
    const edit = pr.comment('bob', 'x').then(({ id }) => pr.editComment('dan', id, 'y'))
    await expect(edit).rejects.toThrow('may not write')
  })
})
