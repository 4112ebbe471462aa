// Pushes one commit from the mirror to one ref of the remote, with a lease, and believes only what it reads back.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { RefName, Sha } from '../../../domain/ids.ts'
import { classifyPush } from '../../../domain/sync/push-result.ts'
import type { PushResult } from '../../../domain/sync/step.ts'
import type { GitDoor, RemoteAccess } from '../git/git-door.ts'
import { withoutCredential } from '../git/git-environment.ts'
import { SILENCE_MS, tokenFault, type Remotes, type RepositoryAddress } from './remote.ts'

export interface PushOrder {
  readonly mirror: string
  readonly repository: RepositoryAddress
  readonly sha: Sha
  readonly ref: RefName
  /** Where the ref must be now; null when it must not exist. */
  readonly expected: Sha | null
}

export interface PushAnswer {
  readonly result: PushResult
  readonly detail: string
}

export interface PushWorld {
  readonly door: GitDoor
  readonly remotes: Remotes
}

/** Pushes; repeating a push that succeeded succeeds again. */
export async function pushRef(world: PushWorld, order: PushOrder): Promise<PushAnswer> {
  let access: RemoteAccess | null
  try {
    access = await world.remotes.accessTo(order.repository)
  } catch (error) {
    const { reason, detail } = tokenFault(error)
    return { result: reason, detail }
  }
  const words = await push(world, order, access)
  const there = await readBack(world, order, access)
  if (there.sha === order.sha) return { result: 'pushed', detail: '' }
  const heard = words ?? (there.kind === 'unreadable' ? there.words : '')
  const result = classifyPush(heard)
  // Whether ours came first can only be told from the new commit, so that is for the next look, not for a person.
  const isElsewhere = there.sha !== null && there.sha !== order.expected
  if (isElsewhere && UNSURE.includes(result))
    return { result: 'non_fast_forward', detail: `The ref was read back at ${there.sha}.` }
  if (heard === '') return { result, detail: `The ref was read back at ${there.sha ?? 'nothing'}.` }
  return { result, detail: wordsForPeople(heard) }
}

/** What a remote may say, or leave unsaid, about a push that did land. */
const UNSURE: readonly PushResult[] = ['unknown', 'network']

/** Returns null when git says it was pushed, else everything it said. */
async function push(
  { door, remotes }: PushWorld,
  order: PushOrder,
  access: RemoteAccess | null,
): Promise<string | null> {
  const { ref, sha, expected } = order
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`
  const flags = ['--porcelain', '--progress', '--no-verify', '--no-follow-tags', '--no-signed', lease]
  const url = remotes.urlOf(order.repository)
  try {
    const { exitCode, stdout, stderr } = await door.run({
      at: { gitDir: order.mirror },
      access,
      expect: 'any',
      silenceMs: SILENCE_MS.push,
      args: ['push', ...flags, '--end-of-options', url, `${sha}:${ref}`],
    })
    return exitCode === 0 ? null : `${stderr}\n${withoutCredential(stdout.toString('utf8'), access)}`
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    return error.details.detail
  }
}

type ReadBack =
  | { readonly kind: 'read'; readonly sha: string | null }
  | { readonly kind: 'unreadable'; readonly sha: null; readonly words: string }

async function readBack(
  { door, remotes }: PushWorld,
  order: PushOrder,
  access: RemoteAccess | null,
): Promise<ReadBack> {
  const args = ['ls-remote', '--end-of-options', remotes.urlOf(order.repository), order.ref]
  try {
    const text = await door.text({
      at: { gitDir: order.mirror },
      access,
      args,
      silenceMs: SILENCE_MS.read,
    })
    const line = text.split('\n').find((candidate) => candidate.slice(41) === order.ref)
    return { kind: 'read', sha: line?.slice(0, 40) ?? null }
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    return { kind: 'unreadable', sha: null, words: error.details.detail }
  }
}

/** Returns the remote's words without progress lines, short enough for a comment. */
function wordsForPeople(words: string): string {
  const lines = words.split(/[\r\n]+/).map((line) => line.trim())
  const telling = lines.filter(
    (line) =>
      line !== '' &&
      !/^(?:Enumerating|Counting|Compressing|Writing|Delta|Total|remote: Resolving)\b/.test(line),
  )
  return telling.join('\n').slice(0, 1000)
}
