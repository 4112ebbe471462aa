// A pin as people and programs may see it; column names stay inside. Decides nothing.

import { z } from 'zod'
import type { BackupFacts } from '../../domain/text/cli-backups.ts'
import type { View } from './define-route.ts'
import { sha, time, toTime } from './wire-values.ts'

const pinnedRef = z.object({ ref: z.string(), sha })

export const backupView = z
  .object({
    id: z.string(),
    session: z.string(),
    repository: z.string().nullable().describe('`<owner>/<name>`.'),
    pr: z.int().nullable(),
    pipeline: z.string().nullable(),
    reason: z.string(),
    case: z
      .string()
      .nullable()
      .describe('The case of the sync it was made for; docs/sync-cases.md has them all.'),
    refs: z.object({ head: pinnedRef, index: pinnedRef, worktree: pinnedRef }),
    push: z.enum(['not_tried', 'not_wanted', 'pushed', 'refused', 'disabled', 'expired']),
    pushRefusal: z.string().nullable(),
    filesPush: z.string().nullable(),
    rescueBranch: z.string().nullable(),
    dirtyRescueBranch: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'Backup' })

/** Returns a pin for the wire. */
export function toBackupView({ backup, ...facts }: BackupFacts): View<typeof backupView> {
  const { repository } = facts
  return {
    id: backup.id,
    session: backup.sessionId,
    repository: repository === null ? null : `${repository.owner}/${repository.name}`,
    pr: facts.prNumber,
    pipeline: facts.pipelineId,
    reason: backup.reason,
    case: facts.syncCase,
    refs: {
      head: { ref: `${backup.prefix}/head`, sha: backup.head },
      index: { ref: `${backup.prefix}/index`, sha: backup.index },
      worktree: { ref: `${backup.prefix}/worktree`, sha: backup.worktree },
    },
    push: backup.push,
    pushRefusal: backup.pushRefusal,
    filesPush: backup.filesPush,
    rescueBranch: backup.rescueBranch,
    dirtyRescueBranch: backup.dirtyRescueBranch,
    createdAt: toTime(backup.createdAt),
  }
}
