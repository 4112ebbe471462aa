// Steps that are no sync, under the same journal: pins for their own sake, leftovers, locks, rescues. A crash in any of
// them leaves a row that whatever comes next closes, and a pin that is found again.

import { update, type Change } from '../domain/changes.ts'
import type { OperationPurpose, SyncOperation } from '../domain/records.ts'
import type { SettledStep } from '../domain/sync/settle.ts'
import { mayContinueAfter, type SyncStep } from '../domain/sync/step.ts'
import { botIdentity } from './bot-identity.ts'
import { closeInterrupted } from './close-interrupted.ts'
import type { Deps, JobLane } from './deps.ts'
import type { SessionContext } from './queries.ts'
import { runJournalled } from './sync-journal.ts'

export interface BesideOrder {
  readonly context: SessionContext
  readonly lane: JobLane
  readonly purpose: Exclude<OperationPurpose, 'sync'>
  readonly plan: readonly SyncStep[]
}

export interface BesideReport {
  readonly operation: SyncOperation
  readonly steps: readonly SettledStep[]
  /** Whether every step came to its end. */
  readonly isDone: boolean
}

/** Runs the steps, closes their operation, and returns what each came back with. */
export async function runBesideSync(deps: Deps, order: BesideOrder): Promise<BesideReport> {
  const { context, lane, purpose, plan } = order
  await closeInterrupted(deps, context, lane)
  const operation: SyncOperation = {
    id: `op_${deps.ids.random(12)}`,
    sessionId: context.session.id,
    projectId: context.project.id,
    pipelineId: null,
    phase: null,
    trigger: 'command',
    branch: context.session.branch,
    state: 'running',
    purpose,
    case: null,
    facts: null,
    plan,
    localAhead: null,
    remoteAhead: null,
    before: null,
    after: null,
    durationMs: null,
    resumes: null,
    startedAt: deps.clock.now(),
    endedAt: null,
  }
  const steps = await runJournalled(deps, { context, operation, identity: await botIdentity(deps), lane })
  const isDone =
    steps.length === plan.length && steps.every(({ step, outcome }) => mayContinueAfter(step, outcome))
  await deps.store.commit([closing(deps, operation, isDone)], lane)
  return { operation, steps, isDone }
}

function closing(deps: Deps, { id, startedAt }: SyncOperation, isDone: boolean): Change {
  const endedAt = deps.clock.now()
  const set = { state: isDone ? 'done' : 'failed', endedAt, durationMs: endedAt - startedAt } as const
  return update('syncOperations', { where: { id }, set })
}
