// Step: commit what an agent left in the worktree, in its name and by the rules for leftovers.

import { randomUUID } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../../domain/ids.ts'
import { chooseLeftovers } from '../../../domain/sync/leftovers.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import { displayPath, type BytePath } from '../git/byte-path.ts'
import { committerLine, treeOf } from '../git/commit-object.ts'
import type { GitPlace } from '../git/git-door.ts'
import type { ChangedEntry } from '../git/parse-status.ts'
import { putIndex } from '../git/put-index.ts'
import { readCommits, writeCommit } from '../git/read-commit.ts'
import { pointControlAt } from '../repositories/control-directory.ts'
import { copyToMirror } from '../repositories/mirror.ts'
import { controlPlace, mirrorPlace } from '../repositories/session-paths.ts'
import { listLeftovers, readLeft, type Left } from './list-leftovers.ts'
import { moveBranch } from './move-branch.ts'
import {
  readCheckedOut,
  readPinBack,
  refuseLocks,
  type Refusal,
  type StepOf,
  type StepWorld,
} from './step-world.ts'

/** Commits the leftovers; the index follows, so that nothing shows as changed but what was left out. */
export async function commitLeftovers(
  world: StepWorld,
  step: StepOf<'commit_leftovers'>,
): Promise<StepOutcome> {
  const { paths } = world
  const found = await readCheckedOut(world, null)
  if (found.kind !== 'at') return found
  const refusal = await refuseLocks(world)
  if (refusal !== null) return refusal
  await pointControlAt(paths, found.sha)
  const left = await readLeft(world)
  const { unmerged } = left.status
  if (unmerged.length > 0) {
    const detail = `conflicts are not resolved in ${unmerged.map(({ path }) => displayPath(path)).join(', ')}`
    return { kind: 'failed', reason: 'git_failed', detail }
  }
  const unpinned = await refuseUnpinned(world, step, left)
  if (unpinned !== null) return unpinned
  const chosen = chooseLeftovers(await listLeftovers(world, left))
  const leftOut = chosen.leftOut.map(({ path, reason }) => ({ path: displayPath(path), reason }))
  if (chosen.taken.length === 0) return { kind: 'nothing_to_commit', leftOut }
  const indexFile = join(paths.control, `index-${randomUUID()}`)
  try {
    const tree = await buildTree(world, { left, taken: chosen.taken, indexFile, head: found.sha })
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

/**
 * A version that only the index has is in no file and no commit: one that was staged and then changed again, and one that
 * git was told not to compare with its file. The new index would forget it.
 */
async function refuseUnpinned(
  world: StepWorld,
  { prefix }: StepOf<'commit_leftovers'>,
  { status, marked }: Left,
): Promise<Refusal | null> {
  const only = status.changed.filter(
    ({ xy, path, indexMode }) => (!xy.includes('.') || marked.has(path)) && indexMode.startsWith('1'),
  )
  if (only.length === 0) return null
  const detail = `staged versions of ${only.map(({ path }) => displayPath(path)).join(', ')}`
  if (prefix === undefined) return { kind: 'failed', reason: 'not_pinned', detail }
  const pin = await readPinBack(world, prefix)
  return pin.kind === 'verified' ? null : pin
}

interface TreeOrder {
  readonly left: Left
  readonly taken: readonly BytePath[]
  readonly indexFile: string
  readonly head: Sha
}

/** Returns the tree with the taken files as git would add them, or null when it is the head's own. */
async function buildTree(world: StepWorld, order: TreeOrder): Promise<Sha | null> {
  const { door, paths } = world
  const { left, taken, indexFile, head } = order
  const takenSet = new Set<string>(taken)
  const { changed } = left.status
  const blobs = changed
    .filter((entry) => !entry.isSubmodule && takenSet.has(entry.path))
    .filter(({ indexMode, indexOid }) => indexMode.startsWith('1') && !isNone(indexOid))
  await copyToMirror(door, paths, [head, ...blobs.map(({ indexOid }) => indexOid)])
  await copyFile(paths.indexFile, indexFile)
  const at = { ...controlPlace(paths), indexFile, objectDirectory: join(paths.mirror, 'objects') }
  const undone = changed.filter(({ path }) => !takenSet.has(path))
  await undoStaged(world, { at, undone, left })
  // With a mark git takes the entry out of the index, or its file for unchanged; the staged version is the work.
  const seen = taken.filter((path) => !left.marked.has(path))
  await tellIndex(
    world,
    { at, flags: ['--add', '--remove', '--replace', '--stdin'] },
    seen.map((path) => `${path}\0`),
  )
  const tree = toSha(await door.text({ at: { ...mirrorPlace(paths), indexFile }, args: ['write-tree'] }))
  const before = (await readCommits({ door, mirror: paths.mirror }, [head])).get(head)
  return before !== undefined && treeOf(before) === tree ? null : tree
}

interface Undoing {
  readonly at: GitPlace
  readonly undone: readonly ChangedEntry[]
  readonly left: Left
}

/**
 * What is left out goes back to the head's state, or a staged secret would be committed all the same.
 *
 * It keeps its mark: a file of a sparse checkout would count as deleted without it.
 */
async function undoStaged(world: StepWorld, { at, undone, left }: Undoing): Promise<void> {
  const lines = undone.map(({ path, headMode, headOid }) =>
    isNone(headMode) ? `0 ${'0'.repeat(40)}\t${path}\0` : `${headMode} ${headOid} 0\t${path}\0`,
  )
  await tellIndex(world, { at, flags: ['--index-info'] }, lines)
  const marked = undone.flatMap(({ path, headMode }) =>
    isNone(headMode) ? [] : (left.marked.get(path) ?? []),
  )
  const [sparse, assumed] = [marked.filter(({ isSparse }) => isSparse), marked.filter((one) => !one.isSparse)]
  const toLines = (entries: typeof marked): readonly string[] => entries.map(({ path }) => `${path}\0`)
  await tellIndex(world, { at, flags: ['--skip-worktree', '--stdin'] }, toLines(sparse))
  await tellIndex(world, { at, flags: ['--assume-unchanged', '--stdin'] }, toLines(assumed))
}

/** Runs `update-index` over the lines; nothing for none. */
async function tellIndex(
  { door }: StepWorld,
  { at, flags }: { readonly at: GitPlace; readonly flags: readonly string[] },
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return
  await door.run({
    at,
    args: ['update-index', '-z', ...flags],
    input: Buffer.from(lines.join(''), 'latin1'),
  })
}

function isNone(value: string): boolean {
  return /^0+$/.test(value)
}

async function commitTree(
  { paths, identity, now }: StepWorld,
  { tree, parent, message }: { readonly tree: Sha; readonly parent: Sha; readonly message: string },
): Promise<Sha> {
  const who = committerLine(identity, now())
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${message.trimEnd()}\n`
  return (await writeCommit({ mirror: paths.mirror, bytes: Buffer.from(text) })).sha
}
