// Replays our own commits on the remote's head inside the mirror. No file, index or branch is touched; the result is a
// commit id. Works with git 2.38, which has neither `merge-tree --merge-base` nor `replay`.

import { isSha, toSha, type Sha } from '../../domain/ids.ts'
import type { CommitSummary, RebaseTrial } from '../../domain/sync/facts.ts'
import { displayPath } from './byte-path.ts'
import { parseBatch, rewriteCommit, summaryOf, treeOf, type RawCommit } from './commit-object.ts'
import type { GitDoor, GitPlace } from './git-door.ts'

export interface RebaseOrder {
  readonly door: GitDoor
  /** The mirror; both heads are in it. */
  readonly at: GitPlace
  readonly local: Sha
  readonly onto: Sha
  readonly lastSynced: Sha | null
  /** `Name <email> seconds zone` of the commits that are written anew. */
  readonly committer: string
}

/** Tries the rebase. Never a range with merges: their own changes would be dropped in silence. */
export async function rebaseInMemory(order: RebaseOrder): Promise<RebaseTrial> {
  const own = await listOwn(order)
  if (own.some(({ parents }) => parents.length > 1)) return { kind: 'has_merges' }
  const raw = await readCommits(
    order,
    own.flatMap(({ sha, parents }) => [sha, ...parents]).concat(order.onto),
  )
  const dropped: CommitSummary[] = []
  let top: RawCommit = lookUp(raw, order.onto)
  for (const { sha, parents, isUpstream } of own) {
    const commit = lookUp(raw, sha)
    const [parentSha] = parents
    if (parentSha === undefined) return { kind: 'not_tried' }
    const parent = lookUp(raw, parentSha)
    if (isUpstream) {
      dropped.push(summaryOf(commit))
      continue
    }
    const picked = await pick(order, { top, parent, commit })
    if (picked.kind === 'conflict')
      return { kind: 'conflict', commit: summaryOf(commit), paths: picked.paths }
    const wasEmpty = treeOf(commit) === treeOf(parent)
    if (picked.tree === treeOf(top) && !wasEmpty) dropped.push(summaryOf(commit))
    else
      top = await writeCommit(
        order,
        rewriteCommit(commit, { tree: picked.tree, parent: top.sha, committer: order.committer }),
      )
  }
  return { kind: 'clean', newHead: top.sha, dropped }
}

interface OwnCommit {
  readonly sha: Sha
  readonly parents: readonly Sha[]
  /** The remote has a commit with the same change. */
  readonly isUpstream: boolean
}

/** Lists what is ours since the last sync and not in the remote, oldest first. */
async function listOwn({ door, at, local, onto, lastSynced }: RebaseOrder): Promise<readonly OwnCommit[]> {
  const range = [`${onto}...${local}`, ...(lastSynced === null ? [] : [`^${lastSynced}`])]
  const args = ['rev-list', '--reverse', '--topo-order', '--parents', '--cherry-mark', '--right-only']
  const text = await door.text({ at, args: [...args, '--end-of-options', ...range] })
  return text.split('\n').flatMap((line) => {
    const [sha = '', ...parents] = line.slice(1).split(' ')
    return isSha(sha) ? [{ sha, parents: parents.filter(isSha), isUpstream: line.startsWith('=') }] : []
  })
}

async function readCommits(
  { door, at }: RebaseOrder,
  shas: readonly Sha[],
): Promise<ReadonlyMap<Sha, RawCommit>> {
  const input = `${[...new Set(shas)].join('\n')}\n`
  const { stdout } = await door.run({ at, args: ['cat-file', '--batch'], input })
  return new Map(parseBatch(stdout).map((commit) => [commit.sha, commit]))
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
  const step = await writeCommit(order, Buffer.from(text))
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', step.sha, commit.sha]
  const { exitCode, stdout } = await door.run({ at, args, expect: [0, 1] })
  const [tree = '', ...paths] = stdout.toString('latin1').split('\0')
  if (exitCode === 1) return { kind: 'conflict', paths: paths.filter(Boolean).map(displayPath) }
  return { kind: 'clean', tree: toSha(tree) }
}

async function writeCommit({ door, at }: RebaseOrder, bytes: Buffer): Promise<RawCommit> {
  const sha = toSha(
    await door.text({ at, args: ['hash-object', '-t', 'commit', '-w', '--stdin'], input: bytes }),
  )
  return { sha, bytes }
}
