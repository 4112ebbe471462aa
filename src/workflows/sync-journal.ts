// Runs a stored plan through the runner and journals it: a row before each step, its result before the next one.
// After a crash the rows say what was done, what was running and what never began.

import { insert, update, upsert, type Change } from '../domain/changes.ts'
import type { Backup, PinReason, SyncOperation } from '../domain/records.ts'
import { pinId, pinRef } from '../domain/sync/pin.ts'
import type { SettledStep } from '../domain/sync/settle.ts'
import { mayContinueAfter, type StepOutcome, type SyncStep } from '../domain/sync/step.ts'
import type { GitIdentity } from '../ports/runner.ts'
import type { LaneHold } from '../ports/store.ts'
import type { Deps } from './deps.ts'
import type { SessionContext } from './queries.ts'

export interface JournalOrder {
  readonly context: SessionContext
  readonly operation: SyncOperation
  readonly identity: GitIdentity
  readonly lane: LaneHold
}

/** Stores the operation, runs its plan step by step, and returns what every started step came back with. */
export async function runJournalled(deps: Deps, order: JournalOrder): Promise<readonly SettledStep[]> {
  const { context, operation, lane } = order
  const settled: SettledStep[] = []
  await commitOrThrow(
    deps,
    [insert('syncOperations', operation), ...stepStarted(deps, operation, 0), ...announcePush(deps, order)],
    lane,
  )
  const results = deps.runner.execute({
    workspace: context.workspace,
    plan: operation.plan,
    identity: order.identity,
    fence: lane.fence,
  })
  for await (const { position, step, outcome } of results) {
    settled.push({ step, outcome })
    await commitOrThrow(deps, stepFinished(deps, { order, position, step, outcome }), lane)
  }
  return settled
}

/** Commits changes that no guard protects; a refusal means the lane's own rows are broken. */
async function commitOrThrow(deps: Deps, changes: readonly Change[], lane: LaneHold): Promise<void> {
  const outcome = await deps.store.commit(changes, lane)
  if (outcome.kind === 'refused')
    throw new Error(`The journal was refused: ${JSON.stringify(outcome.because)}`)
}

function stepStarted(deps: Deps, operation: SyncOperation, position: number): readonly Change[] {
  const step = operation.plan[position]
  if (step === undefined) return []
  const row = { operationId: operation.id, position, kind: step.kind, outcome: null, endedAt: null } as const
  return [insert('syncSteps', { ...row, state: 'running', startedAt: deps.clock.now() })]
}

/** The head we are about to push is stored first: our own push and synchronize events are recognised by it. */
function announcePush(deps: Deps, order: JournalOrder): readonly Change[] {
  const push = order.operation.plan.find((step) => step.kind === 'push_branch')
  if (push === undefined) return []
  const set = { lastPushedSha: push.head, updatedAt: deps.clock.now() }
  return [update('sessions', { where: { id: order.context.session.id }, set })]
}

interface FinishedStep {
  readonly order: JournalOrder
  readonly position: number
  readonly step: SyncStep
  readonly outcome: StepOutcome
}

function stepFinished(deps: Deps, finished: FinishedStep): readonly Change[] {
  const { order, position, step, outcome } = finished
  const isFailure = outcome.kind === 'failed' || outcome.kind === 'raced'
  const ended = update('syncSteps', {
    where: { operationId: order.operation.id, position },
    set: { state: isFailure ? 'failed' : 'done', outcome, endedAt: deps.clock.now() },
  })
  const next = mayContinueAfter(step, outcome) ? stepStarted(deps, order.operation, position + 1) : []
  return [ended, ...pinRecorded(deps, finished), ...next]
}

function pinRecorded(deps: Deps, { order, step, outcome }: FinishedStep): readonly Change[] {
  if (step.kind === 'pin' && outcome.kind === 'pinned') {
    return [upsert('backups', backupRow(deps, order.operation, { ...outcome, prefix: step.prefix }))]
  }
  if (step.kind === 'push_pin' && outcome.kind === 'push') {
    const isPushed = outcome.result === 'pushed'
    const set = {
      push: isPushed ? 'pushed' : 'refused',
      pushRefusal: isPushed ? null : outcome.result,
      filesPush: outcome.files ?? null,
      ...(outcome.fallback === undefined ? {} : { rescueBranch: outcome.fallback }),
    } as const
    return [update('backups', { where: { id: pinId(step.prefix) }, set })]
  }
  return []
}

type PinCommits = Pick<Backup, 'prefix' | 'head' | 'index' | 'worktree'>

function backupRow(
  deps: Deps,
  operation: SyncOperation,
  { prefix, head, index, worktree }: PinCommits,
): Backup {
  return {
    id: pinId(prefix),
    sessionId: operation.sessionId,
    projectId: operation.projectId,
    operationId: operation.id,
    reason: pinReason(operation),
    prefix,
    head,
    index,
    worktree,
    push: pushState(operation),
    pushRefusal: null,
    filesPush: null,
    rescueBranch: null,
    dirtyRescueBranch: null,
    createdAt: deps.clock.now(),
  }
}

function pushState({ plan }: SyncOperation): Backup['push'] {
  if (plan.some((step) => step.kind === 'push_pin')) return 'not_tried'
  return plan.some((step) => step.kind === 'reset_tree') ? 'disabled' : 'not_wanted'
}

const PIN_REASONS: readonly PinReason[] = ['failed_attempt', 'stopped', 'left_out', 'rewritten', 'ended']

function pinReason({ purpose }: SyncOperation): Backup['reason'] {
  return PIN_REASONS.find((reason) => reason === purpose) ?? 'sync'
}

/** Returns rows for pins that lie in the mirror but were not listed yet because the process died in between. */
export async function adoptPins(
  deps: Deps,
  context: SessionContext,
  operation: SyncOperation,
): Promise<readonly Change[]> {
  const refs = new Map((await deps.runner.listPins(context.workspace)).map((pin) => [pin.ref, pin.sha]))
  const prefixes = operation.plan.flatMap((step) => (step.kind === 'pin' ? [step.prefix] : []))
  const rows = prefixes.flatMap((prefix) => {
    const head = refs.get(pinRef(prefix, 'head'))
    const index = refs.get(pinRef(prefix, 'index'))
    const worktree = refs.get(pinRef(prefix, 'worktree'))
    if (head === undefined || index === undefined || worktree === undefined) return []
    return [{ prefix, head, index, worktree }]
  })
  const known = await deps.store.list('backups', { operationId: operation.id })
  return rows
    .filter((row) => known.every((backup) => backup.prefix !== row.prefix))
    .map((row) => upsert('backups', backupRow(deps, operation, row)))
}
