// Pushed copies of pins whose questions were closed long ago: found once a day and at start, deleted in the session's
// lane. The local pin is never touched, and without it nothing is deleted.

import { update, type Change } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type { Backup } from '../domain/records.ts'
import { isPushedPinDue } from '../domain/sync/backup-retention.ts'
import type { StepOutcome } from '../domain/sync/step.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { refreshStatus } from './present-session.ts'
import { loadSession, type SessionContext } from './queries.ts'
import { raiseDamagedPin } from './raise-alert.ts'
import { runBesideSync } from './run-beside-sync.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Enqueues a job for every pushed copy whose time is over, at most one a day for each; returns how many are due. */
export async function sweepBackups(deps: Deps): Promise<number> {
  const now = deps.clock.now()
  const pushed = await deps.store.list('backups', { push: 'pushed' })
  let due = 0
  for (const backup of pushed) {
    const context = await loadSession(deps.store, backup.sessionId)
    if (!(await isDue(deps, context, backup))) continue
    due += 1
    const { project, session } = context
    const change: Change = {
      kind: 'enqueue',
      lane: prLane(project.repositoryId, session.prNumber),
      idem: `expire:${backup.id}:${Math.floor(now / DAY_MS)}`,
      job: { kind: 'expire_backup', sessionId: session.id, backupId: backup.id },
      runAt: now,
    }
    await deps.store.commit([change], null)
  }
  return due
}

/** Deletes the pushed copy; whatever does not fit keeps it, and is tried again on another day. */
export const expireBackup: JobHandler<'expire_backup'> = async (deps, job, lane) => {
  const backup = await deps.store.find('backups', { id: job.backupId, sessionId: job.sessionId })
  if (backup?.push !== 'pushed') return []
  const context = await loadSession(deps.store, job.sessionId)
  if (!(await isDue(deps, context, backup))) return []
  const outcome = await deletePushed(deps, { context, backup, lane })
  if (outcome?.kind === 'done') {
    deps.log.info({ session: job.sessionId, backup: backup.id }, 'pushed_pin_deleted')
    return [
      update('backups', { where: { id: backup.id }, set: { push: 'expired' }, expect: { push: 'pushed' } }),
      refreshStatus(deps, context),
    ]
  }
  deps.log.warn({ session: job.sessionId, backup: backup.id, outcome }, 'pushed_pin_kept')
  if (outcome?.kind !== 'failed' || outcome.reason !== 'not_pinned') return []
  return raiseDamagedPin(deps, { backup, detail: outcome.detail })
}

async function isDue(deps: Deps, { session }: SessionContext, { prefix }: Backup): Promise<boolean> {
  const decisions = await deps.store.list('decisions', { sessionId: session.id })
  const hasEnded = session.state === 'stopped' || session.state === 'closed'
  const sessionEndedAt = hasEnded ? session.updatedAt : null
  return isPushedPinDue({ prefix, decisions, sessionEndedAt, now: deps.clock.now() })
}

async function deletePushed(
  deps: Deps,
  order: { readonly context: SessionContext; readonly backup: Backup; readonly lane: JobLane },
): Promise<StepOutcome | null> {
  const { context, backup, lane } = order
  const { prefix, head } = backup
  const plan = [{ kind: 'delete_pushed_pin', prefix, head }] as const
  const { steps } = await runBesideSync(deps, { context, lane, purpose: 'expire_backup', plan })
  return steps[0]?.outcome ?? null
}
