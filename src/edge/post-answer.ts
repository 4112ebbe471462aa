// Sends an answer to the running process, for the command line. Knows the REST address, not what an answer means.

import { callApi, type ApiAccess, type ApiReply } from './call-api.ts'

export interface PostedAnswer extends ApiAccess {
  readonly pipelineId: string
  readonly decisionId: string
  readonly answer: string
}

export type PostedReply =
  | { readonly kind: 'accepted'; readonly option: string; readonly isOpen: boolean }
  | { readonly kind: 'queued' }
  | Extract<ApiReply, { readonly kind: 'refused' }>

/** Posts the answer; throws `SERVER_UNREACHABLE` when nobody, or something else, answers there. */
export async function postAnswer(posted: PostedAnswer): Promise<PostedReply> {
  const { pipelineId, decisionId, answer } = posted
  const path = `/api/v1/pipelines/${encodeURIComponent(pipelineId)}/decisions/${encodeURIComponent(decisionId)}/resolve`
  const reply = await callApi(posted, path, { answer })
  if (reply.kind === 'refused') return reply
  if (reply.status === 202) return { kind: 'queued' }
  const { option, status } = reply.body
  return { kind: 'accepted', option: String(option), isOpen: status === 'pending' }
}
