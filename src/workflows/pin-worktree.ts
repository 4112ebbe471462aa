// A pin for its own sake: after a failed or stopped attempt, for leftovers that were not committed, and for what an ended
// session holds. Nothing is reset afterwards; it only makes sure that what lies there can be had back later.

import type { Backup, PinReason } from '../domain/records.ts'
import type { WorktreeFacts } from '../domain/sync/facts.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import type { SettledStep } from '../domain/sync/settle.ts'
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
  const { context } = order
  const facts = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
    knownHead: null,
    isThorough: false,
  })
  const outcome = await pinSeen(deps, order, facts)
  return outcome.kind === 'pinned' ? outcome.backup : null
}

export type PinOutcome =
  | {
      readonly kind: 'pinned'
      readonly backup: Backup
      /** What could not be read and is in no pin. */
      readonly skipped: readonly string[]
    }
  | { readonly kind: 'unpinned'; readonly why: string }

/** Pins what an inspection saw, and says what became of it. */
export async function pinSeen(deps: Deps, order: PinOrder, facts: WorktreeFacts): Promise<PinOutcome> {
  const { context, lane, reason } = order
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
  const backup = await deps.store.find('backups', { sessionId: context.session.id, prefix })
  if (isDone && backup !== null) return { kind: 'pinned', backup, skipped: skippedIn(steps) }
  const last = steps.at(-1)?.outcome
  return unpinned(deps, order, last?.kind === 'failed' ? last.detail : (last?.kind ?? 'nothing ran'))
}

function skippedIn(steps: readonly SettledStep[]): readonly string[] {
  return steps.flatMap(({ outcome }) => (outcome.kind === 'pinned' ? (outcome.skipped ?? []) : []))
}

/** A failure is told to the operator; whoever asked for the pin decides what it means. */
function unpinned(deps: Deps, order: PinOrder, why: string): PinOutcome {
  deps.log.warn({ session: order.context.session.id, reason: order.reason, why }, 'worktree_not_pinned')
  return { kind: 'unpinned', why }
}
