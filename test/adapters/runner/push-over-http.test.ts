// Refusals that a host gives before git's own server program has a say: HTTP statuses with GitHub's words, over a real
// connection; and what becomes of the credential on the way.

import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFetcher } from '../../../src/adapters/runner/repositories/fetch-coalescer.ts'
import { createGitDoor } from '../../../src/adapters/runner/git/git-door.ts'
import { ensureMirror } from '../../../src/adapters/runner/repositories/mirror.ts'
import {
  pushRef,
  type PushAnswer,
  type PushWorld,
} from '../../../src/adapters/runner/repositories/push-ref.ts'
import { createRemotes } from '../../../src/adapters/runner/repositories/remote.ts'
import { toSha, type RefName, type Sha } from '../../../src/domain/ids.ts'
import type { PushResult } from '../../../src/domain/sync/step.ts'
import { isPushRefusal, pushRefusalText } from '../../../src/domain/text/push-result-text.ts'
import { startHttpRemote, type HttpRefusal, type HttpRemote } from '../../support/http-remote.ts'
import { REFUSALS } from '../../support/push-refusals.ts'
import { git, makeTempFolder, removeTempFolder, TempOrigin, writeFiles } from '../../support/temp-repo.ts'

const repository = { installationId: 1, repositoryId: 1, owner: 'acme', name: 'rope' }
const ref = 'refs/heads/work' as RefName
const TOKEN = 'ghs_0123456789abcdefghijABCDEFGHIJ'
const SECRET = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

let folder: string
let origin: TempOrigin
let remote: HttpRemote
let other: HttpRemote
let world: PushWorld
let before: Sha
let head: Sha

beforeEach(async () => {
  folder = await makeTempFolder()
  origin = await TempOrigin.create(folder, { 'a.txt': 'one\n' })
  await git(origin.path, 'config', 'http.receivepack', 'true')
  remote = await startHttpRemote(folder)
  other = await startHttpRemote(folder)
  const door = createGitDoor({ folder: join(folder, 'door'), host: process.env, remotes: 'http' })
  const tokens = { tokenFor: () => Promise.resolve(TOKEN) }
  world = { door, remotes: createRemotes({ gitBaseUrl: remote.url, tokens }) }
  before = toSha(await git(origin.clone, 'rev-parse', 'HEAD'))
  await writeFiles(origin.clone, { 'a.txt': 'two\n' })
  await git(origin.clone, 'commit', '--quiet', '--all', '--message=Two')
  head = toSha(await git(origin.clone, 'rev-parse', 'HEAD'))
})

afterEach(async () => {
  await remote.close()
  await other.close()
  await removeTempFolder(folder)
})

function push(): Promise<PushAnswer> {
  return pushRef(world, { mirror: join(origin.clone, '.git'), repository, sha: head, ref, expected: before })
}

function isPush(url: string): boolean {
  return url.includes('git-receive-pack')
}

interface Case extends HttpRefusal {
  readonly name: string
  readonly result: PushResult
  /** At which request of a push: when the refs are asked for, or when the objects are sent. */
  readonly at: 'refs' | 'pack'
}

const ASK = { 'www-authenticate': 'Basic realm="GitHub"' }

const CASES: readonly Case[] = [
  {
    name: 'a token that has expired',
    at: 'refs',
    status: 401,
    text: 'Invalid username or token. Password authentication is not supported for Git operations.',
    headers: ASK,
    result: 'auth',
  },
  {
    name: 'no permission',
    at: 'refs',
    status: 403,
    text: 'Permission to acme/rope.git denied to belay[bot].',
    result: 'auth',
  },
  {
    name: 'no permission, as said of Apps',
    at: 'refs',
    status: 403,
    text: 'Write access to repository not granted.',
    result: 'auth',
  },
  {
    name: 'single sign-on',
    at: 'refs',
    status: 403,
    text: "The 'acme' organization has enabled or enforced SAML SSO.",
    result: 'auth',
  },
  {
    name: 'an archived repository',
    at: 'refs',
    status: 403,
    text: 'This repository was archived so it is read-only.',
    result: 'archived',
  },
  {
    name: 'a repository that is gone',
    at: 'refs',
    status: 404,
    text: 'Repository not found.',
    result: 'auth',
  },
  {
    name: 'a pack the host finds too large',
    at: 'pack',
    status: 413,
    text: 'too large',
    result: 'too_large',
  },
  { name: 'a host in trouble', at: 'refs', status: 500, text: 'Oops', result: 'network' },
  { name: 'a host in trouble half way', at: 'pack', status: 502, text: 'Bad gateway', result: 'network' },
  { name: 'a host that is away', at: 'refs', status: 503, text: 'Unavailable', result: 'network' },
  { name: 'a host that wants us to wait', at: 'refs', status: 429, text: 'Slow down', result: 'network' },
  { name: 'a token that expired half way', at: 'pack', status: 403, text: 'Forbidden', result: 'auth' },
  { name: 'something new', at: 'refs', status: 418, text: 'I am a teapot', result: 'unknown' },
]

describe('a push over HTTP', () => {
  it('arrives, with the credential in every request of its own host', async () => {
    expect(await push()).toEqual({ result: 'pushed', detail: '' })
    expect(await origin.ref(ref)).toBe(head)
    expect(remote.seen.length).toBeGreaterThan(2)
    expect(new Set(remote.seen.map(({ authorization }) => authorization))).toEqual(
      new Set([`basic ${SECRET}`]),
    )
  })

  it.each(CASES)('hears of $name (HTTP $status)', async ({ at, result, ...refusal }) => {
    const isMeant = at === 'refs' ? isPush : (url: string) => url.endsWith('/git-receive-pack')
    remote.door = ({ url = '' }) => (isMeant(url) ? refusal : null)
    const answer = await push()
    expect(answer.result).toBe(result)
    expect(answer.detail).toMatch(/./)
    if (!isPushRefusal(answer.result)) throw new Error(answer.result)
    expect(pushRefusalText(answer.result).meaning).toMatch(/\.$/)
    expect(await origin.ref(ref)).toBe(before)
    expect(remote.seen.some(({ path }) => isPush(path))).toBe(true)
  })

  it('is believed when it arrived and its answer was lost', async () => {
    remote.losesPushAnswers = true
    expect(await push()).toEqual({ result: 'pushed', detail: '' })
    expect(await origin.ref(ref)).toBe(head)
  })

  it('has a name, and a text that helps, for every refusal there is', () => {
    const results: readonly PushResult[] = [
      'non_fast_forward',
      'protected',
      'ruleset',
      'signature_required',
      'secret_found',
      'workflow_permission',
      'too_large',
      'archived',
      'auth',
      'network',
      'unknown',
    ]
    const reached = new Set([...REFUSALS, ...CASES].map(({ result }) => result))
    expect([...reached].toSorted()).toEqual(results.toSorted())
    const texts = results.filter(isPushRefusal).map(pushRefusalText)
    expect(new Set(texts.map(({ meaning }) => meaning)).size).toBe(results.length)
    expect(new Set(texts.map(({ cure }) => cure)).size).toBe(results.length)
  })
})

describe('the credential', () => {
  it('goes to another host with a git that follows', async () => {
    remote.door = ({ url = '' }) => ({ status: 301, text: '', headers: { location: `${other.url}${url}` } })
    const header = `http.${remote.url}/.extraHeader=AUTHORIZATION: basic ${SECRET}`
    await git(origin.clone, '-c', header, 'fetch', '--quiet', `${remote.url}/acme/rope.git`, 'work')
    expect(other.seen.map(({ authorization }) => authorization)).toContain(`basic ${SECRET}`)
  })

  it.each(['push', 'fetch'] as const)('does not follow a %s that is sent to another host', async (what) => {
    remote.door = ({ url = '' }) => ({ status: 301, text: '', headers: { location: `${other.url}${url}` } })
    const mirror = join(folder, 'mirror.git')
    await ensureMirror(world.door, mirror)
    const request = { mirror, repository, branches: ['work'], patience: 'short' } as const
    const answer = what === 'push' ? await push() : (await createFetcher(world).fetch(request)).get('work')
    expect(remote.seen.length).toBeGreaterThan(0)
    expect(other.seen.filter(({ authorization }) => authorization !== null)).toEqual([])
    expect(JSON.stringify(answer)).not.toContain(SECRET)
    expect(await origin.ref(ref)).toBe(before)
  })

  it('is not in the words of a host that sends it back', async () => {
    remote.door = ({ headers }) => ({
      status: 403,
      text: `You sent ${headers.authorization ?? ''} and ${SECRET} and ${TOKEN}`,
    })
    const answer = await push()
    expect(answer).toMatchObject({ result: 'auth', detail: expect.stringContaining('You sent') as string })
    for (const hidden of [TOKEN, SECRET]) expect(answer.detail).not.toContain(hidden)
  })
})
