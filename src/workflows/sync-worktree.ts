// Brings worktree and remote in step: inspect once, name the case, store the plan, run it step by step, settle.
// Some cases start over with fresh facts, a bounded number of times. The closing rows are returned, not committed, so
// that the caller can write them in one transaction with what follows from the case.

import { AppError } from '../domain/errors/app-error.ts'
import { caseSpec, type SyncCase } from '../domain/sync/case.ts'
import { classifyWorktree } from '../domain/sync/classify.ts'
import type { WorktreeFacts } from '../domain/sync/facts.ts'
import { pinPrefix } from '../domain/sync/pin.ts'
import { planSync, type PlanOptions } from '../domain/sync/plan.ts'
import type { SyncPolicy } from '../domain/sync/policy.ts'
import { botIdentity } from './bot-identity.ts'
import type { Deps } from './deps.ts'
import { nextRescueBranch } from './put-on-branch.ts'
import { finishInterrupted, halfDoneEnded } from './resume-sync.ts'
import { runJournalled } from './sync-journal.ts'
import { operationRow, settle, type SyncOrder, type SyncReport } from './sync-operation.ts'

const MOST_RACES = 3
/** Races, repairs and closer looks together: no chain of them can go on for ever. */
const MOST_TRIES = 8
const MOST_FETCH_TRIES = 5

/** Syncs a session's worktree and says how it ended; finishes an interrupted sync first. */
export async function syncWorktree(deps: Deps, order: SyncOrder): Promise<SyncReport> {
  const finished = await finishInterrupted(deps, order)
  if (finished.kind === 'finished') return finished.report
  const report = await syncAfresh(deps, finished.order)
  const ended = halfDoneEnded(deps, finished.halfDone, report.case)
  return { ...report, changes: [...ended, ...report.changes] }
}

async function syncAfresh(deps: Deps, order: SyncOrder): Promise<SyncReport> {
  const seen: SyncCase[] = []
  for (;;) {
    // What was known before is not trusted twice, and once git refused or somebody raced, all is looked at closely.
    const report = await syncOnce(deps, seen.length === 0 ? order : { ...order, knownHead: undefined }, {
      isThorough: order.choice === 'reset' || seen.length > 0,
    })
    seen.push(report.case)
    if (isOver(report.case, seen)) return report
    await deps.store.commit(report.changes, order.lane)
  }
}

/** A repair that has to be repeated did not hold: then a person is asked. */
function isOver(name: SyncCase, seen: readonly SyncCase[]): boolean {
  if (caseSpec(name).startsOver !== true || seen.length >= MOST_TRIES) return true
  const times = seen.filter((other) => other === name).length
  return name === 'raced' ? times >= MOST_RACES : times > 1
}

async function syncOnce(
  deps: Deps,
  order: SyncOrder,
  look: { readonly isThorough: boolean },
): Promise<SyncReport> {
  const { context } = order
  const startedAt = deps.clock.now()
  const facts = await deps.runner.inspect({
    workspace: context.workspace,
    lastSynced: context.session.lastSyncedSha,
    knownHead: order.knownHead ?? null,
    isThorough: look.isThorough,
  })
  retryUnreachable(facts, order)
  const policy = policyOf(order)
  const planned = classifyWorktree(facts, policy)
  const prefix = pinPrefix({
    sessionId: context.session.id,
    unixNs: deps.clock.nowNs(),
    random: deps.ids.random(4),
  })
  const plan = planSync(planned, facts, { policy, prefix, ...(await pinPush(deps, order)) })
  const operation = operationRow(deps, { order, facts, planned, plan, startedAt, resumes: null })
  const identity = await botIdentity(deps)
  const steps = await runJournalled(deps, { context, operation, identity, lane: order.lane })
  return settle(deps, { order, operation, steps, facts })
}

function policyOf({ push, reviewed, choice, askOnRewrite, pipeline }: SyncOrder): SyncPolicy {
  const { onConflict } = pipeline.config.sync
  return {
    push,
    reviewed: reviewed ?? null,
    onConflict,
    choice: choice ?? null,
    askOnRewrite: askOnRewrite ?? false,
  }
}

/** What the repository wants of pins on the remote; a person may have decided that this machine is enough. */
async function pinPush(
  deps: Deps,
  { context, choice, pipeline }: SyncOrder,
): Promise<Pick<PlanOptions, 'pushPin' | 'pushFiles' | 'pinFallback'>> {
  const { pushBackups, pushBackupsFallback } = pipeline.config.sync
  if (pushBackups === 'none' || choice === 'local_pin') return { pushPin: false }
  const pinFallback = pushBackupsFallback === 'branch' ? await nextRescueBranch(deps, context) : null
  return { pushPin: true, pushFiles: pushBackups === 'all', pinFallback }
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
