// Fetches branches into mirrors: one process at a time for each mirror, and everybody who asks meanwhile shares the next.
// Two fetches of one ref at once would fail on its lock.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { Sha } from '../../../domain/ids.ts'
import { classifyFetch } from '../../../domain/sync/push-result.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readNamedRefs, readRefs, trackingRef } from './mirror.ts'
import { SILENCE_MS, tokenFault, type Remotes, type RepositoryAddress } from './remote.ts'

/** What a fetch found out about one branch. */
export type FetchedBranch =
  | { readonly kind: 'fetched'; readonly sha: Sha }
  /** The host was asked once more and has no such branch. */
  | { readonly kind: 'deleted' }
  | { readonly kind: 'failed'; readonly reason: 'auth' | 'network' | 'unknown'; readonly detail: string }

export interface FetchRequest {
  readonly mirror: string
  readonly repository: RepositoryAddress
  readonly branches: readonly string[]
  /** `short` where a lane waits. Who shares a fetch with somebody impatient shares that too. */
  readonly patience: 'short' | 'first_clone'
}

export interface Fetcher {
  /** Fetches the branches; what comes back was read from the remote after the call. */
  fetch(request: FetchRequest): Promise<ReadonlyMap<string, FetchedBranch>>
}

type Batch = ReadonlyMap<string, FetchedBranch>

interface Line {
  running: Promise<unknown>
  next: Waiting | null
}

interface Waiting {
  readonly branches: Set<string>
  patience: FetchRequest['patience']
  readonly result: Promise<Batch>
}

/** Makes a fetcher with no fetch under way. */
export function createFetcher(options: { readonly door: GitDoor; readonly remotes: Remotes }): Fetcher {
  const lines = new Map<string, Line>()
  return {
    fetch(request) {
      const line = lines.get(request.mirror) ?? { running: Promise.resolve(), next: null }
      lines.set(request.mirror, line)
      if (line.next !== null) {
        for (const branch of request.branches) line.next.branches.add(branch)
        if (request.patience === 'short') line.next.patience = 'short'
        return line.next.result
      }
      const branches = new Set(request.branches)
      const result = line.running.then(() => {
        const patience = line.next?.patience ?? request.patience
        line.next = null
        return fetchBatch({ ...options, ...request, patience, branches: [...branches] })
      })
      line.next = { branches, patience: request.patience, result }
      line.running = result.catch(() => undefined)
      return result
    },
  }
}

interface BatchOrder extends FetchRequest {
  readonly door: GitDoor
  readonly remotes: Remotes
}

async function fetchBatch(order: BatchOrder): Promise<Batch> {
  const fault = await fetchOnce(order)
  if (fault === null) return readBatch(order)
  if (fault.kind === 'no_such_ref') {
    const [only, ...others] = order.branches
    if (only !== undefined && others.length === 0) return new Map([[only, await confirmDeleted(order, only)]])
    return fetchSingly(order)
  }
  if (fault.kind === 'name_clash' && (await removeClashes(order))) return fetchBatch(order)
  const failed: FetchedBranch = { kind: 'failed', reason: fault.reason, detail: fault.detail }
  return new Map(order.branches.map((branch) => [branch, failed]))
}

async function fetchSingly(order: BatchOrder): Promise<Batch> {
  const all: [string, FetchedBranch][] = []
  for (const branch of order.branches) {
    all.push(...(await fetchBatch({ ...order, branches: [branch] })))
  }
  return new Map(all)
}

interface FetchFault {
  readonly kind: 'no_such_ref' | 'name_clash' | 'other'
  readonly reason: 'auth' | 'network' | 'unknown'
  readonly detail: string
}

async function fetchOnce(order: BatchOrder): Promise<FetchFault | null> {
  const { door, remotes, mirror, repository, branches, patience } = order
  let access
  try {
    access = await remotes.accessTo(repository)
  } catch (error) {
    return { kind: 'other', ...tokenFault(error) }
  }
  const specs = branches.map((branch) => `+refs/heads/${branch}:${trackingRef(branch)}`)
  const args = [
    'fetch',
    '--progress',
    '--no-tags',
    '--no-auto-gc',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
  ]
  try {
    const at = { gitDir: mirror }
    const url = remotes.urlOf(repository)
    const answer = await door.run({
      at,
      access,
      expect: 'any',
      silenceMs: patience === 'short' ? SILENCE_MS.read : SILENCE_MS.first_clone,
      args: [...args, '--end-of-options', url, ...specs],
    })
    return answer.exitCode === 0 ? null : toFault(answer.stderr)
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    return toFault(error.details.detail)
  }
}

function toFault(words: string): FetchFault {
  const detail = lastLines(words)
  if (/couldn't find remote ref/i.test(words)) return { kind: 'no_such_ref', reason: 'unknown', detail }
  const isClash = /cannot lock ref/i.test(words) && /exists; cannot create/i.test(words)
  return { kind: isClash ? 'name_clash' : 'other', reason: classifyFetch(words), detail }
}

/** Returns the last words, where git says what is wrong; progress is written with carriage returns. */
function lastLines(words: string): string {
  return words
    .split(/[\r\n]+/)
    .filter(Boolean)
    .slice(-5)
    .join('\n')
    .slice(-600)
}

async function readBatch(order: BatchOrder): Promise<Batch> {
  const refs = await readNamedRefs(order.door, order.mirror, order.branches.map(trackingRef))
  return new Map(
    order.branches.map((branch): [string, FetchedBranch] => {
      const sha = refs.get(trackingRef(branch))
      const failed: FetchedBranch = {
        kind: 'failed',
        reason: 'unknown',
        detail: 'The fetched ref is not there.',
      }
      return [branch, sha === undefined ? failed : { kind: 'fetched', sha }]
    }),
  )
}

/** The tracking ref of a deleted branch stays behind, so only the remote itself can tell. */
async function confirmDeleted(order: BatchOrder, branch: string): Promise<FetchedBranch> {
  const heads = await listRemote(order, [`refs/heads/${branch}`])
  if (heads === null) return { kind: 'failed', reason: 'unknown', detail: 'The remote could not be listed.' }
  if (!heads.has(`refs/heads/${branch}`)) return { kind: 'deleted' }
  return { kind: 'failed', reason: 'unknown', detail: 'The branch appeared while it was read.' }
}

/** A branch `x` left over as `x/y` in the mirror, or the other way round: the stale names go, their objects stay. */
async function removeClashes(order: BatchOrder): Promise<boolean> {
  const heads = await listRemote(order, ['refs/heads/*'])
  if (heads === null) return false
  const known = await readRefs(order.door, order.mirror, ['refs/remotes/origin/'])
  const stale = [...known].filter(([ref]) => {
    const branch = ref.slice('refs/remotes/origin/'.length)
    return !heads.has(`refs/heads/${branch}`) && order.branches.some((wanted) => blocksName(branch, wanted))
  })
  if (stale.length === 0) return false
  const lines = stale.map(([ref, sha]) => `delete ${ref} ${sha}\n`).join('')
  await order.door.run({ at: { gitDir: order.mirror }, args: ['update-ref', '--stdin'], input: lines })
  return true
}

function blocksName(one: string, other: string): boolean {
  return one !== other && (one.startsWith(`${other}/`) || other.startsWith(`${one}/`))
}

/** Returns the names of the remote's refs, or null when it did not answer. Exit code 2 means that none matches. */
async function listRemote(
  order: BatchOrder,
  patterns: readonly string[],
): Promise<ReadonlySet<string> | null> {
  const { door, remotes, mirror, repository } = order
  try {
    const answer = await door.run({
      at: { gitDir: mirror },
      access: await remotes.accessTo(repository),
      expect: [0, 2],
      silenceMs: SILENCE_MS.read,
      args: ['ls-remote', '--exit-code', '--end-of-options', remotes.urlOf(repository), ...patterns],
    })
    return new Set(
      answer.stdout
        .toString('utf8')
        .split('\n')
        .map((line) => line.slice(41)),
    )
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}
