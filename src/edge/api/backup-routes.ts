// The REST face of pins: list those of a pipeline's session, rescue one. Everything that is decided is decided behind
// `submitRescue`.

import { z } from 'zod'
import { assertNever } from '../../domain/assert-never.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import { isBranchName } from '../../domain/ids.ts'
import type { RescueReply, SubmitRescue } from '../../ports/rescues.ts'
import type { Store } from '../../ports/store.ts'
import { listBackups } from '../../workflows/list-backups.ts'
import { backupView, toBackupView } from './backup-view.ts'
import { defineRoute } from './define-route.ts'
import { id, quoted } from './wire-values.ts'

const TAG = 'backups'

/** `isBranchName` in one expression, for the document; the function judges. */
const BRANCH_PATTERN =
  '^(?!@$)(?![-/])(?!.*[/.]$)(?!.*(?:\\.\\.|@\\{|//))(?!(?:.*/)?\\.)(?!.*\\.lock(?:/|$))[^\\u0000-\\u0020\\u007f~^:?*\\[\\\\]{1,244}$'

const branch = z
  .string()
  .refine(isBranchName, 'it must be the name of a branch')
  .meta({ pattern: BRANCH_PATTERN })
  .nullable()
  .default(null)
  .describe('The branch to make; without it Belay takes the next free name.')

const listPins = defineRoute({
  method: 'GET',
  pattern: '/pipelines/{id}/backups',
  name: 'listBackups',
  summary: 'List the pins of the session of a pipeline, newest first',
  about: 'Pins outlive their pipeline and some are made between two, so all of the session are listed.',
  tag: TAG,
  params: z.object({ id }),
  replies: {
    200: { description: 'Every pin.', schema: z.object({ backups: z.array(backupView) }) },
  },
  errors: ['PIPELINE_NOT_FOUND'],
  handle: async ({ params }, { store }: { readonly store: Pick<Store, 'find' | 'list'> }) => {
    const pipeline = await store.find('pipelines', { id: params.id })
    if (pipeline === null) return new AppError('PIPELINE_NOT_FOUND', { pipeline: quoted(params.id) })
    const backups = await listBackups(store, pipeline.sessionId)
    return { status: 200, body: { backups: backups.map(toBackupView) } }
  },
})

const rescuePin = defineRoute({
  method: 'POST',
  pattern: '/backups/{backup}/rescue',
  name: 'rescueBackup',
  summary: 'Put a pin on a new branch of its repository',
  about: 'The pin stays as it is. The same order given twice makes one branch.',
  tag: TAG,
  params: z.object({ backup: id }),
  body: z.strictObject({
    dirty: z
      .boolean()
      .default(false)
      .describe('The uncommitted files too; what looks like a secret stays where it is.'),
    branch,
  }),
  replies: {
    200: {
      description: 'The branch is there.',
      schema: z.object({
        backup: z.string(),
        branch: z.string(),
        head: z
          .string()
          .nullable()
          .describe('Null when the branch was made earlier and somebody moved it since.'),
        compareUrl: z.string(),
        leftOut: z.array(z.string()).describe('Paths that were kept back.'),
      }),
    },
    202: {
      description: 'Stored; it is done as soon as the pull request is free.',
      schema: z.object({ backup: z.string(), status: z.literal('pending') }),
    },
  },
  errors: ['BACKUP_NOT_FOUND', 'BACKUP_EMPTY', 'BACKUP_DAMAGED', 'RESCUE_REFUSED', 'RESCUE_WITHDRAWN'],
  handle: async ({ params, body, caller }, { submitRescue }: { readonly submitRescue: SubmitRescue }) => {
    const backupId = params.backup
    const content = body.dirty ? 'dirty' : 'commits'
    return toReply(await submitRescue({ content, branch: body.branch, backupId, ...caller }), backupId)
  },
})

export const BACKUP_ROUTES = [listPins, rescuePin]

function toReply(reply: RescueReply, backup: string) {
  switch (reply.kind) {
    case 'rescued': {
      const { branch: made, head, compareUrl, leftOut } = reply
      return { status: 200, body: { backup, branch: made, head, compareUrl, leftOut } } as const
    }
    case 'queued':
      return { status: 202, body: { backup, status: 'pending' } } as const
    case 'backup_not_found':
      return new AppError('BACKUP_NOT_FOUND', { backup: quoted(backup) })
    case 'nothing_dirty':
      return new AppError('BACKUP_EMPTY', { backup, leftOut: reply.leftOut })
    case 'pin_damaged':
      return new AppError('BACKUP_DAMAGED', { backup, detail: reply.detail })
    case 'refused': {
      const { branch: refused, refusal, detail } = reply
      return new AppError('RESCUE_REFUSED', { branch: refused, refusal, detail })
    }
    default:
      return assertNever(reply)
  }
}
