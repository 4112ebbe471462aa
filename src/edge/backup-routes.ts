// The REST face of pins: list those of a pipeline's session, rescue one. Checks who asks; everything else is decided
// behind `submit`.

import { assertNever } from '../domain/assert-never.ts'
import type { ApiToken } from '../domain/config/operator-config.ts'
import { AppError } from '../domain/errors/app-error.ts'
import { isBranchName } from '../domain/ids.ts'
import type { BackupFacts } from '../domain/text/cli-backups.ts'
import type { RescueReply, SubmitRescue } from '../ports/rescues.ts'
import type { Store } from '../ports/store.ts'
import { listBackups } from '../workflows/list-backups.ts'
import { authenticate } from './api-tokens.ts'
import { clientOf, isJson, type HttpReply, type HttpRequest, type Route } from './http-exchange.ts'

/** A branch name and a flag; a kilobyte is plenty. */
const BODY_LIMIT_BYTES = 16 * 1024

export interface BackupRoutesParts {
  /** Empty: the API is off and its addresses do not exist. */
  readonly tokens: readonly ApiToken[]
  readonly store: Pick<Store, 'find' | 'list'>
  readonly submit: SubmitRescue
}

/** Returns `GET /api/v1/pipelines/{id}/backups` and `POST /api/v1/backups/{backup}/rescue`. */
export function backupRoutes(parts: BackupRoutesParts): readonly Route[] {
  if (parts.tokens.length === 0) return []
  return [
    {
      method: 'GET',
      pattern: '/api/v1/pipelines/{id}/backups',
      handle: (request) => listPins(parts, request),
    },
    {
      method: 'POST',
      pattern: '/api/v1/backups/{backup}/rescue',
      handle: (request) => rescue(parts, request),
    },
  ]
}

/** Pins outlive their pipeline and some are made between two, so all of the session are listed, newest first. */
async function listPins(parts: BackupRoutesParts, request: HttpRequest): Promise<HttpReply> {
  authenticate(parts.tokens, request)
  const id = request.params['id'] ?? ''
  const pipeline = await parts.store.find('pipelines', { id })
  if (pipeline === null) throw new AppError('PIPELINE_NOT_FOUND', { pipeline: id })
  const backups = await listBackups(parts.store, pipeline.sessionId)
  return { status: 200, body: { backups: backups.map(toBackupView) } }
}

async function rescue(parts: BackupRoutesParts, request: HttpRequest): Promise<HttpReply> {
  const actor = authenticate(parts.tokens, request)
  const backupId = request.params['backup'] ?? ''
  const order = await readOrder(request)
  const via = clientOf(request.headers)
  return toReply(await parts.submit({ ...order, backupId, actor, via }), backupId)
}

type Order = Pick<Parameters<SubmitRescue>[0], 'content' | 'branch'>

async function readOrder(request: HttpRequest): Promise<Order> {
  if (!isJson(request.headers)) throw invalid('the content type must be application/json')
  const text = (await request.readBody(BODY_LIMIT_BYTES)).toString('utf8')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // The reason is all there is to say; the parser's words would quote the body.
    throw invalid('the body is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('the body must be an object')
  const { dirty = false, branch = null, ...rest } = body as Readonly<Record<string, unknown>>
  if (Object.keys(rest).length > 0) throw invalid('the body may have `dirty` and `branch` and nothing else')
  if (typeof dirty !== 'boolean') throw invalid('`dirty` must be true or false')
  if (branch !== null && (typeof branch !== 'string' || !isBranchName(branch)))
    throw invalid('`branch` must be the name of a branch')
  return { content: dirty ? 'dirty' : 'commits', branch }
}

function toReply(reply: RescueReply, backup: string): HttpReply {
  switch (reply.kind) {
    case 'rescued': {
      const { branch, head, compareUrl, leftOut } = reply
      return { status: 200, body: { backup, branch, head, compareUrl, leftOut } }
    }
    case 'queued':
      return { status: 202, body: { backup, status: 'pending' } }
    case 'backup_not_found':
      throw new AppError('BACKUP_NOT_FOUND', { backup: backup.slice(0, 80) })
    case 'nothing_dirty':
      throw new AppError('BACKUP_EMPTY', { backup, leftOut: reply.leftOut })
    case 'pin_damaged':
      throw new AppError('BACKUP_DAMAGED', { backup, detail: reply.detail })
    case 'refused': {
      const { branch, refusal, detail } = reply
      throw new AppError('RESCUE_REFUSED', { branch, refusal, detail })
    }
    default:
      return assertNever(reply)
  }
}

/** What people and programs may see of a pin; column names stay inside. */
function toBackupView({ backup, ...facts }: BackupFacts): Readonly<Record<string, unknown>> {
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
    createdAt: new Date(backup.createdAt).toISOString(),
  }
}

function invalid(reason: string): AppError {
  return new AppError('REQUEST_INVALID', { reason })
}
