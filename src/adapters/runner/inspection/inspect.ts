// Looks at a worktree and its remote, once: fetch, git files, HEAD, operations, files, relation, and a rebase tried in
// memory. Changes nothing in the worktree; the session repository learns what was fetched.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { Sha } from '../../../domain/ids.ts'
import type {
  HeadFact,
  InspectedWorktree,
  RelationFacts,
  RemoteFact,
  WorktreeFacts,
  WorktreeFault,
} from '../../../domain/sync/facts.ts'
import type { InspectOrder } from '../../../ports/runner.ts'
import { findChangedConfiguration } from '../repositories/configuration-record.ts'
import type { Fetcher } from '../repositories/fetch-coalescer.ts'
import type { GitDoor } from '../git/git-door.ts'
import { headSha, inspectHead } from './inspect-head.ts'
import { inspectLocks, inspectOperation, readOtherCommits } from './inspect-operations.ts'
import { inspectRemote } from './inspect-remote.ts'
import { findMovedFolder, findOtherCheckout, isShallow } from './inspect-registration.ts'
import { inspectStatus } from './inspect-status.ts'
import { inspectTree, type ThoughtMove } from './inspect-tree.ts'
import { isForbidden } from '../look-at.ts'
import { EMPTY_TREE } from '../git/loose-object.ts'
import { NOT_RELATED, relateHeads, type FoundRelation } from './relate-heads.ts'
import { describeGitFailure } from './relation-fault.ts'
import type { SessionPaths } from '../repositories/session-paths.ts'
import { readTrackingNews, tellTrackingRefs } from '../repositories/tracking-refs.ts'
import { UnexpectedFile } from '../repositories/unexpected-file.ts'
import { findUnsavedCommits } from '../repositories/unsaved-commits.ts'
import { inspectGitFiles } from '../repositories/worktree.ts'

export interface InspectWorld {
  readonly door: GitDoor
  readonly fetcher: Fetcher
  readonly now: () => number
}

/** Returns everything a sync decides on. Throws only when our own files can not be used. */
export async function inspectWorkspace(
  world: InspectWorld,
  paths: SessionPaths,
  order: InspectOrder,
): Promise<WorktreeFacts> {
  const { branch } = order.workspace
  const { remote, known } = await inspectRemote(world, paths, order)
  const unavailable = (fault: WorktreeFault): WorktreeFacts => ({
    kind: 'unavailable',
    branch,
    fault,
    remote,
  })
  try {
    const fault = await inspectGitFiles(paths)
    if (fault !== null && fault.kind !== 'missing') return unavailable(fault)
    const { head, branchSha } = await inspectHead(world.door, paths, branch)
    if (head === null) return unavailable({ kind: 'unreadable_head' })
    if (fault !== null) {
      return unavailable((await findMovedFolder(paths)) ?? { kind: 'missing', head: headSha(head) })
    }
    const facts = await inspectFiles(world, paths, { order, remote, head, branchSha })
    await tellNews(world, paths, { order, known, facts })
    return facts
  } catch (error) {
    return unavailable(toFault(error))
  }
}

/** Files that git or we can not read are a fact about the worktree; everything else is our own trouble. */
function toFault(error: unknown): WorktreeFault {
  const isUnreadable = error instanceof UnexpectedFile || (error instanceof Error && isForbidden(error))
  if (isUnreadable) return { kind: 'unreadable', detail: error.message }
  if (!isAppError(error, 'GIT_FAILED')) throw error
  return { kind: 'unreadable', detail: describeGitFailure(error) }
}

interface Looking {
  readonly order: InspectOrder
  readonly remote: RemoteFact
  readonly head: HeadFact
  readonly branchSha: Sha | null
}

async function inspectFiles(
  world: InspectWorld,
  paths: SessionPaths,
  looking: Looking,
): Promise<InspectedWorktree> {
  const { order, remote, head, branchSha } = looking
  const { branch } = order.workspace
  const local = headSha(head)
  const remoteHead = remote.kind === 'fetched' ? remote.head : null
  const inProgress = await inspectOperation(paths)
  const seen = await inspectStatus(world.door, paths, { local, remote: remoteHead })
  const { status, counts } = seen
  // Git itself would put files of the remote into a repository that lies in their way.
  const isClose =
    isThoroughLook(order) || status.changed.length + status.unmerged.length + status.nested.length > 0
  const checkedOutElsewhere = await findOtherCheckout(paths, branch)
  const isOnBranch = head.kind === 'attached' && head.branch === branch
  const isOrdinary = isOnBranch && inProgress === null && checkedOutElsewhere === null
  const found: FoundRelation =
    seen.fault !== null || local === null || remoteHead === null
      ? { ...NOT_RELATED, relationFault: seen.fault }
      : await relateHeads(world, paths, {
          local,
          remote: remoteHead,
          lastSynced: order.lastSynced,
          counts,
          isNaming: isClose || !isOrdinary,
        })
  const move = isClose ? thinkOfMove({ order, local, remote: remoteHead, found }) : null
  return {
    kind: 'inspected',
    branch,
    head,
    branchSha,
    lastSynced: order.lastSynced,
    remote,
    inProgress,
    otherCommits: await findOtherCommits(world, paths, { order, inProgress }),
    checkedOutElsewhere,
    isShallow: await isShallow(paths),
    changedConfiguration: await findChangedConfiguration(paths),
    locks: await inspectLocks(paths, branch),
    tree: await inspectTree(world.door, paths, { status, move }),
    ...found,
  }
}

function isThoroughLook({ isThorough, isLast }: InspectOrder): boolean {
  return isThorough === true || isLast === true
}

async function findOtherCommits(
  { door }: InspectWorld,
  paths: SessionPaths,
  { order, inProgress }: { readonly order: InspectOrder } & Pick<InspectedWorktree, 'inProgress'>,
): Promise<readonly Sha[]> {
  const remembered = inProgress === null ? [] : await readOtherCommits(paths)
  const unsaved = order.isLast === true ? await findUnsavedCommits(door, paths) : []
  return [...new Set([...remembered, ...unsaved])]
}

interface Heads {
  readonly order: InspectOrder
  readonly local: Sha | null
  readonly remote: Sha | null
  readonly found: FoundRelation
}

/**
 * Where index and files would go. Where the remote has nothing new, or nothing can be compared, only a person's choice
 * moves them: a thorough look asks that too.
 */
function thinkOfMove({ order, local, remote, found: { relation } }: Heads): ThoughtMove | null {
  // Edits that git was told not to see are looked for beside a move only, even one that moves nothing.
  if (remote === null) return order.isLast === true ? { from: EMPTY_TREE, to: EMPTY_TREE } : null
  if (local === null || relation === null) {
    return isThoroughLook(order) ? { from: EMPTY_TREE, to: remote } : null
  }
  const isMoving = relation.remoteAhead > 0 || relation.rebase.kind !== 'not_tried'
  if (!isMoving && !isThoroughLook(order)) return null
  return { from: local, to: relation.rebase.kind === 'clean' ? relation.rebase.newHead : remote }
}

interface News {
  readonly order: InspectOrder
  readonly known: ReadonlyMap<string, Sha>
  readonly facts: InspectedWorktree
}

/** A branch that will be moved tells the news in the same process; everything else is told here. */
async function tellNews(
  { door }: InspectWorld,
  paths: SessionPaths,
  { order, known, facts }: News,
): Promise<void> {
  const news = await readTrackingNews(door, paths, known)
  const willMove = !isThoroughLook(order) && isSureToMove(facts)
  if (willMove && news.every(({ from }) => from !== null)) return
  await tellTrackingRefs(door, paths, news)
}

/** States that always end with a move of the branch: behind, or apart with a replay that worked, and nothing else. */
function isSureToMove({ relation, head, tree, ...facts }: InspectedWorktree): boolean {
  const isClean = tree.dirty.length + tree.conflicted.length + facts.locks.length === 0
  const isOnBranch = head.kind === 'attached' && head.branch === facts.branch && facts.inProgress === null
  if (!isClean || !isOnBranch || facts.checkedOutElsewhere !== null) return false
  if (relation === null || relation.remoteAhead === 0) return false
  return relation.localAhead === 0 || isReplayedInPlace(relation)
}

function isReplayedInPlace({ rebase, remoteContainsLastSynced }: RelationFacts): boolean {
  return rebase.kind === 'clean' && remoteContainsLastSynced !== false
}
