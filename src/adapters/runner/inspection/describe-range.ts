// What lies between two commits: its commits with their patch ids, and the paths that differ. Looks at no worktree and
// reads no setting of the session repository.

import { AppError } from '../../../domain/errors/app-error.ts'
import { isSha, type Sha } from '../../../domain/ids.ts'
import type { RangeFacts } from '../../../domain/sync/facts.ts'
import { displayPath, splitNul } from '../git/byte-path.ts'
import type { GitDoor, GitPlace } from '../git/git-door.ts'
import { lookAt } from '../look-at.ts'
import { findForeignObjects } from '../repositories/foreign-objects.ts'
import { mirrorPlace, type SessionPaths } from '../repositories/session-paths.ts'

const MOST_COMMITS = 1000

/** So many patches are in memory at once. */
const BATCH = 50

interface Range {
  readonly from: Sha
  readonly to: Sha
}

/**
 * Describes the range; a rename is both of its paths.
 *
 * Throws `GIT_FAILED` for more than 1,000 commits, for a commit nobody has, and for objects that are not the session's.
 */
export async function describeRange(door: GitDoor, paths: SessionPaths, range: Range): Promise<RangeFacts> {
  if (range.from === range.to) return { commits: [], paths: [] }
  const at = await placeOf(paths)
  const shas = await listCommits(door, at, range)
  const patchIds = new Map<string, string>()
  for (let start = 0; start < shas.length; start += BATCH) {
    const found = await readPatchIds(door, at, shas.slice(start, start + BATCH))
    for (const [sha, patchId] of found) patchIds.set(sha, patchId)
  }
  return {
    commits: shas.map((sha) => ({ sha, patchId: patchIds.get(sha) ?? null })),
    paths: await listPaths(door, at, range),
  }
}

/** Our own git directory borrows from both repositories; before a session has one, the mirror has everything. */
async function placeOf(paths: SessionPaths): Promise<GitPlace> {
  if ((await lookAt(paths.control)) === null) return mirrorPlace(paths)
  const foreign = await findForeignObjects(paths, 'folders')
  if (foreign !== null) throw failed('rev-list', `${foreign} were changed`)
  return { gitDir: paths.control }
}

async function listCommits(door: GitDoor, at: GitPlace, { from, to }: Range): Promise<readonly Sha[]> {
  const flags = ['--topo-order', `--max-count=${MOST_COMMITS + 1}`]
  const args = ['rev-list', ...flags, '--end-of-options', `${from}..${to}`]
  const shas = (await door.text({ at, args })).split('\n').filter(isSha)
  if (shas.length > MOST_COMMITS) {
    throw failed('rev-list', `more than ${MOST_COMMITS} commits lie between ${from} and ${to}`)
  }
  // The newest come first, so that the limit is git's own.
  return shas.toReversed()
}

/** Whole names of blobs, so that changes of binary files differ; nothing that depends on other files, such as renames. */
const PATCH_FLAGS = ['--root', '--full-index', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color']

/** A commit without a patch, such as a merge, has no id. */
async function readPatchIds(
  door: GitDoor,
  at: GitPlace,
  shas: readonly Sha[],
): Promise<ReadonlyMap<string, string>> {
  const input = shas.map((sha) => `${sha}\n`).join('')
  const { stdout } = await door.run({ at, args: ['diff-tree', '--stdin', '-p', ...PATCH_FLAGS], input })
  if (stdout.length === 0) return new Map()
  const text = await door.text({ at, args: ['patch-id', '--stable'], input: stdout })
  const pairs = text.split('\n').map((line) => line.split(' '))
  return new Map(pairs.flatMap(([patchId = '', sha = '']) => (isSha(sha) ? [[sha, patchId] as const] : [])))
}

async function listPaths(door: GitDoor, at: GitPlace, { from, to }: Range): Promise<readonly string[]> {
  const flags = ['-r', '-z', '--name-only', '--no-renames']
  const { stdout } = await door.run({ at, args: ['diff-tree', ...flags, '--end-of-options', from, to] })
  return splitNul(stdout).map(displayPath).toSorted()
}

function failed(command: string, detail: string): AppError<'GIT_FAILED'> {
  return new AppError('GIT_FAILED', { command, exitCode: null, detail })
}
