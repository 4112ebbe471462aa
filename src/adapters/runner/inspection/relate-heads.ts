// How both heads relate, with a rebase tried in memory where they have come apart, or why that can not be said.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { RebaseTrial, RelationFacts, RelationFault } from '../../../domain/sync/facts.ts'
import { committerLine } from '../git/commit-object.ts'
import { readIdentity } from '../repositories/control-directory.ts'
import type { GitDoor } from '../git/git-door.ts'
import { inspectRelation, type RelatedHeads, type RelationOrder } from './inspect-relation.ts'
import { rebaseInMemory } from './rebase-in-memory.ts'
import { describeGitFailure, toRelationFault } from './relation-fault.ts'
import { mirrorPlace, type SessionPaths } from '../repositories/session-paths.ts'

export interface RelateWorld {
  readonly door: GitDoor
  readonly now: () => number
}

export interface FoundRelation {
  readonly relation: RelationFacts | null
  readonly relationFault: RelationFault | null
}

/** Nothing to compare with. */
export const NOT_RELATED: FoundRelation = { relation: null, relationFault: null }

/** Compares both heads; a commit or a history that is not there is a fact, other trouble is thrown. */
export async function relateHeads(
  world: RelateWorld,
  paths: SessionPaths,
  heads: Omit<RelationOrder, 'door' | 'paths'>,
): Promise<FoundRelation> {
  try {
    const { relation, history } = await inspectRelation({ door: world.door, paths, ...heads })
    const rebase = await tryRebase(world, paths, { heads, relation, history })
    return { relation: { ...relation, rebase }, relationFault: null }
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    const relationFault = toRelationFault(error) ?? toWalkFault(error)
    if (relationFault === null) throw error
    return { relation: null, relationFault }
  }
}

/** What was refused while it was copied is a fault of the worktree; a walk that ends in any other way is one of the relation. */
function toWalkFault(error: Parameters<typeof toRelationFault>[0]): RelationFault | null {
  const isWalk = error.details.command === 'log' || error.details.command === 'merge-base'
  return isWalk ? { kind: 'rev_list', detail: describeGitFailure(error) } : null
}

async function tryRebase(
  { door, now }: RelateWorld,
  paths: SessionPaths,
  { heads, relation, history }: RelatedHeads & { readonly heads: Omit<RelationOrder, 'door' | 'paths'> },
): Promise<RebaseTrial> {
  const isApart = relation.remoteAhead > 0 || relation.remoteContainsLastSynced === false
  if (relation.localAhead === 0 || !isApart || relation.mergeBase === null) return { kind: 'not_tried' }
  const committer = committerLine(await readIdentity(paths), now())
  const { local, remote: onto, lastSynced } = heads
  try {
    const at = mirrorPlace(paths)
    return await rebaseInMemory({ door, at, local, onto, lastSynced, history, committer })
  } catch (error) {
    if (isAppError(error, 'GIT_FAILED')) return { kind: 'failed', detail: describeGitFailure(error) }
    throw error
  }
}
