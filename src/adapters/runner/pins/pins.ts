// Pins: a session's commits, index and files under refs of the mirror, where no agent can reach them. Written once,
// never moved, read back before anything is destroyed.

import { join } from 'node:path'
import type { RefName, Sha } from '../../../domain/ids.ts'
import { pinId, pinRef } from '../../../domain/sync/pin.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import type { GitIdentity } from '../../../ports/runner.ts'
import { committerLine } from '../git/commit-object.ts'
import { digestIndex, digestStatus, isUnchanged, parseCovered } from './covered-state.ts'
import type { GitDoor } from '../git/git-door.ts'
import { readIfThere } from '../look-at.ts'
import { copyToMirror, readNamedRefs } from '../repositories/mirror.ts'
import { makePinContent, type ContentOrder } from './pin-content.ts'
import { pushRef, type PushAnswer } from '../repositories/push-ref.ts'
import { writeCommit } from '../git/read-commit.ts'
import type { Remotes, RepositoryAddress } from '../repositories/remote.ts'
import { mirrorPlace, type SessionPaths } from '../repositories/session-paths.ts'
import { readStatusAt } from './snapshot.ts'
import { writeDurably } from '../write-durably.ts'

export interface PinOrder extends ContentOrder {
  readonly prefix: RefName
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

/** The commits of a pin. */
export interface PinCommits {
  /** Null when the branch had no commit; the ref `head` names the index commit then. */
  readonly head: Sha | null
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
  /** Reads the refs alone, without a process: are they there, and the ones that were written? */
  verifyRefs(name: PinName): Promise<PinCheck>
  /** Tells whether the pin holds what lies in the worktree now: something may have written after the pin was made. */
  covers(order: PinName & { readonly head: Sha | null; readonly target: Sha }): Promise<boolean>
  /** Pushes the pinned head under its own name, create-only. */
  push(order: PinPushOrder): Promise<PushAnswer>
}

/** Makes the real pins. */
export function createPins(world: { readonly door: GitDoor; readonly remotes: Remotes }): Pins {
  const { door } = world
  return {
    write: (order) => writePin(door, order),
    verify: (name) => verifyPin(door, name),
    verifyRefs: (name) => verifyRefs(door, name),
    covers: (order) => coversWorktree(door, order),
    push: async ({ paths, prefix, head, repository }) => {
      const ref = pinRef(prefix, 'head')
      return pushRef(world, { mirror: paths.mirror, repository, sha: head, ref, expected: null })
    },
  }
}

async function writePin(door: GitDoor, order: PinOrder): Promise<StepOutcome> {
  const { paths, prefix, head } = order
  const content = await makePinContent(door, order)
  if (content.kind === 'impossible')
    return { kind: 'failed', reason: 'snapshot_failed', detail: content.detail }
  if (content.kind === 'changed')
    return { kind: 'raced', expected: head, actual: `${content.path} changed while it was saved` }
  const heads = head === null ? [] : [head]
  const index = await commitTree(order, { tree: content.indexTree, parents: [...heads, ...content.also] })
  const worktree = await commitTree(order, { tree: content.worktreeTree, parents: [...heads, index] })
  const commits = { head, index, worktree }
  const existing = await readPin(door, { paths, prefix })
  if (existing === null) await createRefs(door, order, commits)
  else if (!isSame(existing, commits)) {
    return { kind: 'failed', reason: 'snapshot_failed', detail: `${prefix} exists and holds something else` }
  }
  await writeDurably(recordFile(order, 'json'), JSON.stringify(commits))
  if (content.covered !== null)
    await writeDurably(recordFile(order, 'covered.json'), JSON.stringify(content.covered))
  const skipped = [...content.skipped, ...content.lacking.map((sha) => `commit ${sha}`)]
  const pinned = { ...commits, head: head ?? index, paths: content.paths }
  return { kind: 'pinned', ...pinned, ...(skipped.length === 0 ? {} : { skipped }) }
}

/** The pin's date comes from its name, so that the same pin made twice is the same commits. */
async function commitTree(
  { paths, prefix, identity, message }: PinOrder,
  { tree, parents }: { readonly tree: Sha; readonly parents: readonly Sha[] },
): Promise<Sha> {
  const atMs = Number(/\/(\d+)-[^/]*$/.exec(prefix)?.[1] ?? 0) / 1_000_000
  const who = committerLine(identity, atMs)
  const header = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
  ]
  const bytes = Buffer.from(`${header.join('\n')}\n\n${message}\n`)
  return (await writeCommit({ mirror: paths.mirror, bytes })).sha
}

/** All three or none; an existing name makes git refuse the whole transaction. */
async function createRefs(door: GitDoor, { paths, prefix }: PinName, commits: PinCommits): Promise<void> {
  const at = mirrorPlace(paths)
  const creates = LEAVES.map((leaf) => `create ${pinRef(prefix, leaf)} ${commits[leaf] ?? commits.index}\n`)
  const input = ['start\n', ...creates, 'prepare\n', 'commit\n'].join('')
  const args = ['update-ref', '--stdin']
  const { exitCode, stderr } = await door.run({ at, args, input, expect: [0, 128] })
  if (exitCode === 0) return
  // The head alone can be missing: everything else was just written or copied.
  if (commits.head !== null && /nonexistent object/.test(stderr))
    await copyToMirror(door, paths, [commits.head])
  await door.run({ at, args, input })
}

const LEAVES = ['head', 'index', 'worktree'] as const

async function readPin(door: GitDoor, { paths, prefix }: PinName): Promise<PinCommits | null> {
  const names = LEAVES.map((leaf) => pinRef(prefix, leaf))
  const refs = await readNamedRefs(door, paths.mirror, names)
  const [head, index, worktree] = names.map((name) => refs.get(name))
  if (head === undefined || index === undefined || worktree === undefined) return null
  return { head: head === index ? null : head, index, worktree }
}

function isSame(one: PinCommits, other: PinCommits): boolean {
  return LEAVES.every((leaf) => one[leaf] === other[leaf])
}

/** What writing the pin saw and returned, kept so that reading back compares with it even in another process. */
function recordFile({ paths, prefix }: PinName, kind: 'json' | 'covered.json'): string {
  return join(paths.control, 'pins', `${pinId(prefix)}.${kind}`)
}

async function verifyRefs(door: GitDoor, name: PinName): Promise<PinCheck> {
  const commits = await readPin(door, name)
  if (commits === null)
    return { kind: 'unverified', detail: `the refs under ${name.prefix} are not all there` }
  const record = await readIfThere(recordFile(name, 'json'))
  if (record !== null && record !== JSON.stringify(commits)) {
    return { kind: 'unverified', detail: `the refs under ${name.prefix} are not the ones that were written` }
  }
  return { kind: 'verified', commits }
}

async function verifyPin(door: GitDoor, name: PinName): Promise<PinCheck> {
  const refs = await verifyRefs(door, name)
  if (refs.kind === 'unverified') return refs
  const { commits } = refs
  // Walks everything the pin reaches and the remote's branches do not; a missing object ends it with an error.
  const tips = [commits.head, commits.index, commits.worktree].filter((sha) => sha !== null)
  const args = ['rev-list', '--objects', '--quiet', ...tips, '--not', '--glob=refs/remotes/origin/*']
  const { exitCode, stderr } = await door.run({ at: mirrorPlace(name.paths), args, expect: 'any' })
  if (exitCode === 0) return { kind: 'verified', commits }
  const detail = `objects of ${name.prefix} are missing: ${stderr.trim().slice(0, 300)}`
  return { kind: 'unverified', detail }
}

/** One process: git says what differs, and everything else is compared by what the pin wrote down. */
async function coversWorktree(
  door: GitDoor,
  { paths, prefix, head, target }: PinName & { readonly head: Sha | null; readonly target: Sha },
): Promise<boolean> {
  const text = await readIfThere(recordFile({ paths, prefix }, 'covered.json'))
  const covered = text === null ? null : parseCovered(text)
  if (covered?.target !== target || covered.index !== (await digestIndex(paths))) return false
  const status = await readStatusAt({ door, paths }, head)
  return covered.status === digestStatus(status) && isUnchanged(paths.tree, covered)
}
