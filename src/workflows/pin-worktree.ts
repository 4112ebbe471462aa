// A pin for its own sake: after a failed or stopped attempt, and for leftovers that were not committed. Nothing is
// reset afterwards; it only makes sure that what lies there can be had back later.

import type { Backup, PinReason } from '../domain/records.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import type { Deps, JobLane } from './deps.ts'
import type { SessionContext } from './queries.ts'
import { runBesideSync } from './run-beside-sync.ts'
import { localHead } from './sync-operation.ts'

export interface PinOrder {
  readonly context: SessionContext
  readonly lane: JobLane
  readonly reason: PinReason
}

/** Pins commits, index and files of a session and returns the row that lists the pin; null when it could not be made. */
export async function pinWorktree(deps: Deps, order: PinOrder): Promise<Backup | null> {
  const { context, lane, reason } = order
  const facts = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
    knownHead: null,
    isThorough: false,
  })
  const isUnborn = facts.kind === 'inspected' && facts.head.kind === 'unborn'
  const head = localHead(facts)
  if (head === null && !isUnborn) return unpinned(deps, order, facts.kind)
  const prefix = pinPrefix({
    sessionId: context.session.id,
    unixNs: deps.clock.nowNs(),
    random: deps.ids.random(4),
  })
  const also = facts.kind === 'inspected' ? facts.otherCommits : []
  const message = `Belay: worktree of ${context.session.branch} (${reason})`
  const { steps, isDone } = await runBesideSync(deps, {
    context,
    lane,
    purpose: reason,
    plan: [
      { kind: 'pin', prefix, head, target: null, message, ...(also.length === 0 ? {} : { also }) },
      { kind: 'verify_pin', prefix },
    ],
  })
  if (isDone) return deps.store.find('backups', { sessionId: context.session.id, prefix })
  const last = steps.at(-1)?.outcome
  return unpinned(deps, order, last?.kind === 'failed' ? last.detail : (last?.kind ?? 'nothing ran'))
}

/** Nothing destructive follows this pin, so a failure is told to the operator and the work goes on. */
function unpinned(deps: Deps, order: PinOrder, why: string): null {
  deps.log.warn({ session: order.context.session.id, reason: order.reason, why }, 'worktree_not_pinned')
  return null
}
