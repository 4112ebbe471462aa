// What differs between two trees of the mirror. Reads objects only: no filter, no attribute, no configuration of a person.

import type { Sha } from '../../../domain/ids.ts'
import { splitNul, toBytePath, type BytePath } from '../git/byte-path.ts'
import type { GitDoor } from '../git/git-door.ts'

/** One path that differs. */
export interface TreeChange {
  readonly path: BytePath
  /** `A`, `D`, `M` or `T`. */
  readonly letter: string
  readonly oldMode: string
  readonly oldOid: string
  readonly newMode: string
  readonly newOid: string
}

/** A mirror and what reads it. */
export interface MirrorPlace {
  readonly door: GitDoor
  readonly mirror: string
}

export interface Trees {
  /** Null for nothing at all. */
  readonly from: Sha | null
  readonly to: Sha
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Lists what differs from one tree or commit to another, in the order of paths. */
export async function diffTrees(
  { door, mirror }: MirrorPlace,
  { from, to }: Trees,
): Promise<readonly TreeChange[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--end-of-options', from ?? EMPTY_TREE, to]
  const parts = splitNul((await door.run({ at: { gitDir: mirror }, args })).stdout)
  const changes: TreeChange[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', letter = ''] = (parts[at] ?? '')
      .slice(1)
      .split(' ')
    changes.push({ path: toBytePath(parts[at + 1] ?? ''), letter, oldMode, oldOid, newMode, newOid })
  }
  return changes
}

export interface LineCount {
  readonly added: number
  readonly deleted: number
}

/** Counts the changed lines by path; null for what has no lines. */
export async function countLines(
  { door, mirror }: MirrorPlace,
  { from, to }: Trees,
): Promise<ReadonlyMap<string, LineCount | null>> {
  const flags = ['--no-renames', '--numstat', '--no-ext-diff', '--no-textconv']
  const args = ['diff-tree', '-r', '-z', ...flags, '--end-of-options', from ?? EMPTY_TREE, to]
  const { stdout } = await door.run({ at: { gitDir: mirror }, args })
  return new Map(splitNul(stdout).map(toLineCount))
}

function toLineCount(entry: string): readonly [string, LineCount | null] {
  const [added = '', deleted = '', ...path] = entry.split('\t')
  const count = added === '-' ? null : { added: Number(added), deleted: Number(deleted) }
  return [path.join('\t'), count]
}

/** Lists the conflicted paths of a pinned index; empty when it held no conflict and is a plain tree. */
export async function listConflicts({ door, mirror }: MirrorPlace, index: Sha): Promise<readonly BytePath[]> {
  const at = { gitDir: mirror }
  const top = await door.text({ at, args: ['ls-tree', '--name-only', '--end-of-options', index] })
  const names = top.split('\n')
  if (!names.every((name) => /^stage[0-3]$/.test(name)) || names.every((name) => name === 'stage0')) return []
  const { stdout } = await door.run({ at, args: ['ls-tree', '-r', '-z', '--name-only', index] })
  const staged = splitNul(stdout).filter((path) => !path.startsWith('stage0/'))
  return [...new Set(staged.map((path) => toBytePath(path.slice(path.indexOf('/') + 1))))].toSorted()
}
