// A sync outside a phase: somebody asked for it, or pushed while the agent was idle.

import { demand, type Change, type CommandSource } from '../domain/changes.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { Reply } from '../domain/text/reply.ts'
import { commandDone, commandRefused } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import { openDecision } from './open-decision.ts'
import { refreshStatus } from './present-session.ts'
import { respondAfter } from './respond-soon.ts'
import {
  findNewestPipeline,
  findHoldingDecision,
  findRunningAttempt,
  loadSession,
  type SessionContext,
} from './queries.ts'
import type { SyncReport } from './sync-operation.ts'
import { syncWorktree } from './sync-worktree.ts'

/**
 * Syncs an idle session.
 *
 * With an open question nothing runs; while a pipeline is under way its own syncs do what was asked, at the right moment.
 */
export const syncSession: JobHandler<'sync_session'> = async (deps, job, lane) => {
  const context = await loadSession(deps.store, job.sessionId)
  const pipeline = await findNewestPipeline(deps.store, job.sessionId)
  const { state } = context.session
  if (pipeline === null || state === 'stopped' || state === 'closed')
    return ended(context, job.source, { kind: 'no_session', verb: 'sync' })
  const open = await findHoldingDecision(deps.store, job.sessionId)
  if (open !== null)
    return ended(context, job.source, { kind: 'question_open', verb: 'sync', question: open })
  const isUnderWay = state === 'spawning' || pipeline.status === 'pending' || pipeline.status === 'running'
  if (isUnderWay || (await findRunningAttempt(deps.store, job.sessionId)) !== null)
    return postponed(deps, context, { source: job.source, phase: pipeline.currentPhase })
  const { trigger, choice, knownHead } = job
  const report = await syncWorktree(deps, {
    context,
    pipeline,
    trigger,
    push: false,
    choice,
    knownHead,
    lane,
  })
  if (!caseSpec(report.case).mayGoOn) {
    const asked = await openDecision(deps, { context, pipeline, report, moment: 'phase_start' })
    return [...asked, ...commandEnded(context, job.source, syncedReply(context, report, questionIn(asked)))]
  }
  return [
    demand({ kind: 'no_open_decision', sessionId: context.session.id }),
    ...report.changes,
    ...commandEnded(context, job.source, syncedReply(context, report, null)),
    refreshStatus(deps, context),
    respondAfter(deps, context),
  ]
}

/** The sync at the attempt's end does what was asked; nothing has to be remembered. */
function postponed(
  deps: Deps,
  context: SessionContext,
  asked: { readonly source: CommandSource | null; readonly phase: string },
): readonly Change[] {
  return [
    ...commandEnded(context, asked.source, { kind: 'sync_deferred', phase: asked.phase }),
    refreshStatus(deps, context),
  ]
}

function questionIn(changes: readonly Change[]): string | null {
  const inserted = changes.find((change) => change.kind === 'insert' && change.table === 'decisions')
  return inserted?.kind === 'insert' && inserted.table === 'decisions' ? inserted.row.id : null
}

function syncedReply(context: SessionContext, report: SyncReport, questionId: string | null): Reply {
  const { before, after } = report.operation
  return { kind: 'synced', case: report.case, branch: context.session.branch, before, after, questionId }
}

function ended(context: SessionContext, source: CommandSource | null, reply: Reply): readonly Change[] {
  return source === null
    ? []
    : commandRefused({ repository: context.repository, number: context.session.prNumber }, source, reply)
}

function commandEnded(
  context: SessionContext,
  source: CommandSource | null,
  reply: Reply,
): readonly Change[] {
  return source === null
    ? []
    : commandDone({ repository: context.repository, number: context.session.prNumber }, source, reply)
}
