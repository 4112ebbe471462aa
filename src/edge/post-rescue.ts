// Has the running process rescue a pin, for the command line. Knows the REST address and the form of its answer.

import { AppError } from '../domain/errors/app-error.ts'
import type { RescueReply, SubmittedRescue } from '../ports/rescues.ts'
import { callApi, type ApiAccess, type ApiReply } from './call-api.ts'

/** What came of a rescue, here or there. */
export type PostedRescue =
  | Exclude<RescueReply, { readonly kind: 'refused' }>
  | (Omit<Extract<RescueReply, { readonly kind: 'refused' }>, 'kind'> & { readonly kind: 'push_refused' })
  | Extract<ApiReply, { readonly kind: 'refused' }>

/** Posts a rescue; throws `SERVER_UNREACHABLE` when nobody, or something else, answers there. */
export async function postRescue(
  access: ApiAccess,
  { backupId, content, branch }: Pick<SubmittedRescue, 'backupId' | 'content' | 'branch'>,
): Promise<PostedRescue> {
  const path = `/api/v1/backups/${encodeURIComponent(backupId)}/rescue`
  const sent = { dirty: content === 'dirty', ...(branch === null ? {} : { branch }) }
  const reply = await callApi(access, path, sent)
  if (reply.kind === 'refused') return reply
  if (reply.status === 202) return { kind: 'queued' }
  const { branch: made, head, compareUrl, leftOut } = reply.body
  // A success that is none of ours comes from something else at that address.
  if (typeof made !== 'string' || typeof compareUrl !== 'string' || !Array.isArray(leftOut))
    throw new AppError('SERVER_UNREACHABLE', { address: access.address })
  return {
    kind: 'rescued',
    branch: made,
    head: typeof head === 'string' ? head : null,
    compareUrl,
    leftOut: leftOut.map(String),
  }
}
