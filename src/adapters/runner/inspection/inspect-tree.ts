// What lies in the worktree, and what a move to another commit would meet there.

import type { Sha } from '../../../domain/ids.ts'
import type { TreeFacts } from '../../../domain/sync/facts.ts'
import { displayPath, toBytePath, type BytePath } from '../git/byte-path.ts'
import type { GitDoor } from '../git/git-door.ts'
import { findMoved, pathsOf } from './find-moved.ts'
import { inspectFile } from './hash-files.ts'
import { diffCommits, findCollisions, type CommitChange } from './inspect-collisions.ts'
import type { IndexEntry } from '../git/index-entry.ts'
import { findHiddenEdits, listIndex } from './inspect-index.ts'
import { parseStatus, STATUS_ARGS, type ParsedStatus } from '../git/parse-status.ts'
import { controlPlace, type SessionPaths } from '../repositories/session-paths.ts'

/** Asks git what differs from HEAD; our git directory must point at the right commit before. */
export async function readStatus(door: GitDoor, paths: SessionPaths): Promise<ParsedStatus> {
  const { stdout } = await door.run({ at: controlPlace(paths), args: STATUS_ARGS })
  return parseStatus(stdout)
}

/** A move of index and files that is being thought about. */
export interface ThoughtMove {
  readonly from: Sha
  readonly to: Sha
}

/** Returns the facts of the tree; without a move that is looked at closely, the index is not listed. */
export async function inspectTree(
  door: GitDoor,
  paths: SessionPaths,
  seen: { readonly status: ParsedStatus; readonly move: ThoughtMove | null },
): Promise<TreeFacts> {
  const facts = toFacts(seen.status)
  return seen.move === null
    ? facts
    : lookClosely({ door, paths, facts, status: seen.status, move: seen.move })
}

function toFacts(status: ParsedStatus): TreeFacts {
  const submodules = status.changed.filter((entry) => entry.hasSubmoduleMoved).map(({ path }) => path)
  return {
    dirty: status.changed.map(({ path }) => displayPath(path)),
    untracked: status.untracked.map(displayPath),
    conflicted: status.unmerged.map(({ path }) => displayPath(path)),
    hiddenEdits: [],
    nestedRepositories: status.nested.map(displayPath),
    dirtySubmodules: submodules.map(displayPath),
    collisions: { dirty: [], untracked: [], ignored: [] },
  }
}

interface CloseLook {
  readonly door: GitDoor
  readonly paths: SessionPaths
  readonly facts: TreeFacts
  readonly status: ParsedStatus
  readonly move: ThoughtMove
}

async function lookClosely({ door, paths, facts, status, move }: CloseLook): Promise<TreeFacts> {
  const [index, changes] = await Promise.all([listIndex(door, paths), diffCommits(door, paths, move)])
  const tracked = new Set<string>(index.map(({ path }) => path))
  const moved = pathsOf(await findMoved({ door, paths, changes, status, tracked }))
  const found = await findCollisions({ tree: paths.tree, changes, status, index, moved })
  const populated = await findPopulatedSubmodules(paths, index, changes)
  return {
    ...facts,
    hiddenEdits: (await findHiddenEdits(door, paths, index)).map(displayPath),
    dirtySubmodules: [...new Set([...facts.dirtySubmodules, ...populated.map(displayPath)])],
    collisions: {
      dirty: found.dirty.map(displayPath),
      untracked: found.untracked.map(displayPath),
      ignored: found.ignored.map(displayPath),
    },
  }
}

/** Submodules whose recorded commit changes while somebody has their files: what lies in them can not be pinned. */
async function findPopulatedSubmodules(
  paths: SessionPaths,
  index: readonly IndexEntry[],
  changes: readonly CommitChange[],
): Promise<readonly BytePath[]> {
  const changed = new Set<string>(changes.map(({ path }) => path))
  const candidates = index.filter((entry) => entry.mode === '160000' && changed.has(entry.path))
  const found = await Promise.all(
    candidates.map(async ({ path }) => ({
      path,
      git:
        (await inspectFile(paths.tree, path)).kind === 'folder'
          ? await inspectFile(paths.tree, toBytePath(`${path}/.git`))
          : null,
    })),
  )
  return found.filter(({ git }) => git !== null && git.kind !== 'nothing').map(({ path }) => path)
}
