// A rescue from outside GitHub (REST, CLI): stored as a job of the pull request's lane and waited for.

import { prLane } from '../domain/ids.ts'
import { AppError } from '../domain/errors/app-error.ts'
import type { AuditRow, Backup } from '../domain/records.ts'
import { isPushRefusal } from '../domain/text/push-result-text.ts'
import type { RescueReply, SubmittedRescue } from '../ports/rescues.ts'
import type { Deps } from './deps.ts'
import { loadSession } from './queries.ts'
import { compareUrl } from './rescue-notes.ts'
import type { WaitUntil } from './submit-answer.ts'

export interface RescueWait {
  readonly waitUntil: WaitUntil
  /** When the job is due, in milliseconds since 1970. */
  readonly dueAt: number
  /** The only start of a process that may do it, for one who must not find it done later; absent: any. */
  readonly onlyBoot?: string
}

/** Takes a rescue in and says what became of it; throws `RESCUE_WITHDRAWN`. */
export async function submitRescue(
  deps: Deps,
  submitted: SubmittedRescue,
  { waitUntil, dueAt, onlyBoot }: RescueWait,
): Promise<RescueReply> {
  const backup = await deps.store.find('backups', { id: submitted.backupId })
  if (backup === null) return { kind: 'backup_not_found' }
  const auditId = `au_${deps.ids.random(12)}`
  const limit = onlyBoot === undefined ? {} : { onlyBoot }
  await enqueue(deps, { backup, submitted, auditId, dueAt, ...limit })
  const findEnd = (): Promise<AuditRow | null> => deps.store.find('auditLog', { id: auditId })
  await waitUntil(async () => (await findEnd()) !== null)
  const end = await findEnd()
  return end === null ? { kind: 'queued' } : toReply(deps, backup, end)
}

interface Enqueued {
  readonly backup: Backup
  readonly submitted: SubmittedRescue
  readonly auditId: string
  readonly dueAt: number
  readonly onlyBoot?: string
}

async function enqueue(deps: Deps, { backup, submitted, auditId, dueAt, ...limit }: Enqueued): Promise<void> {
  const { project, session } = await loadSession(deps.store, backup.sessionId)
  const { backupId, content, branch, actor, via } = submitted
  const order = { sessionId: session.id, backupId, content, branch, actor, via, auditId, source: null }
  const lane = prLane(project.repositoryId, session.prNumber)
  const job = { kind: 'rescue_backup', ...order, ...limit } as const
  await deps.store.commit([{ kind: 'enqueue', lane, idem: `rescue:${auditId}`, job, runAt: dueAt }], null)
}

/** Reads the end as the job wrote it. */
async function toReply(deps: Deps, backup: Backup, { details }: AuditRow): Promise<RescueReply> {
  const text = (name: string): string => String(details[name] ?? '')
  const leftOut = readPaths(text('left_out'))
  switch (details['outcome']) {
    case 'nothing_dirty':
      return { kind: 'nothing_dirty', leftOut }
    case 'pin_damaged':
      return { kind: 'pin_damaged', detail: text('detail') }
    case 'withdrawn':
      throw new AppError('RESCUE_WITHDRAWN', { backup: backup.id, reason: text('reason') })
    case 'refused': {
      const said = text('refusal')
      const refusal = isPushRefusal(said) ? said : 'unknown'
      return { kind: 'refused', branch: text('branch'), refusal, detail: text('detail') }
    }
    default: {
      const context = await loadSession(deps.store, backup.sessionId)
      const branch = text('branch')
      const head = text('head') === '' ? null : text('head')
      return { kind: 'rescued', branch, head, compareUrl: compareUrl(deps, context, branch), leftOut }
    }
  }
}

function readPaths(json: string): readonly string[] {
  const paths: unknown = json === '' ? [] : JSON.parse(json)
  return Array.isArray(paths) ? paths.map(String) : []
}
