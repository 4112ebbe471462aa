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
  const raw = await collectRaw(
    order,
    history,
    own.flatMap(({ sha, parents }) => [sha, ...parents]),
  )
  const dropped: CommitSummary[] = []
  let top: RawCommit = lookUp(raw, onto)
  for (const { sha, parents, isEquivalent } of own) {
    const commit = lookUp(raw, sha)
    const [parentSha] = parents
    if (parentSha === undefined) return { kind: 'not_tried' }
    const parent = lookUp(raw, parentSha)
    if (isEquivalent) {
      dropped.push(summaryOf(commit))
      continue
    }
    const picked = await pick(order, { top, parent, commit })
    if (picked.kind === 'conflict')
      return { kind: 'conflict', commit: summaryOf(commit), paths: picked.paths }
    const wasEmpty = treeOf(commit) === treeOf(parent)
    if (picked.tree === treeOf(top) && !wasEmpty) dropped.push(summaryOf(commit))
    else
      top = await writeCommit({
        mirror: order.at.gitDir,
        bytes: rewriteCommit(commit, { tree: picked.tree, parent: top.sha, committer: order.committer }),
      })
  }
  return { kind: 'clean', newHead: top.sha, dropped }
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
  {
    top,
    parent,
    commit,
  }: { readonly top: RawCommit; readonly parent: RawCommit; readonly commit: RawCommit },
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
