// Pins: a session's commits, index and files under refs of the mirror, where no agent can reach them. Written once,
// never moved, read back before anything is destroyed.

import { join } from 'node:path'
import { toSha, type RefName, type Sha } from '../../domain/ids.ts'
import { pinRef } from '../../domain/sync/pin.ts'
import type { StepOutcome } from '../../domain/sync/step.ts'
import type { GitIdentity } from '../../ports/runner.ts'
import { committerLine } from './commit-object.ts'
import type { GitDoor } from './git-door.ts'
import { readSmallFile } from './look-at.ts'
import { readRefs } from './mirror.ts'
import { pushRef, type PushAnswer } from './push-ref.ts'
import type { Remotes, RepositoryAddress } from './remote.ts'
import { mirrorPlace, type SessionPaths } from './session-paths.ts'
import { takeSnapshot } from './snapshot.ts'
import { writeDurably } from './write-durably.ts'

export interface PinOrder {
  readonly paths: SessionPaths
  readonly prefix: RefName
  readonly head: Sha
  /** Where a reset would go; ignored files in its way are saved too. */
  readonly target: Sha | null
  readonly message: string
  readonly identity: GitIdentity
}

export interface PinPushOrder {
  readonly paths: SessionPaths
  readonly prefix: RefName
  readonly head: Sha
  readonly repository: RepositoryAddress
}

export interface PinName {
  readonly paths: SessionPaths
  readonly prefix: RefName
}

/** The three commits of a pin. */
export interface PinCommits {
  readonly head: Sha
  readonly index: Sha
  readonly worktree: Sha
}

export type PinCheck =
  | { readonly kind: 'verified'; readonly commits: PinCommits }
  | { readonly kind: 'unverified'; readonly detail: string }

/** Writes pins and reads them back. Injected, so that a test can see what happens when it lies. */
export interface Pins {
  write(order: PinOrder): Promise<StepOutcome>
  /** Reads refs and all objects of a pin back from the mirror alone. */
  verify(name: PinName): Promise<PinCheck>
  /** Tells whether the pin holds what lies in the worktree now: something may have written after the pin was made. */
  covers(order: PinName & { readonly head: Sha; readonly target: Sha }): Promise<boolean>
  /** Pushes the pinned head under its own name, create-only. */
  push(order: PinPushOrder): Promise<PushAnswer>
}

/** Makes the real pins. */
export function createPins(world: { readonly door: GitDoor; readonly remotes: Remotes }): Pins {
  const { door } = world
  return {
    write: (order) => writePin(door, order),
    verify: (name) => verifyPin(door, name),
    covers: (order) => coversWorktree(door, order),
    push: async ({ paths, prefix, head, repository }) => {
      const ref = pinRef(prefix, 'head')
      return pushRef(world, { mirror: paths.mirror, repository, sha: head, ref, expected: null })
    },
  }
}

async function writePin(door: GitDoor, order: PinOrder): Promise<StepOutcome> {
  const { paths, prefix, head } = order
  const snapshot = await takeSnapshot({ door, paths, head, target: order.target })
  if (snapshot.kind === 'impossible')
    return { kind: 'failed', reason: 'snapshot_failed', detail: snapshot.detail }
  const index = await commitTree(door, order, { tree: snapshot.indexTree, parents: [head] })
  const worktree = await commitTree(door, order, { tree: snapshot.worktreeTree, parents: [head, index] })
  const commits = { head, index, worktree }
  const existing = await readPin(door, { paths, prefix })
  if (existing === null) await createRefs(door, order, commits)
  else if (!isSame(existing, commits)) {
    return { kind: 'failed', reason: 'snapshot_failed', detail: `${prefix} exists and holds something else` }
  }
  await writeDurably(recordFile(order), JSON.stringify(commits))
  const { paths: saved, skipped } = snapshot
  return { kind: 'pinned', ...commits, paths: saved, ...(skipped.length === 0 ? {} : { skipped }) }
}

/** The pin's date comes from its name, so that the same pin made twice is the same commits. */
async function commitTree(
  door: GitDoor,
  { paths, prefix, identity, message }: PinOrder,
  { tree, parents }: { readonly tree: Sha; readonly parents: readonly Sha[] },
): Promise<Sha> {
  const atMs = Number(/\/(\d+)-[^/]*$/.exec(prefix)?.[1] ?? 0) / 1_000_000
  const who = committerLine(identity, atMs)
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
  ]
  const input = `${head.join('\n')}\n\n${message}\n`
  return toSha(
    await door.text({
      at: mirrorPlace(paths),
      args: ['hash-object', '-t', 'commit', '-w', '--stdin'],
      input,
    }),
  )
}

/** All three or none; an existing name makes git refuse the whole transaction. */
async function createRefs(door: GitDoor, { paths, prefix }: PinName, commits: PinCommits): Promise<void> {
  const creates = LEAVES.map((leaf) => `create ${pinRef(prefix, leaf)} ${commits[leaf]}\n`)
  const input = ['start\n', ...creates, 'prepare\n', 'commit\n'].join('')
  await door.run({ at: mirrorPlace(paths), args: ['update-ref', '--stdin'], input })
}

const LEAVES = ['head', 'index', 'worktree'] as const

async function readPin(door: GitDoor, { paths, prefix }: PinName): Promise<PinCommits | null> {
  const refs = await readRefs(door, paths.mirror, [`${prefix}/`])
  const [head, index, worktree] = LEAVES.map((leaf) => refs.get(pinRef(prefix, leaf)))
  if (head === undefined || index === undefined || worktree === undefined) return null
  return { head, index, worktree }
}

function isSame(one: PinCommits, other: PinCommits): boolean {
  return LEAVES.every((leaf) => one[leaf] === other[leaf])
}

/** What writing the pin returned, kept so that reading back compares with it even in another process. */
function recordFile({ paths, prefix }: PinName): string {
  return join(paths.control, 'pins', `${prefix.slice(prefix.lastIndexOf('/') + 1)}.json`)
}

async function verifyPin(door: GitDoor, name: PinName): Promise<PinCheck> {
  const commits = await readPin(door, name)
  if (commits === null)
    return { kind: 'unverified', detail: `the refs under ${name.prefix} are not all there` }
  const record = await readSmallFile(recordFile(name), 10_000)
  if (record !== null && record !== JSON.stringify(commits)) {
    return { kind: 'unverified', detail: `the refs under ${name.prefix} are not the ones that were written` }
  }
  // Walks everything the pin reaches and the remote's branches do not; a missing object ends it with an error.
  const tips = LEAVES.map((leaf) => commits[leaf])
  const args = ['rev-list', '--objects', '--quiet', ...tips, '--not', '--glob=refs/remotes/origin/*']
  const { exitCode, stderr } = await door.run({
    at: mirrorPlace(name.paths),
    args,
    expect: 'any',
  })
  if (exitCode !== 0)
    return {
      kind: 'unverified',
      detail: `objects of ${name.prefix} are missing: ${stderr.trim().slice(0, 300)}`,
    }
  return { kind: 'verified', commits }
}

async function coversWorktree(
  door: GitDoor,
  { paths, prefix, head, target }: PinName & { readonly head: Sha; readonly target: Sha },
): Promise<boolean> {
  const pin = await readPin(door, { paths, prefix })
  if (pin === null || pin.head !== head) return false
  const now = await takeSnapshot({ door, paths, head, target })
  if (now.kind === 'impossible') return false
  const args = ['rev-parse', `${pin.index}^{tree}`, `${pin.worktree}^{tree}`]
  const trees = await door.text({ at: mirrorPlace(paths), args })
  return trees === `${now.indexTree}\n${now.worktreeTree}`
}
