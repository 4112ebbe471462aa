// The row of one sync from plan to end: how it is opened, how its final case is named, logged and stored.

import { update, type Change } from '../domain/changes.ts'
import type { Sha } from '../domain/ids.ts'
import type { JournalledSync, Pipeline, SyncOperation, SyncTrigger } from '../domain/records.ts'
import { caseSpec, type SyncCase } from '../domain/sync/case.ts'
import type { WorktreeFacts } from '../domain/sync/facts.ts'
import type { SyncChoice } from '../domain/sync/policy.ts'
import { agreedHead, settleCase, type SettledStep } from '../domain/sync/settle.ts'
import type { Deps, JobLane } from './deps.ts'
import type { SessionContext } from './queries.ts'

export interface SyncOrder {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly trigger: SyncTrigger
  /** False keeps commits that are ahead, as after a failed attempt. */
  readonly push: boolean
  /** The one commit that may be pushed, where reviewers decide about it. */
  readonly reviewed?: Sha | undefined
  /** What a person chose for this one sync. */
  readonly choice?: SyncChoice | undefined
  /** Where the remote branch was seen a moment ago; spares a fetch when the mirror has it. */
  readonly knownHead?: Sha | undefined
  /** The agent was stopped because the branch was rewritten under it. */
  readonly askOnRewrite?: boolean
  readonly lane: JobLane
}

export interface SyncReport {
  readonly case: SyncCase
  readonly operation: JournalledSync
  readonly steps: readonly SettledStep[]
  /** The facts the case was decided on: of a resumed recovery those before the reset. */
  readonly facts: WorktreeFacts
  /** Rows that close the operation; committed by the caller together with what follows. */
  readonly changes: readonly Change[]
}

export interface OperationFacts {
  readonly order: SyncOrder
  readonly facts: WorktreeFacts
  readonly planned: SyncCase
  readonly plan: SyncOperation['plan']
  readonly startedAt: number
  readonly resumes: string | null
}

/** Returns the row of an operation that is about to run. */
export function operationRow(deps: Deps, from: OperationFacts): JournalledSync {
  const { order, facts } = from
  const relation = facts.kind === 'inspected' ? facts.relation : null
  return {
    id: `op_${deps.ids.random(12)}`,
    sessionId: order.context.session.id,
    projectId: order.context.project.id,
    pipelineId: order.pipeline.id,
    phase: order.pipeline.currentPhase,
    trigger: order.trigger,
    branch: order.context.session.branch,
    state: 'running',
    purpose: 'sync',
    case: from.planned,
    facts,
    plan: from.plan,
    localAhead: relation?.localAhead ?? null,
    remoteAhead: relation?.remoteAhead ?? null,
    before: localHead(facts),
    after: null,
    durationMs: null,
    resumes: from.resumes,
    startedAt: from.startedAt,
    endedAt: null,
  }
}

/** Narrows an operation to a sync. */
export function isSync(operation: SyncOperation): operation is JournalledSync {
  return operation.purpose === 'sync' && operation.case !== null && operation.facts !== null
}

export interface SettleFacts {
  readonly order: SyncOrder
  readonly operation: JournalledSync
  readonly steps: readonly SettledStep[]
  readonly facts: WorktreeFacts
}

/** Names the final case, writes its one log line, and returns the rows that close the operation. */
export function settle(deps: Deps, from: SettleFacts): SyncReport {
  const { order, operation, steps, facts } = from
  const settled = settleCase(operation.case, steps, { isResumed: operation.resumes !== null })
  const endedAt = deps.clock.now()
  const remote = remoteHead(facts)
  const agreed = agreedHead(settled, steps, remote)
  const after = headAfter(facts, steps)
  const durationMs = endedAt - operation.startedAt
  const closed: JournalledSync = { ...operation, case: settled, after, durationMs, endedAt, state: 'done' }
  logOutcome(deps, closed, failureDetail(steps))
  return {
    case: settled,
    operation: closed,
    steps,
    facts,
    changes: [
      update('syncOperations', {
        where: { id: operation.id },
        set: {
          case: settled,
          after,
          durationMs,
          endedAt,
          state: caseSpec(settled).mayGoOn ? 'done' : closedState(settled),
        },
      }),
      ...(agreed === null ? [] : headAgreed(order, { agreed, at: endedAt })),
      ...(after !== null && after === (agreed ?? remote) ? nothingLeft(order) : []),
      syncCompleted(order, closed),
    ],
  }
}

/** Both sides are at this commit now; what GitHub tells about it later is no news. */
function headAgreed(
  { context }: SyncOrder,
  head: { readonly agreed: Sha; readonly at: number },
): readonly Change[] {
  const { projectId, number } = context.pullRequest
  const { agreed, at } = head
  return [
    update('sessions', {
      where: { id: context.session.id },
      set: { lastSyncedSha: agreed, remoteMoved: null, updatedAt: at },
    }),
    update('pullRequests', { where: { projectId, number }, set: { headSha: agreed } }),
  ]
}

/** Worktree and branch are at one commit: nobody has anything to judge any more. */
function nothingLeft({ context }: SyncOrder): readonly Change[] {
  if (context.session.reviewersDue.length === 0) return []
  return [update('sessions', { where: { id: context.session.id }, set: { reviewersDue: [] } })]
}

/** A recovery that reset the worktree did what it set out to do; only the question is left. */
function closedState(settled: SyncCase): 'done' | 'failed' {
  const isAsPlanned = settled === 'divergence_recovered_via_reset' || settled === 'divergence_unreconciled'
  return isAsPlanned || SYNC_CASES_DONE.includes(settled) ? 'done' : 'failed'
}

/** A worktree that was repaired is what the sync wanted before it starts over. */
const SYNC_CASES_DONE: readonly SyncCase[] = ['worktree_recreated', 'worktree_repaired', 'locks_removed']

function syncCompleted(order: SyncOrder, operation: JournalledSync): Change {
  return {
    kind: 'log',
    type: 'sync.completed',
    projectId: operation.projectId,
    prNumber: order.context.session.prNumber,
    sessionId: operation.sessionId,
    payload: {
      v: 1,
      operation_id: operation.id,
      case: operation.case,
      trigger: operation.trigger,
      before: operation.before,
      after: operation.after,
    },
    once: `sync.completed:${operation.id}`,
  }
}

function failureDetail(steps: readonly SettledStep[]): string | null {
  const last = steps.at(-1)
  if (last?.outcome.kind === 'failed') return `${last.step.kind}: ${last.outcome.detail}`
  if (last?.outcome.kind === 'push' && last.outcome.result !== 'pushed')
    return `${last.outcome.result}: ${last.outcome.detail}`
  return null
}

/** The one line per exit that operators search for. */
function logOutcome(deps: Deps, operation: JournalledSync, detail: string | null): void {
  const { level } = caseSpec(operation.case)
  deps.log[level](
    {
      pipeline_id: operation.pipelineId,
      session: operation.sessionId,
      branch: operation.branch,
      case: operation.case,
      local_ahead: operation.localAhead,
      remote_ahead: operation.remoteAhead,
      before: operation.before,
      after: operation.after,
      duration_ms: operation.durationMs,
      ...changedConfiguration(operation.facts),
      ...(detail === null ? {} : { detail }),
    },
    'worktree_sync_outcome',
  )
}

/** None of it is ever used; an operator may want to know all the same. */
function changedConfiguration(facts: WorktreeFacts): { readonly changed_configuration?: readonly string[] } {
  const changed = facts.kind === 'inspected' ? facts.changedConfiguration : []
  return changed.length === 0 ? {} : { changed_configuration: changed }
}

/** Returns the commit the worktree was at when it was inspected. */
export function localHead(facts: WorktreeFacts): Sha | null {
  if (facts.kind === 'unavailable') return facts.fault.kind === 'missing' ? facts.fault.head : null
  return facts.head.kind === 'unborn' ? null : facts.head.sha
}

/** Returns the remote's head as it was fetched. */
export function remoteHead(facts: WorktreeFacts): Sha | null {
  return facts.remote.kind === 'fetched' ? facts.remote.head : null
}

/** A finished recovery may only have had to check a branch that an earlier start had moved. */
function headAfter(facts: WorktreeFacts, steps: readonly SettledStep[]): Sha | null {
  const reached = steps.flatMap(({ step, outcome }) => {
    if (outcome.kind !== 'done') return []
    if (step.kind === 'move_branch') return [step.to]
    return step.kind === 'verify_worktree' ? [step.head] : []
  })
  return reached.at(-1) ?? localHead(facts)
}
