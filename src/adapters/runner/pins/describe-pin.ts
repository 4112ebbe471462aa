// Says what lies in a pin, from the mirror alone. Changes nothing, so it may run beside anything.

import { isSha, type RefName, type Sha } from '../../../domain/ids.ts'
import type { PinContents, PinnedChange } from '../../../domain/sync/pin-contents.ts'
import { pinRef } from '../../../domain/sync/pin.ts'
import type { CommitSummary } from '../../../domain/sync/facts.ts'
import { displayPath, splitNul } from '../git/byte-path.ts'
import { isMirrorReady, readRefs } from '../repositories/mirror.ts'
import { countLines, diffTrees, listConflicts, type MirrorPlace, type TreeChange } from './pin-diff.ts'

export interface PinQuery {
  readonly prefix: RefName
  /** How many changed paths are listed at most. */
  readonly limit: number
}

const LISTED_COMMITS = 20

/** Returns what the pin holds; null when the mirror or one of the pin's refs is not there. */
export async function describePin(place: MirrorPlace, query: PinQuery): Promise<PinContents | null> {
  const { prefix, limit } = query
  if (!(await isMirrorReady(place.mirror))) return null
  const refs = await readRefs(place.door, place.mirror, [`${prefix}/`])
  const named = refs.get(pinRef(prefix, 'head')) ?? null
  const [index, worktree] = [refs.get(pinRef(prefix, 'index')), refs.get(pinRef(prefix, 'worktree'))]
  if (index === undefined || worktree === undefined) return null
  // A branch without a commit: the ref `head` names the index commit.
  const head = named === index ? null : named
  const fault = await findFault(place, [...(head === null ? [] : [head]), index, worktree])
  const pin = { head, index, worktree, fault }
  if (fault !== null) return { ...pin, commits: [], hasConflicts: false, changes: [], changeCount: 0 }
  const conflicts = await listConflicts(place, index)
  const changes = await listChanges(place, { head, index, worktree, conflicts: new Set(conflicts) })
  return {
    ...pin,
    commits: head === null ? [] : await listCommits(place, head),
    hasConflicts: conflicts.length > 0,
    changes: changes.slice(0, limit),
    changeCount: changes.length,
  }
}

/** Walks everything the pin reaches and fetched branches do not; a missing object ends it with an error. */
async function findFault({ door, mirror }: MirrorPlace, tips: readonly Sha[]): Promise<string | null> {
  const args = ['rev-list', '--objects', '--quiet', ...tips, '--not', '--glob=refs/remotes/origin/*']
  const { exitCode, stderr } = await door.run({ at: { gitDir: mirror }, args, expect: 'any' })
  return exitCode === 0 ? null : stderr.trim().slice(0, 300)
}

async function listCommits({ door, mirror }: MirrorPlace, head: Sha): Promise<readonly CommitSummary[]> {
  const { stdout } = await door.run({
    at: { gitDir: mirror },
    args: [
      'log',
      '-z',
      `--max-count=${LISTED_COMMITS}`,
      '--format=%H%x09%an%x09%s',
      '--encoding=UTF-8',
      head,
      '--not',
      '--glob=refs/remotes/origin/*',
    ],
  })
  return splitNul(stdout).flatMap((line) => {
    const [sha = '', author = '', ...subject] = displayPath(line).split('\t')
    return isSha(sha) ? [{ sha, author, subject: subject.join('\t') }] : []
  })
}

interface Pinned {
  readonly head: Sha | null
  readonly index: Sha
  readonly worktree: Sha
  /** Empty unless the index is kept as stages, which can not be compared with a tree of files. */
  readonly conflicts: ReadonlySet<string>
}

async function listChanges(place: MirrorPlace, pinned: Pinned): Promise<readonly PinnedChange[]> {
  const { head, index, worktree, conflicts } = pinned
  const base = conflicts.size > 0 ? head : index
  const staged = conflicts.size > 0 ? [] : await diffTrees(place, { from: head, to: index })
  const unstaged = await diffTrees(place, { from: base, to: worktree })
  const lines = await countLines(place, { from: head, to: worktree })
  const [left, right] = [byPath(staged), byPath(unstaged)]
  const paths = [...new Set([...left.keys(), ...right.keys(), ...conflicts])].toSorted()
  return paths.map((path) => ({
    path: displayPath(path),
    letters: conflicts.has(path) ? 'UU' : lettersOf(left.get(path), right.get(path)),
    lines: lines.get(path) ?? null,
  }))
}

function byPath(changes: readonly TreeChange[]): ReadonlyMap<string, TreeChange> {
  return new Map(changes.map((change) => [change.path, change]))
}

/** A file that neither head nor index has was untracked. */
function lettersOf(staged: TreeChange | undefined, unstaged: TreeChange | undefined): string {
  if (staged === undefined && unstaged?.letter === 'A') return '??'
  return `${staged?.letter ?? ' '}${unstaged?.letter ?? ' '}`
}
