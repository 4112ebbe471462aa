// Which files hold already what a move would bring: the traces of a move that was killed half way. They are not in the
// way, and taking them for somebody's changes would turn every interrupted move into a question.

import type { BytePath } from '../git/byte-path.ts'
import type { GitDoor } from '../git/git-door.ts'
import { hashFiles, inspectReadable, isHashable } from './hash-files.ts'
import type { CommitChange } from './inspect-collisions.ts'
import type { ChangedEntry, ParsedStatus } from '../git/parse-status.ts'
import { controlPlace, type SessionPaths } from '../repositories/session-paths.ts'

export interface MovedOrder {
  readonly door: GitDoor
  readonly paths: SessionPaths
  readonly changes: readonly CommitChange[]
  readonly status: ParsedStatus
  /** Every path of the index. */
  readonly tracked: ReadonlySet<string>
}

/** Returns the changes whose files are done already; one process, and none when nothing is there to compare. */
export async function findMoved(order: MovedOrder): Promise<readonly CommitChange[]> {
  const { door, paths, changes, status, tracked } = order
  const entries = new Map<string, ChangedEntry>(status.changed.map((entry) => [entry.path, entry]))
  const candidates = changes.filter((change) =>
    isCandidate(change, { entry: entries.get(change.path), tracked }),
  )
  const found = await Promise.all(
    candidates.map(async (change) => ({ change, file: await inspectReadable(paths.tree, change.path) })),
  )
  const gone = found.filter(({ change, file }) => !change.arrives && file.kind === 'nothing')
  const present = found.flatMap(({ change, file }) =>
    change.arrives && isHashable(file) ? [{ change, file }] : [],
  )
  const files = present.map(({ file }) => file)
  const hashed = await hashFiles(door, { paths, at: controlPlace(paths), files })
  const same = present.filter(({ change }, position) => {
    const now = hashed[position]
    return now !== undefined && now.oid === change.oid && now.mode === change.mode
  })
  return [...gone, ...same].map(({ change }) => change)
}

/** Something staged that neither commit has would be lost, so its file counts as changed whatever it holds. */
function isCandidate(
  change: CommitChange,
  { entry, tracked }: { readonly entry: ChangedEntry | undefined; readonly tracked: ReadonlySet<string> },
): boolean {
  if (entry === undefined) return change.arrives && !tracked.has(change.path)
  return entry.indexOid === entry.headOid || entry.indexOid === change.oid
}

/** Returns the paths alone. */
export function pathsOf(changes: readonly CommitChange[]): ReadonlySet<string> {
  return new Set<BytePath>(changes.map(({ path }) => path))
}
