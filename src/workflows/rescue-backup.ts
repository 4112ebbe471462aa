// Rescues one named pin: for a command, or for REST and the command line. Who asked and how it ended is in the audit log,
// where whoever handed the rescue in looks for its end.

import { insert, type Change, type Job } from '../domain/changes.ts'
import type { AuditRow } from '../domain/records.ts'
import { commandDone, commandRefused } from './command-life.ts'
import type { Deps, JobHandler } from './deps.ts'
import { presentDecision, refreshStatus } from './present-session.ts'
import { putOnBranch, type BranchResult } from './put-on-branch.ts'
import { findOpenDecision, loadSession, type SessionContext } from './queries.ts'
import { isRescued, rescueReply } from './rescue-reply.ts'

type RescueJob = Extract<Job, { readonly kind: 'rescue_backup' }>

/** Pushes the pin to its branch and says so; an open question of the session stays open. */
export const rescueBackup: JobHandler<'rescue_backup'> = async (deps, job, lane) => {
  const backup = await deps.store.find('backups', { id: job.backupId, sessionId: job.sessionId })
  if (backup === null) return []
  const { onlyBoot } = job
  if (onlyBoot !== undefined && onlyBoot !== deps.settings.bootId)
    return [rescueWithdrawn(deps, job, 'the process that was asked for it ended')]
  const context = await loadSession(deps.store, job.sessionId)
  const openQuestion = await findOpenDecision(deps.store, job.sessionId)
  const { content, branch, source } = job
  const result = await putOnBranch(deps, { context, backup, content, branch, lane })
  const place = { repository: context.repository, number: context.session.prNumber }
  const reply = rescueReply(deps, { context, backup, openQuestion, result })
  const shown = isRescued(result) ? await shownAnew(deps, context) : []
  if (source === null) return [noted(deps, { job, result }), ...shown]
  const ended = isRescued(result) ? commandDone(place, source, reply) : commandRefused(place, source, reply)
  return [noted(deps, { job, result }), ...ended, ...shown]
}

/** Returns the end of a rescue that is not done and not tried again; the reason is half a sentence. */
export function rescueWithdrawn(deps: Deps, job: RescueJob, reason: string): Change {
  return auditEnd(deps, job, { content: job.content, outcome: 'withdrawn', reason })
}

/** The open question lists the branches that were made; everything else is refreshed with the status. */
async function shownAnew(deps: Deps, context: SessionContext): Promise<readonly Change[]> {
  const open = await findOpenDecision(deps.store, context.session.id)
  const question = open === null ? [] : await presentDecision(deps, context, open)
  return [...question, refreshStatus(deps, context)]
}

function noted(deps: Deps, end: { readonly job: RescueJob; readonly result: BranchResult }): Change {
  const { job, result } = end
  return auditEnd(deps, job, { content: job.content, ...detailsOf(result) })
}

function auditEnd(deps: Deps, job: RescueJob, details: AuditRow['details']): Change {
  const { auditId: id, actor, via, sessionId, backupId } = job
  const target = `${sessionId}/${backupId}`
  return insert('auditLog', {
    id,
    at: deps.clock.now(),
    actor,
    via,
    action: 'rescue_backup',
    target,
    details,
  })
}

function detailsOf(result: BranchResult): Readonly<Record<string, string | null>> {
  const outcome = result.kind
  const paths = 'leftOut' in result ? (result.leftOut ?? []).map(({ path }) => path) : []
  const leftOut = { left_out: JSON.stringify(paths) }
  switch (result.kind) {
    case 'put':
      return { outcome, branch: result.branch, head: result.head, ...leftOut }
    case 'moved_since':
      return { outcome, branch: result.branch, head: null, ...leftOut }
    case 'nothing_dirty':
      return { outcome, ...leftOut }
    case 'pin_damaged':
      return { outcome, detail: result.detail }
    case 'refused':
      return { outcome, branch: result.branch, refusal: result.refusal, detail: result.detail }
  }
}
