// Step: commit what an agent left in the worktree, in its name and by the rules for leftovers.

import { randomUUID } from 'node:crypto'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../../domain/ids.ts'
import {
  chooseLeftovers,
  holdsToken,
  LEFTOVER_MAX_BYTES,
  type Leftover,
} from '../../../domain/sync/leftovers.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { displayPath, onDisk, type BytePath } from '../git/byte-path.ts'
import { committerLine, treeOf } from '../git/commit-object.ts'
import { pointControlAt } from '../repositories/control-directory.ts'
import { inspectFile } from '../inspection/hash-files.ts'
import { readStatus } from '../inspection/inspect-tree.ts'
import { copyToMirror } from '../repositories/mirror.ts'
import type { ParsedStatus } from '../git/parse-status.ts'
import { putIndex } from '../git/put-index.ts'
import { readCommits, writeCommit } from '../git/read-commit.ts'
import { controlPlace, mirrorPlace } from '../repositories/session-paths.ts'
import {
  readCheckedOut,
  readPinBack,
  refuseLocks,
  type Refusal,
  type StepOf,
  type StepWorld,
} from './step-world.ts'
import { moveBranch } from './move-branch.ts'

/** Commits the leftovers; the index follows, so that nothing shows as changed but what was left out. */
export async function commitLeftovers(
  world: StepWorld,
  step: StepOf<'commit_leftovers'>,
): Promise<StepOutcome> {
  const { door, paths } = world
  const found = await readCheckedOut(world, null)
  if (found.kind !== 'at') return found
  const refusal = await refuseLocks(world)
  if (refusal !== null) return refusal
  await pointControlAt(paths, found.sha)
  const status = await readStatus(door, paths)
  if (status.unmerged.length > 0) {
    const detail = `conflicts are not resolved in ${status.unmerged.map(({ path }) => displayPath(path)).join(', ')}`
    return { kind: 'failed', reason: 'git_failed', detail }
  }
  const unpinned = await refuseUnpinned(world, step, status)
  if (unpinned !== null) return unpinned
  const chosen = chooseLeftovers(await listLeftovers(world, status))
  const leftOut = chosen.leftOut.map(({ path, reason }) => ({ path: displayPath(path), reason }))
  if (chosen.taken.length === 0) return { kind: 'nothing_to_commit', leftOut }
  const indexFile = join(paths.control, `index-${randomUUID()}`)
  try {
    const tree = await buildTree(world, { status, taken: chosen.taken, indexFile, head: found.sha })
    if (tree === null) return { kind: 'nothing_to_commit', leftOut }
    const head = await commitTree(world, { tree, parent: found.sha, message: step.message })
    // Before the branch moves: killed in between, everything merely shows as staged and the next run commits it.
    await putIndex(paths, indexFile)
    const moved = await moveBranch(world, {
      kind: 'move_branch',
      branch: step.branch,
      from: found.sha,
      to: head,
    })
    if (moved.kind !== 'done') return moved
    return { kind: 'committed', head, paths: chosen.taken.map(displayPath), leftOut }
  } finally {
    await rm(indexFile, { force: true })
  }
}

/** A version that was staged and then changed again is in no file and no commit: the new index would forget it. */
async function refuseUnpinned(
  world: StepWorld,
  { prefix }: StepOf<'commit_leftovers'>,
  status: ParsedStatus,
): Promise<Refusal | null> {
  const only = status.changed.filter(({ xy, indexMode }) => !xy.includes('.') && indexMode.startsWith('1'))
  if (only.length === 0) return null
  const detail = `staged versions of ${only.map(({ path }) => displayPath(path)).join(', ')}`
  if (prefix === undefined) return { kind: 'failed', reason: 'not_pinned', detail }
  const pin = await readPinBack(world, prefix)
  return pin.kind === 'verified' ? null : pin
}

async function listLeftovers(
  { paths }: StepWorld,
  status: ParsedStatus,
): Promise<readonly Leftover<BytePath>[]> {
  const tracked = status.changed.filter((entry) => !entry.isSubmodule).map(({ path }) => path)
  const files = await Promise.all(
    [...tracked, ...status.untracked].map((path) => toLeftover(paths.tree, path)),
  )
  const nested = [
    ...status.nested,
    ...status.changed.filter((entry) => entry.isSubmodule).map(({ path }) => path),
  ]
  return [
    ...files,
    ...nested.map((path) => ({ path, kind: 'nested_repository' as const, size: 0, holdsToken: false })),
  ]
}

async function toLeftover(tree: string, path: BytePath): Promise<Leftover<BytePath>> {
  const found = await inspectFile(tree, path)
  if (found.kind === 'link') return { path, kind: 'link', size: found.size, holdsToken: false }
  if (found.kind !== 'file') return { path, kind: 'deletion', size: 0, holdsToken: false }
  if (found.size >= LEFTOVER_MAX_BYTES) return { path, kind: 'file', size: found.size, holdsToken: false }
  try {
    const text = await readFile(onDisk(tree, path), 'latin1')
    return { path, kind: 'file', size: found.size, holdsToken: holdsToken(text) }
  } catch {
    // Named as left out; the pin that follows skips it too and says so.
    return { path, kind: 'unreadable', size: found.size, holdsToken: false }
  }
}

interface TreeOrder {
  readonly status: ParsedStatus
  readonly taken: readonly BytePath[]
  readonly indexFile: string
  readonly head: Sha
}

/** Returns the tree with the taken files as git would add them, or null when it is the head's own. */
async function buildTree({ door, paths }: StepWorld, order: TreeOrder): Promise<Sha | null> {
  const { status, taken, indexFile, head } = order
  const takenSet = new Set<string>(taken)
  const staged = status.changed.filter((entry) => !entry.isSubmodule && takenSet.has(entry.path))
  const blobs = staged.filter(
    ({ indexMode, indexOid }) => indexMode.startsWith('1') && !/^0+$/.test(indexOid),
  )
  await copyToMirror(door, paths, [head, ...blobs.map(({ indexOid }) => indexOid)])
  await copyFile(paths.indexFile, indexFile)
  const at = { ...controlPlace(paths), indexFile, objectDirectory: join(paths.mirror, 'objects') }
  // What is left out goes back to the head's state, or a staged secret would be committed all the same.
  const undone = status.changed.filter((entry) => !takenSet.has(entry.path))
  const lines = undone.map(({ path, headMode, headOid }) =>
    /^0+$/.test(headMode) ? `0 ${'0'.repeat(40)}\t${path}\0` : `${headMode} ${headOid} 0\t${path}\0`,
  )
  if (lines.length > 0) {
    await door.run({
      at,
      args: ['update-index', '-z', '--index-info'],
      input: Buffer.from(lines.join(''), 'latin1'),
    })
  }
  const input = Buffer.from(taken.map((path) => `${path}\0`).join(''), 'latin1')
  await door.run({ at, args: ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], input })
  const tree = toSha(await door.text({ at: { ...mirrorPlace(paths), indexFile }, args: ['write-tree'] }))
  const before = (await readCommits({ door, mirror: paths.mirror }, [head])).get(head)
  return before !== undefined && treeOf(before) === tree ? null : tree
}

async function commitTree(
  { paths, identity, now }: StepWorld,
  { tree, parent, message }: { readonly tree: Sha; readonly parent: Sha; readonly message: string },
): Promise<Sha> {
  const who = committerLine(identity, now())
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${message.trimEnd()}\n`
  return (await writeCommit({ mirror: paths.mirror, bytes: Buffer.from(text) })).sha
}
