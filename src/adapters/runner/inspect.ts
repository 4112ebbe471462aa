// Looks at a worktree and its remote, completely and once: fetch, git files, HEAD, operations, files, relation, and a
// rebase tried in memory. Changes nothing in the worktree.

import { isAppError } from '../../domain/errors/app-error.ts'
import { isBranchName, type Sha } from '../../domain/ids.ts'
import type {
  HeadFact,
  InspectedWorktree,
  RebaseTrial,
  RelationFacts,
  RemoteFact,
  WorktreeFacts,
  WorktreeFault,
} from '../../domain/sync/facts.ts'
import type { InspectOrder } from '../../ports/runner.ts'
import { committerLine } from './commit-object.ts'
import { pointControlAt, readIdentity } from './control-directory.ts'
import type { FetchedBranch, Fetcher } from './fetch-coalescer.ts'
import type { GitDoor } from './git-door.ts'
import { headSha, inspectHead, type InspectedHead } from './inspect-head.ts'
import { inspectLocks, inspectOperation } from './inspect-operations.ts'
import { inspectRelation, type Relation } from './inspect-relation.ts'
import { inspectTree, readStatus, type ThoughtMove } from './inspect-tree.ts'
import { isForbidden } from './look-at.ts'
import { copyToMirror, trackingRef } from './mirror.ts'
import { rebaseInMemory } from './rebase-in-memory.ts'
import { mirrorPlace, type SessionPaths } from './session-paths.ts'
import { updateTrackingRefs } from './session-repository.ts'
import { inspectGitFiles } from './worktree.ts'

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
  const { remote, known } = await fetchRemote(world, paths, order)
  const fault = await inspectGitFiles(paths)
  if (fault !== null) return { kind: 'unavailable', branch, fault, remote }
  try {
    const seen = await inspectHead(world.door, paths, branch)
    if (seen.head === null) {
      return {
        kind: 'unavailable',
        branch,
        fault: { kind: 'tampered', what: 'the HEAD of the worktree' },
        remote,
      }
    }
    await tellTrackingRefs(world.door, paths, { seen, known })
    return await inspectFiles(world, paths, { order, remote, head: seen.head, branchSha: seen.branchSha })
  } catch (error) {
    return { kind: 'unavailable', branch, fault: toFault(error), remote }
  }
}

/** Files that git or we can not read are a fact about the worktree; everything else is our own trouble. */
function toFault(error: unknown): WorktreeFault {
  if (error instanceof Error && isForbidden(error)) return { kind: 'unreadable', detail: error.message }
  if (!isAppError(error, 'GIT_FAILED')) throw error
  return { kind: 'unreadable', detail: `git ${error.details.command}: ${error.details.detail}` }
}

interface Fetched {
  readonly remote: RemoteFact
  readonly known: ReadonlyMap<string, Sha>
}

async function fetchRemote(
  { fetcher }: InspectWorld,
  paths: SessionPaths,
  { workspace }: InspectOrder,
): Promise<Fetched> {
  const branches = [workspace.branch, workspace.baseRef].filter((name) => isBranchName(name))
  const { repository } = workspace
  const found = await fetcher.fetch({ mirror: paths.mirror, repository, branches, patience: 'short' })
  const known = new Map<string, Sha>()
  for (const [branch, result] of found)
    if (result.kind === 'fetched') known.set(trackingRef(branch), result.sha)
  return {
    remote: toRemoteFact(found.get(workspace.branch), known.get(trackingRef(workspace.baseRef)) ?? null),
    known,
  }
}

function toRemoteFact(found: FetchedBranch | undefined, base: Sha | null): RemoteFact {
  if (found === undefined)
    return { kind: 'fetch_failed', reason: 'unknown', detail: 'The branch was not asked for.' }
  if (found.kind === 'fetched') return { kind: 'fetched', head: found.sha, base }
  if (found.kind === 'deleted') return { kind: 'deleted' }
  return { kind: 'fetch_failed', reason: found.reason, detail: found.detail }
}

/** The session repository learns what was fetched, as if the agent had fetched itself; only when something is new. */
async function tellTrackingRefs(
  door: GitDoor,
  paths: SessionPaths,
  { seen, known }: { readonly seen: InspectedHead; readonly known: ReadonlyMap<string, Sha> },
): Promise<void> {
  const news = [...known].filter(([ref, sha]) => seen.tracking.get(ref) !== sha)
  const prefix = trackingRef('')
  await updateTrackingRefs(door, paths, new Map(news.map(([ref, sha]) => [ref.slice(prefix.length), sha])))
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
  await pointControlAt(paths, local)
  const status = await readStatus(world.door, paths)
  const relation =
    local === null || remote.kind !== 'fetched'
      ? null
      : await relate(world, paths, { order, local, remote: remote.head })
  const move = local === null || remote.kind !== 'fetched' ? null : moveOf(local, remote.head, relation)
  return {
    kind: 'inspected',
    branch,
    head,
    branchSha,
    lastSynced: order.lastSynced,
    remote,
    inProgress: await inspectOperation(paths),
    locks: await inspectLocks(paths, branch),
    tree: await inspectTree(world.door, paths, { status, move }),
    relation,
  }
}

/** Where index and files would have to go: nowhere unless the remote has something new. */
function moveOf(local: Sha, remote: Sha, relation: RelationFacts | null): ThoughtMove | null {
  if (relation === null || relation.remoteAhead === 0) return null
  return { from: local, to: relation.rebase.kind === 'clean' ? relation.rebase.newHead : remote }
}

interface Heads {
  readonly order: InspectOrder
  readonly local: Sha
  readonly remote: Sha
}

async function relate(world: InspectWorld, paths: SessionPaths, heads: Heads): Promise<RelationFacts> {
  const { order, local, remote } = heads
  const { door } = world
  const { lastSynced } = order
  if (local !== remote) await copyToMirror(door, paths, [local])
  const relation = await inspectRelation({ door, at: mirrorPlace(paths), local, remote, lastSynced })
  return { ...relation, rebase: await tryRebase(world, paths, { heads, relation }) }
}

async function tryRebase(
  { door, now }: InspectWorld,
  paths: SessionPaths,
  { heads, relation }: { readonly heads: Heads; readonly relation: Relation },
): Promise<RebaseTrial> {
  const isDiverged = relation.localAhead > 0 && relation.remoteAhead > 0 && relation.mergeBase !== null
  if (!isDiverged) return { kind: 'not_tried' }
  return rebaseInMemory({
    door,
    at: mirrorPlace(paths),
    local: heads.local,
    onto: heads.remote,
    lastSynced: heads.order.lastSynced,
    committer: committerLine(await readIdentity(paths), now()),
  })
}
