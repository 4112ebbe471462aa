// Brings worktree and remote in step: inspect once, name the case, store the plan, run it step by step, settle.
// Races start over with fresh facts, three times at most. The closing rows are returned, not committed, so that the
// caller can write them in one transaction with what follows from the case.

import { AppError } from '../domain/errors/app-error.ts'
import { classifyWorktree } from '../domain/sync/classify.ts'
import type { WorktreeFacts } from '../domain/sync/facts.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import { planSync } from '../domain/sync/plan.ts'
import { botIdentity } from './bot-identity.ts'
import type { Deps } from './deps.ts'
import { finishInterrupted } from './resume-sync.ts'
import { runJournalled } from './sync-journal.ts'
import { operationRow, settle, type SyncOrder, type SyncReport } from './sync-operation.ts'

const MOST_TRIES = 3
const MOST_FETCH_TRIES = 5

/** Syncs a session's worktree and says how it ended; finishes an interrupted sync first. */
export async function syncWorktree(deps: Deps, order: SyncOrder): Promise<SyncReport> {
  const resumed = await finishInterrupted(deps, order)
  if (resumed !== null) return resumed
  for (let tries = 1; ; tries += 1) {
    const report = await syncOnce(deps, order)
    if (report.case !== 'raced' || tries === MOST_TRIES) return report
    await deps.store.commit(report.changes, order.lane)
  }
}

async function syncOnce(deps: Deps, order: SyncOrder): Promise<SyncReport> {
  const { context, pipeline } = order
  const startedAt = deps.clock.now()
  const facts = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
  })
  retryUnreachable(facts, order)
  const { sync } = pipeline.config
  const policy = { push: order.push, onConflict: sync.onConflict }
  const planned = classifyWorktree(facts, policy)
  const prefix = pinPrefix({
    sessionId: context.session.id,
    unixNs: deps.clock.nowNs(),
    random: deps.ids.random(4),
  })
  const plan = planSync(planned, facts, { policy, pushPin: sync.pushBackups !== 'none', prefix })
  const operation = operationRow(deps, { order, facts, planned, plan, startedAt, resumes: null })
  const identity = await botIdentity(deps)
  const steps = await runJournalled(deps, { context, operation, identity, lane: order.lane })
  return settle(deps, { order, operation, steps, facts })
}

/**
 * A host that does not answer is tried again by the lane, with its growing pauses, before a person is asked.
 *
 * Nothing was touched yet, so repeating the job is free.
 */
function retryUnreachable(facts: WorktreeFacts, order: SyncOrder): void {
  const { remote } = facts
  if (remote.kind !== 'fetch_failed' || remote.reason === 'auth' || order.lane.attempt >= MOST_FETCH_TRIES)
    return
  throw new AppError('GITHUB_UNAVAILABLE', { route: 'git fetch', reason: remote.detail })
}
