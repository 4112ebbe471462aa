// A pin for its own sake: after a failed or stopped attempt, and for leftovers that were not committed. Nothing is
// reset afterwards; it only makes sure that what lies there can be had back later.

import { upsert, type Change } from '../domain/changes.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import { botIdentity } from './bot-identity.ts'
import type { Deps, JobLane } from './deps.ts'
import type { SessionContext } from './queries.ts'
import { backupId } from './sync-journal.ts'
import { localHead } from './sync-operation.ts'

export interface PinOrder {
  readonly context: SessionContext
  readonly lane: JobLane
  readonly reason: 'failed_attempt' | 'stopped' | 'left_out'
}

/** Pins commits, index and files of a session and returns the row that lists the pin; no row when it could not be made. */
export async function pinWorktree(deps: Deps, order: PinOrder): Promise<readonly Change[]> {
  const { context, lane } = order
  const facts = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
  })
  const head = localHead(facts)
  if (head === null) return unpinned(deps, order, facts.kind)
  const prefix = pinPrefix({
    sessionId: context.session.id,
    unixNs: deps.clock.nowNs(),
    random: deps.ids.random(4),
  })
  const message = `Belay: worktree of ${context.session.branch} (${order.reason})`
  const results = deps.runner.execute({
    workspace: context.workspace,
    plan: [
      { kind: 'pin', prefix, head, target: null, message },
      { kind: 'verify_pin', prefix },
    ],
    identity: await botIdentity(deps),
    fence: lane.fence,
  })
  const changes: Change[] = []
  for await (const { outcome } of results) {
    if (outcome.kind === 'failed' || outcome.kind === 'raced') {
      return unpinned(deps, order, outcome.kind === 'failed' ? outcome.detail : outcome.kind)
    }
    if (outcome.kind !== 'pinned') continue
    changes.push(
      upsert('backups', {
        id: backupId(prefix),
        sessionId: context.session.id,
        projectId: context.project.id,
        operationId: order.reason,
        prefix,
        head: outcome.head,
        index: outcome.index,
        worktree: outcome.worktree,
        push: 'disabled',
        pushRefusal: null,
        rescueBranch: null,
        createdAt: deps.clock.now(),
      }),
    )
  }
  return changes
}

/** Nothing destructive follows this pin, so a failure is told to the operator and the work goes on. */
function unpinned(deps: Deps, order: PinOrder, why: string): readonly Change[] {
  deps.log.warn({ session: order.context.session.id, reason: order.reason, why }, 'worktree_not_pinned')
  return []
}
