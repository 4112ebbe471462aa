// A remote that takes the connection and says nothing: how long each kind of work waits for it, and what is left then.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFetcher } from '../../../src/adapters/runner/repositories/fetch-coalescer.ts'
import { createGitDoor, type GitCall, type GitDoor } from '../../../src/adapters/runner/git/git-door.ts'
import { ensureMirror } from '../../../src/adapters/runner/repositories/mirror.ts'
import { pushRef } from '../../../src/adapters/runner/repositories/push-ref.ts'
import { createRemotes, type Remotes } from '../../../src/adapters/runner/repositories/remote.ts'
import { toSha, type RefName } from '../../../src/domain/ids.ts'
import { git, makeTempFolder, removeTempFolder, TempOrigin } from '../../support/temp-repo.ts'

const repository = { installationId: 1, repositoryId: 1, owner: 'acme', name: 'rope' }

let folder: string
let mirror: string
let server: Server
let connections: Socket[]
let url: string

beforeEach(async () => {
  folder = await makeTempFolder()
  mirror = join(folder, 'mirror.git')
  connections = []
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    connections.push(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  url = `http://127.0.0.1:${address.port}`
})

afterEach(async () => {
  for (const socket of connections) socket.destroy()
  server.close()
  await removeTempFolder(folder)
})

function remotesAt(gitBaseUrl: string): Remotes {
  return createRemotes({ gitBaseUrl, tokens: { tokenFor: () => Promise.resolve('token') } })
}

/** The real door; every call is noted, and the network's ones wait no longer than told. */
function makeDoor(calls: GitCall[], atMostMs = Number.POSITIVE_INFINITY): GitDoor {
  const real = createGitDoor({ folder: join(folder, 'door'), host: process.env, remotes: 'http_and_file' })
  const note = (call: GitCall): GitCall => {
    calls.push(call)
    return call.silenceMs === undefined ? call : { ...call, silenceMs: Math.min(call.silenceMs, atMostMs) }
  }
  return { ...real, run: (call) => real.run(note(call)), text: (call) => real.text(note(call)) }
}

function patienceOf(calls: readonly GitCall[]): readonly (readonly [string, number])[] {
  return calls.flatMap(({ args: [command = ''], silenceMs }) =>
    silenceMs === undefined ? [] : [[command, silenceMs] as const],
  )
}

interface FullQueue {
  readonly url: string
  close(): void
}

const LISTEN = `require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, function () {
  console.log(this.address().port)
})`

/** A program that listens, was stopped, and has as many connections waiting as it may. */
async function fillQueue(): Promise<FullQueue> {
  const child = spawn(process.execPath, ['-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(printed.toString())
  child.kill('SIGSTOP')
  const waiting = Array.from({ length: 8 }, () => connect({ host: '127.0.0.1', port }))
  for (const socket of waiting) socket.on('error', () => undefined)
  await once(waiting[0] ?? child, 'connect')
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      for (const socket of waiting) socket.destroy()
      child.kill('SIGKILL')
    },
  }
}

/** Processes that still speak with the silent remote. */
async function findCallers(address = url): Promise<readonly string[]> {
  const found: string[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (words.includes(address)) found.push(words.replaceAll('\0', ' '))
  }
  return found
}

describe('a remote that says nothing', () => {
  it('fails a fetch as a network trouble, and leaves no process behind', async () => {
    const fetcher = createFetcher({ door: makeDoor([], 400), remotes: remotesAt(url) })
    await ensureMirror(makeDoor([]), mirror)
    const found = await fetcher.fetch({ mirror, repository, branches: ['work'], patience: 'short' })
    expect(found.get('work')).toMatchObject({ kind: 'failed', reason: 'network' })
    expect(connections.length).toBeGreaterThan(0)
    if (process.platform === 'linux') expect(await findCallers()).toEqual([])
  })

  it('holds nobody longer than told when it does not even take the connection', async () => {
    // A queue of one that is full: the system drops whoever knocks then, and git would knock for minutes.
    const full = await fillQueue()
    try {
      const fetcher = createFetcher({ door: makeDoor([], 400), remotes: remotesAt(full.url) })
      await ensureMirror(makeDoor([]), mirror)
      const before = performance.now()
      const found = await fetcher.fetch({ mirror, repository, branches: ['work'], patience: 'short' })
      expect(found.get('work')).toMatchObject({ kind: 'failed', reason: 'network' })
      expect(performance.now() - before).toBeLessThan(15_000)
      if (process.platform === 'linux') expect(await findCallers(full.url)).toEqual([])
    } finally {
      full.close()
    }
  })

  it('fails a push as a network trouble', async () => {
    const origin = await TempOrigin.create(folder, { 'a.txt': 'one\n' })
    const sha = toSha(await git(origin.clone, 'rev-parse', 'HEAD'))
    const order = { mirror: join(origin.clone, '.git'), repository, sha, expected: null }
    const world = { door: makeDoor([], 400), remotes: remotesAt(url) }
    const answer = await pushRef(world, { ...order, ref: 'refs/heads/new' as RefName })
    expect(answer.result).toBe('network')
  })
})

describe('how long a remote may be silent', () => {
  it('is 20 s for a fetch in a lane and 120 s for a first clone', async () => {
    await TempOrigin.create(folder, { 'a.txt': 'one\n' })
    const calls: GitCall[] = []
    const door = makeDoor(calls)
    await ensureMirror(door, mirror)
    const fetcher = createFetcher({ door, remotes: remotesAt(`file://${folder}`) })
    const request = { mirror, repository, branches: ['main'] }
    await fetcher.fetch({ ...request, patience: 'first_clone' })
    await fetcher.fetch({ ...request, patience: 'short' })
    expect(patienceOf(calls)).toEqual([
      ['fetch', 120_000],
      ['fetch', 20_000],
    ])
    const gone = await fetcher.fetch({ ...request, branches: ['gone'], patience: 'short' })
    expect(gone.get('gone')).toEqual({ kind: 'deleted' })
    expect(patienceOf(calls).slice(2)).toEqual([
      ['fetch', 20_000],
      ['ls-remote', 20_000],
    ])
  })

  it('is the shorter one for a fetch that is shared', async () => {
    await TempOrigin.create(folder, { 'a.txt': 'one\n' })
    const calls: GitCall[] = []
    const door = makeDoor(calls)
    await ensureMirror(door, mirror)
    const fetcher = createFetcher({ door, remotes: remotesAt(`file://${folder}`) })
    const request = { mirror, repository, branches: ['main'] }
    await Promise.all([
      fetcher.fetch({ ...request, patience: 'first_clone' }),
      fetcher.fetch({ ...request, patience: 'short' }),
    ])
    expect(patienceOf(calls)).toEqual([['fetch', 20_000]])
  })

  it('is 60 s for a push and 20 s for reading it back', async () => {
    const origin = await TempOrigin.create(folder, { 'a.txt': 'one\n' })
    const calls: GitCall[] = []
    const sha = toSha(await git(origin.clone, 'rev-parse', 'HEAD'))
    const order = { mirror: join(origin.clone, '.git'), repository, sha, expected: null }
    const world = { door: makeDoor(calls), remotes: remotesAt(`file://${folder}`) }
    expect(await pushRef(world, { ...order, ref: 'refs/heads/new' as RefName })).toMatchObject({
      result: 'pushed',
    })
    expect(patienceOf(calls)).toEqual([
      ['push', 60_000],
      ['ls-remote', 20_000],
    ])
  })
})
