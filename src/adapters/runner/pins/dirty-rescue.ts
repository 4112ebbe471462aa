// Pinned uncommitted work as commits that may leave the machine: the shape of the pin, without what looks like a secret.
// Made from the mirror alone, and the same commits every time, so that pushing them twice is pushing them once.

import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toSha, type Sha } from '../../../domain/ids.ts'
import type { LeftOut, LeftOutReason } from '../../../domain/sync/step.ts'
import { displayPath } from '../git/byte-path.ts'
import { findSecrets } from './find-secrets.ts'
import { diffTrees, listConflicts, type MirrorPlace, type TreeChange } from './pin-diff.ts'

export interface PinnedWork {
  readonly head: Sha
  readonly index: Sha
  readonly worktree: Sha
}

export type DirtyRescue =
  | {
      readonly kind: 'made'
      readonly head: Sha
      readonly paths: readonly string[]
      readonly leftOut: readonly LeftOut[]
    }
  /** Nothing lay uncommitted, or nothing of it may be pushed. */
  | { readonly kind: 'nothing'; readonly leftOut: readonly LeftOut[] }

/**
 * Writes the commits into the mirror.
 *
 * The worktree's commit stands on the pinned head and has the index's as its second parent, as a stash has, so
 * `git stash apply --index` takes it. Conflict stages are no tree of files; an index that held them is left out.
 */
export async function makeDirtyRescue(place: MirrorPlace, pin: PinnedWork): Promise<DirtyRescue> {
  const { head, index, worktree } = pin
  const hasStages = (await listConflicts(place, index)).length > 0
  const files = await diffTrees(place, { from: head, to: worktree })
  const staged = hasStages ? [] : await diffTrees(place, { from: head, to: index })
  const secrets = await findSecrets(place, [...files, ...staged])
  const leftOut = [...secrets]
    .map(([path, reason]: readonly [string, LeftOutReason]) => ({ path: displayPath(path), reason }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
  const kept = [...files, ...staged].filter(({ path }) => !secrets.has(path))
  if (kept.length === 0) return { kind: 'nothing', leftOut }
  const paths = [...new Set(kept.map(({ path }) => displayPath(path)))].toSorted()
  const worktreeTree = await withoutSecrets(place, { commit: worktree, changes: files, secrets })
  const stamp = await stampOf(place, worktree)
  const parents = [head]
  if (!hasStages) {
    const tree = await withoutSecrets(place, { commit: index, changes: staged, secrets })
    parents.push(await writeCommit(place, { tree, parents: [head], stamp }))
  }
  return {
    kind: 'made',
    head: await writeCommit(place, { tree: worktreeTree, parents, stamp }),
    paths,
    leftOut,
  }
}

interface Filtering {
  readonly commit: Sha
  /** What differs in it from the pinned head. */
  readonly changes: readonly TreeChange[]
  readonly secrets: ReadonlyMap<string, LeftOutReason>
}

/** Returns the commit's tree with every secret path as the pinned head has it. */
async function withoutSecrets(
  { door, mirror }: MirrorPlace,
  { commit, changes, secrets }: Filtering,
): Promise<Sha> {
  const undone = changes.filter(({ path }) => secrets.has(path))
  if (undone.length === 0) {
    const args = ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`]
    return toSha(await door.text({ at: { gitDir: mirror }, args }))
  }
  const indexFile = join(mirror, `index-${randomUUID()}`)
  const at = { gitDir: mirror, indexFile }
  const lines = undone.map(({ path, letter, oldMode, oldOid }) =>
    letter === 'A' ? `0 ${'0'.repeat(40)}\t${path}\0` : `${oldMode} ${oldOid} 0\t${path}\0`,
  )
  try {
    await door.run({ at, args: ['read-tree', commit] })
    const input = Buffer.from(lines.join(''), 'latin1')
    await door.run({ at, args: ['update-index', '-z', '--index-info'], input })
    return toSha(await door.text({ at, args: ['write-tree'] }))
  } finally {
    await rm(indexFile, { force: true })
  }
}

interface Stamp {
  /** `author …` and `committer …`. */
  readonly lines: readonly string[]
  readonly message: string
}

/** Names, dates and message of the pin itself. */
async function stampOf({ door, mirror }: MirrorPlace, commit: Sha): Promise<Stamp> {
  const { stdout } = await door.run({ at: { gitDir: mirror }, args: ['cat-file', 'commit', commit] })
  const text = stdout.toString('utf8')
  const end = text.indexOf('\n\n')
  const lines = text
    .slice(0, end)
    .split('\n')
    .filter((line) => /^(?:author|committer) /.test(line))
  return { lines, message: text.slice(end + 2) }
}

interface NewCommit {
  readonly tree: Sha
  readonly parents: readonly Sha[]
  readonly stamp: Stamp
}

async function writeCommit({ door, mirror }: MirrorPlace, { tree, parents, stamp }: NewCommit): Promise<Sha> {
  const header = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), ...stamp.lines]
  const args = ['hash-object', '-t', 'commit', '-w', '--stdin']
  const input = `${header.join('\n')}\n\n${stamp.message}`
  return toSha(await door.text({ at: { gitDir: mirror }, args, input }))
}
