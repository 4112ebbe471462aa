// Replays our own commits on the remote's head inside the mirror. No file, index or branch is touched; the result is a
// commit id. Works with git 2.38, which has neither `merge-tree --merge-base` nor `replay`.

import { toSha, type Sha } from '../../../domain/ids.ts'
import type { CommitSummary, RebaseTrial } from '../../../domain/sync/facts.ts'
import { displayPath } from '../git/byte-path.ts'
import { rewriteCommit, summaryOf, treeOf, type RawCommit } from '../git/commit-object.ts'
import type { GitDoor, GitPlace } from '../git/git-door.ts'
import { readCommits, writeCommit } from '../git/read-commit.ts'
import { reachedFrom, readHistory, type History, type MarkedCommit } from '../git/read-history.ts'

export interface RebaseOrder {
  readonly door: GitDoor
  /** The mirror; both heads are in it. */
  readonly at: GitPlace
  readonly local: Sha
  readonly onto: Sha
  readonly lastSynced: Sha | null
  /** Both heads' commits when somebody has read them already. */
  readonly history: History | null
  /** `Name <email> seconds zone` of the commits that are written anew. */
  readonly committer: string
}

/** Tries the rebase. Never a range with merges: their own changes would be dropped in silence. */
export async function rebaseInMemory(order: RebaseOrder): Promise<RebaseTrial> {
  const { door, at, local, onto } = order
  const history = order.history ?? (await readHistory({ door, at, left: local, right: onto }))
  const own = selectOwn(order, history)
  if (own.some(({ parents }) => parents.length > 1)) return { kind: 'has_merges' }
  const alike = selectAlike(order, history)
  const wanted = [...own, ...alike].flatMap(({ sha, parents }) => [sha, ...parents])
  const replay: Replay = { order, alike, raw: await collectRaw(order, history, wanted) }
  const dropped: CommitSummary[] = []
  let top: RawCommit = lookUp(replay.raw, onto)
  for (const { sha, parents, isEquivalent } of own) {
    const [parentSha] = parents
    if (parentSha === undefined) return { kind: 'not_tried' }
    const change = { commit: lookUp(replay.raw, sha), parent: lookUp(replay.raw, parentSha) }
    const summary = summaryOf(change.commit)
    const isEmpty = treeOf(change.commit) === treeOf(change.parent)
    const picked = await pick(order, { ...change, top })
    const isThere = picked.kind === 'clean' && picked.tree === treeOf(top)
    if (!isEmpty && (isThere || (isEquivalent && (await hasTwin(replay, change))))) dropped.push(summary)
    else if (picked.kind === 'conflict') return { kind: 'conflict', commit: summary, paths: picked.paths }
    else top = await writeOn(order, { commit: change.commit, tree: picked.tree, parent: top.sha })
  }
  return { kind: 'clean', newHead: top.sha, dropped }
}

async function writeOn(
  { at, committer }: RebaseOrder,
  { commit, tree, parent }: { readonly commit: RawCommit; readonly tree: Sha; readonly parent: Sha },
): Promise<RawCommit> {
  const bytes = rewriteCommit(commit, { tree, parent, committer })
  return writeCommit({ mirror: at.gitDir, bytes })
}

interface Replay {
  readonly order: RebaseOrder
  /** The remote's commits that git takes for the same change as one of ours. */
  readonly alike: readonly MarkedCommit[]
  readonly raw: ReadonlyMap<Sha, RawCommit>
}

interface Change {
  readonly commit: RawCommit
  readonly parent: RawCommit
}

/** As many of the remote's commits are compared with one of ours. */
const TWINS_TRIED = 4

/**
 * Tells whether one of the remote's commits is ours, picked: picking ours where that one stands gives its very tree.
 *
 * Git's own comparison passes over white space and over the place in the file, so it is a hint and no more.
 */
async function hasTwin({ order, alike, raw }: Replay, own: Change): Promise<boolean> {
  const { subject, author } = summaryOf(own.commit)
  const isNamedAlike = ({ summary }: MarkedCommit): boolean =>
    summary.subject === subject && summary.author === author
  const likelyFirst = alike.toSorted((one, other) => Number(isNamedAlike(other)) - Number(isNamedAlike(one)))
  for (const { sha, parents } of likelyFirst.slice(0, TWINS_TRIED)) {
    const [parent] = parents
    if (parent === undefined) continue
    const picked = await pick(order, { ...own, top: lookUp(raw, parent) })
    if (picked.kind === 'clean' && picked.tree === treeOf(lookUp(raw, sha))) return true
  }
  return false
}

function selectAlike({ local }: RebaseOrder, history: History): readonly MarkedCommit[] {
  const ours = new Set<Sha>(reachedFrom(history, local).map(({ sha }) => sha))
  return history.listed.filter(({ sha, isEquivalent }) => isEquivalent && !ours.has(sha))
}

/** What was synced before is not ours to replay, whatever became of it on the remote. */
function selectOwn({ local, lastSynced }: RebaseOrder, history: History): readonly MarkedCommit[] {
  const synced = new Set<Sha>(
    lastSynced === null ? [] : reachedFrom(history, lastSynced).map(({ sha }) => sha),
  )
  return reachedFrom(history, local).filter(({ sha }) => !synced.has(sha))
}

/** What the history does not hold byte for byte is read by itself. */
async function collectRaw(
  { door, at, onto }: RebaseOrder,
  { listed, boundary }: History,
  shas: readonly Sha[],
): Promise<ReadonlyMap<Sha, RawCommit>> {
  const wanted = [...shas, onto]
  const found = new Map<Sha, RawCommit>()
  for (const { sha, commit } of [...listed, ...boundary]) if (commit !== null) found.set(sha, commit)
  const others = wanted.filter((sha) => !found.has(sha))
  const read = await readCommits({ door, mirror: at.gitDir }, others)
  return new Map([...found, ...read])
}

function lookUp(raw: ReadonlyMap<Sha, RawCommit>, sha: Sha): RawCommit {
  const commit = raw.get(sha)
  if (commit === undefined) throw new Error(`Commit ${sha} was not read`)
  return commit
}

type Picked =
  | { readonly kind: 'clean'; readonly tree: Sha }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] }

/**
 * Merges one commit's change into the tree reached so far.
 *
 * `merge-tree` finds the merge base by itself. A throw-away commit with the tree reached so far and the picked commit's
 * parent as its only parent makes that base exactly the parent, and the merge a cherry-pick.
 */
async function pick(
  order: RebaseOrder,
  { top, parent, commit }: Change & { readonly top: RawCommit },
): Promise<Picked> {
  const { door, at, committer } = order
  const text = `tree ${treeOf(top)}\nparent ${parent.sha}\nauthor ${committer}\ncommitter ${committer}\n\nstep of a replay\n`
  const step = await writeCommit({ mirror: at.gitDir, bytes: Buffer.from(text), isLasting: false })
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', step.sha, commit.sha]
  const { exitCode, stdout } = await door.run({ at, args, expect: [0, 1] })
  const [tree = '', ...paths] = stdout.toString('latin1').split('\0')
  if (exitCode === 1) return { kind: 'conflict', paths: paths.filter(Boolean).map(displayPath) }
  return { kind: 'clean', tree: toSha(tree) }
}
