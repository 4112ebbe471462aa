// How the worktree's commits and the remote's relate. Counts come from the status; everything else is read in the mirror
// alone, after our commits were copied there, and only when it says something the counts do not.

import { isAppError } from '../../../domain/errors/app-error.ts'
import { isSha, type Sha } from '../../../domain/ids.ts'
import type { CommitSummary, RelationFacts } from '../../../domain/sync/facts.ts'
import type { GitDoor } from '../git/git-door.ts'
import { isInRemote } from './inspect-remote.ts'
import { copyToMirror } from '../repositories/mirror.ts'
import type { AheadBehind } from '../git/parse-status.ts'
import { reachedFrom, readHistory, type History } from '../git/read-history.ts'
import { mirrorPlace, type SessionPaths } from '../repositories/session-paths.ts'

export interface RelationOrder {
  readonly door: GitDoor
  readonly paths: SessionPaths
  readonly local: Sha
  readonly remote: Sha
  readonly lastSynced: Sha | null
  /** As the status says; null when it could not. */
  readonly counts: AheadBehind | null
  /** Whether commits are named although nothing diverged. */
  readonly isNaming: boolean
}

/** At most this many commits are named on each side. */
const NAMED = 100

export type Relation = Omit<RelationFacts, 'rebase'>

export interface RelatedHeads {
  readonly relation: Relation
  /** Both heads' commits, where they had to be read; a rebase needs them too. */
  readonly history: History | null
}

/** Compares both heads. No process for equal heads, nor when the remote merely went on from the last sync. */
export async function inspectRelation(order: RelationOrder): Promise<RelatedHeads> {
  const { local, remote, counts } = order
  await copyOwn(order)
  if (counts === null || (order.isNaming && local !== remote)) return relateByHistory(order)
  if (counts.localAhead > 0 && counts.remoteAhead > 0) return relateByHistory(order)
  const remoteContainsLastSynced = await containsLastSynced(order, counts)
  const isRewritten = counts.localAhead > 0 && remoteContainsLastSynced === false
  if (isRewritten) return relateByHistory(order)
  const mergeBase = counts.localAhead === 0 ? local : remote
  const relation = { ...counts, mergeBase, remoteContainsLastSynced, ownCommits: [], remoteCommits: [] }
  return { relation, history: null }
}

/** What the remote has, or had at the last sync, is in the mirror already. */
async function copyOwn({ door, paths, local, remote, lastSynced, counts }: RelationOrder): Promise<void> {
  const isThere = local === remote || local === lastSynced || counts?.localAhead === 0
  if (!isThere) await copyToMirror(door, paths, [local])
}

async function containsLastSynced(
  { door, paths, local, remote, lastSynced }: RelationOrder,
  { localAhead }: AheadBehind,
): Promise<boolean | null> {
  if (lastSynced === null) return null
  if (lastSynced === local) return localAhead === 0
  return isInRemote(door, paths, { commit: lastSynced, remote })
}

/** Reads what either side has alone, and the commits below that both have, with one process in nearly every case. */
async function relateByHistory(order: RelationOrder): Promise<RelatedHeads> {
  const { lastSynced } = order
  const history = await tryHistory(order)
  const sides = history === null ? await logSides(order) : sidesOf(history, order.local)
  const relation = {
    localAhead: sides.own.length,
    remoteAhead: sides.theirs.length,
    mergeBase: await findMergeBase(order, sides),
    remoteContainsLastSynced:
      lastSynced === null ? null : (findLastSynced(order, sides) ?? (await askLastSynced(order, lastSynced))),
    ownCommits: oldestFirst(sides.own),
    remoteCommits: oldestFirst(sides.theirs),
  }
  return { relation, history }
}

/** Comparing changes reads files as well; where one is missing the commits can still be counted and named. */
async function tryHistory({ door, paths, local, remote }: RelationOrder): Promise<History | null> {
  try {
    return await readHistory({ door, at: mirrorPlace(paths), left: local, right: remote })
  } catch (error) {
    if (isAppError(error, 'GIT_FAILED')) return null
    throw error
  }
}

function sidesOf(history: History, local: Sha): Sides {
  const own = reachedFrom(history, local).toReversed()
  const ours = new Set(own)
  return {
    own: own.map(({ summary }) => summary),
    theirs: history.listed.filter((commit) => !ours.has(commit)).map(({ summary }) => summary),
    shared: history.boundary.map(({ sha }) => sha),
  }
}

async function logSides({ door, paths, local, remote }: RelationOrder): Promise<Sides> {
  const args = ['log', '-z', '--topo-order', '--left-right', '--boundary', '--no-show-signature', FORMAT]
  const range = ['--end-of-options', `${local}...${remote}`]
  return parseSides((await door.run({ at: mirrorPlace(paths), args: [...args, ...range] })).stdout)
}

/** `<` ours, `>` theirs, `-` in both; then a line for each of id, author and subject. */
const FORMAT = '--format=%m%H%n%an%n%s'

interface Sides {
  readonly own: readonly CommitSummary[]
  readonly theirs: readonly CommitSummary[]
  /** Commits of both sides that a commit of one side stands on; every merge base is among them. */
  readonly shared: readonly Sha[]
}

function parseSides(output: Buffer): Sides {
  const sides: Record<string, CommitSummary[]> = { '<': [], '>': [], '-': [] }
  for (const record of output.toString('utf8').split('\0')) {
    const [first = '', author = '', subject = ''] = record.split('\n')
    const sha = first.slice(1)
    if (isSha(sha)) sides[first.charAt(0)]?.push({ sha, author, subject })
  }
  return { own: sides['<'] ?? [], theirs: sides['>'] ?? [], shared: (sides['-'] ?? []).map(({ sha }) => sha) }
}

function oldestFirst(commits: readonly CommitSummary[]): readonly CommitSummary[] {
  return commits.slice(0, NAMED).toReversed()
}

async function findMergeBase(order: RelationOrder, { own, theirs, shared }: Sides): Promise<Sha | null> {
  const { door, paths, local, remote } = order
  if (own.length === 0) return local
  if (theirs.length === 0) return remote
  const [base = null, ...others] = shared
  if (others.length === 0) return base
  const { stdout } = await door.run({ at: mirrorPlace(paths), args: ['merge-base', local, remote] })
  const oid = stdout.toString('utf8').trim()
  return isSha(oid) ? oid : null
}

/** Returns null when the last synced commit lies deeper than what was read. */
function findLastSynced({ remote, lastSynced }: RelationOrder, history: Sides): boolean | null {
  const isAmong = (commits: readonly CommitSummary[]): boolean =>
    commits.some(({ sha }) => sha === lastSynced)
  if (lastSynced === remote || isAmong(history.theirs) || history.shared.some((sha) => sha === lastSynced))
    return true
  return isAmong(history.own) ? false : null
}

function askLastSynced({ door, paths, remote }: RelationOrder, commit: Sha): Promise<boolean> {
  return isInRemote(door, paths, { commit, remote })
}
