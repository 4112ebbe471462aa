// Git over smart HTTP with the real git program: who may fetch and push, and what a push sets off.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { gitEnvironment } from './run-git.ts'
import type { FakePullRequest } from './pull-request.ts'
import type { FakeRepository } from './repository.ts'
import { createRocket, createToken, startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake
let repo: FakeRepository
let pr: FakePullRequest
let clone: string

beforeEach(async () => {
  fake = await startFakeGitHub()
  repo = await createRocket(fake)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  clone = join(fake.folder, 'clone')
  await git(fake.folder, 'clone', '--quiet', '--branch', 'feature', await addressWith({}), clone)
  await fake.github.settled()
})

afterEach(() => fake.stop())

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd, env: gitEnvironment() })
  return stdout.trimEnd()
}

async function addressWith(scope: object): Promise<string> {
  const token = await createToken(fake, 'acme', scope)
  return repo.cloneUrl.replace('http://', `http://x-access-token:${token}@`)
}

async function commitFile(name: string, bytes: string | Buffer): Promise<string> {
  await writeFile(join(clone, name), bytes)
  await git(clone, 'add', '.')
  await git(clone, 'commit', '--quiet', '-m', `Add ${name}`)
  return git(clone, 'rev-parse', 'HEAD')
}

function eventsAfter(count: number): string[] {
  return fake.github.deliveries
    .slice(count)
    .map(({ event, action }) => (action ? `${event}.${action}` : event))
}

describe('git over HTTP', () => {
  it('asks for a token, also for a public repository', async () => {
    const response = await fetch(`${repo.cloneUrl}/info/refs?service=git-upload-pack`)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="GitHub"')
    await expect(git(clone, 'ls-remote', repo.cloneUrl)).rejects.toThrow(/could not read Username/)
  })

  it('refuses expired tokens, other repositories, and pushes without contents: write', async () => {
    const reader = await addressWith({ permissions: { contents: 'read' } })
    expect(await git(clone, 'ls-remote', reader, 'refs/heads/feature')).toContain(pr.headSha)
    await expect(git(clone, 'push', reader, 'HEAD:refs/heads/new')).rejects.toThrow(/403|denied/)
    const second = await fake.github.createRepository({ owner: 'acme', name: 'second' })
    const elsewhere = await addressWith({ repository_ids: [second.id] })
    await expect(git(clone, 'ls-remote', elsewhere)).rejects.toThrow(/not found/)
    fake.github.clock.advance(61 * 60_000)
    await expect(git(clone, 'ls-remote', reader)).rejects.toThrow(/Authentication failed/)
  })

  it('moves the pull request with a push and says so in the name of the bot', async () => {
    const before = fake.github.deliveries.length
    const old = pr.headSha
    const sha = await commitFile('b.txt', 'two\n')
    await git(clone, 'push', '--quiet', 'origin', 'HEAD:feature')
    await fake.github.settled()
    expect(pr.headSha).toBe(sha)
    expect(eventsAfter(before)).toEqual(['push', 'pull_request.synchronize'])
    const [push, synchronize] = fake.github.deliveries.slice(before)
    expect(push?.payload).toMatchObject({
      ref: 'refs/heads/feature',
      before: old,
      after: sha,
      forced: false,
      sender: { login: 'belay[bot]' },
      commits: [{ id: sha, added: ['b.txt'] }],
    })
    expect(synchronize?.payload).toMatchObject({ before: old, after: sha, pull_request: { head: { sha } } })
    expect((await repo.git.refs()).get(`refs/pull/${pr.number}/head`)).toBe(sha)
  })

  it('takes a large push in chunks and gives it back byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) % 251))
    await commitFile('large.bin', bytes)
    await git(
      clone,
      '-c',
      'http.postBuffer=65536',
      '-c',
      'pack.compression=0',
      'push',
      '--quiet',
      'origin',
      'HEAD:feature',
    )
    expect((await repo.git.readFile('feature', 'large.bin'))?.equals(bytes)).toBe(true)
  })

  it('speaks protocol 2 when asked, and reads compressed requests', async () => {
    const token = await createToken(fake, 'acme')
    const authorization = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
    const headers = { authorization, 'git-protocol': 'version=2' }
    const hello = await fetch(`${repo.cloneUrl}/info/refs?service=git-upload-pack`, { headers })
    expect(await hello.text()).toContain('version 2')
    const listed = await fetch(`${repo.cloneUrl}/git-upload-pack`, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/x-git-upload-pack-request',
        'content-encoding': 'gzip',
      },
      body: gzipSync('0014command=ls-refs\n0000'.replace('0000', '00010000')),
    })
    expect(await listed.text()).toContain(`${pr.headSha} refs/heads/feature`)
  })

  it('lets the next push through when a client died in the middle of one', async () => {
    const token = await createToken(fake, 'acme')
    const { port } = new URL(fake.github.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      `POST /acme/rocket.git/git-receive-pack HTTP/1.1\r\nHost: ${fake.github.host}\r\n` +
        `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}\r\n` +
        `Content-Type: application/x-git-receive-pack-request\r\nContent-Length: 5000\r\n\r\n00`,
    )
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    await new Promise<void>((resolve) => socket.end(() => resolve()))
    const route = 'POST /{owner}/{repo}.git/git-receive-pack'
    socket.destroy()
    const sha = await commitFile('b.txt', 'two\n')
    await git(clone, 'push', '--quiet', 'origin', 'HEAD:feature')
    expect(await repo.git.resolve('feature')).toBe(sha)
    expect([
      fake.github.countCalls({ route, status: 0 }),
      fake.github.countCalls({ route, status: 200 }),
    ]).toEqual([1, 1])
  })

  it('says nothing about refs outside heads and tags', async () => {
    const before = fake.github.deliveries.length
    const ref = 'refs/belay/backup/rocket-1/1-a/head'
    await git(clone, 'push', '--quiet', 'origin', `HEAD:${ref}`)
    await fake.github.settled()
    expect((await repo.git.refs()).get(ref)).toBe(pr.headSha)
    expect(eventsAfter(before)).toEqual([])
    await git(clone, 'push', '--quiet', 'origin', 'HEAD:refs/tags/v1')
    await fake.github.settled()
    expect(eventsAfter(before)).toEqual(['push'])
  })

  it('keeps refs/pull to itself', async () => {
    await expect(git(clone, 'push', 'origin', 'HEAD:refs/pull/7/head')).rejects.toThrow(
      /deny updating a hidden ref/,
    )
  })

  it('refuses a stale push and obeys a lease', async () => {
    const remote = await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'by alice\n' } })
    await commitFile('b.txt', 'two\n')
    await expect(git(clone, 'push', 'origin', 'HEAD:feature')).rejects.toThrow(/rejected|fetch first/)
    const before = fake.github.deliveries.length
    await git(
      clone,
      'push',
      '--quiet',
      `--force-with-lease=feature:${remote ?? ''}`,
      'origin',
      'HEAD:feature',
    )
    expect(fake.github.deliveries[before]?.payload).toMatchObject({ before: remote, forced: true })
    await fake.github.settled()
  })

  it('lets a hook refuse a push, and nothing is announced', async () => {
    await repo.git.preReceive('#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n')
    const before = fake.github.deliveries.length
    await commitFile('b.txt', 'two\n')
    await expect(git(clone, 'push', 'origin', 'HEAD:feature')).rejects.toThrow(/GH006/)
    await fake.github.settled()
    expect(eventsAfter(before)).toEqual([])
    expect(await repo.git.resolve('feature')).toBe(pr.headSha)
  })

  it('cuts a push before anything happened, or after it took effect', async () => {
    const route = 'POST /{owner}/{repo}.git/git-receive-pack'
    const old = pr.headSha
    const sha = await commitFile('b.txt', 'two\n')
    fake.github.faults.cutConnection({ route, times: 1, when: 'before_response' })
    await expect(git(clone, 'push', 'origin', 'HEAD:feature')).rejects.toThrow()
    expect(await repo.git.resolve('feature')).toBe(old)
    fake.github.faults.cutConnection({ route, times: 1, when: 'after_effect' })
    await expect(git(clone, 'push', 'origin', 'HEAD:feature')).rejects.toThrow()
    expect(await repo.git.resolve('feature')).toBe(sha)
    await fake.github.settled()
    expect(pr.headSha).toBe(sha)
    expect(fake.github.countCalls({ route, status: 0 })).toBe(2)
  })
})
