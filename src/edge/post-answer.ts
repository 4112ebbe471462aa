// Sends an answer to the running process, for the command line. Knows the REST address, not what an answer means.

import { AppError, type ErrorEnvelope } from '../domain/errors/app-error.ts'

export interface PostedAnswer {
  /** `http://127.0.0.1:3000` of the process that is running. */
  readonly address: string
  readonly token: string
  readonly pipelineId: string
  readonly decisionId: string
  readonly answer: string
}

export type PostedReply =
  | { readonly kind: 'accepted'; readonly option: string; readonly isOpen: boolean }
  | { readonly kind: 'queued' }
  /** The process said no; its own words. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string }

const TIMEOUT_MS = 15_000

/** Posts the answer; throws `SERVER_UNREACHABLE` when nobody, or something else, answers there. */
export async function postAnswer(posted: PostedAnswer): Promise<PostedReply> {
  const { address, pipelineId, decisionId } = posted
  const path = `/api/v1/pipelines/${encodeURIComponent(pipelineId)}/decisions/${encodeURIComponent(decisionId)}/resolve`
  let status: number
  let body: Partial<ErrorEnvelope> & { readonly option?: unknown; readonly status?: unknown }
  try {
    const response = await fetch(new URL(path, address), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${posted.token}`,
        'content-type': 'application/json',
        'x-belay-client': 'cli',
      },
      body: JSON.stringify({ answer: posted.answer }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    status = response.status
    body = Object(await response.json()) as typeof body
  } catch (error) {
    throw new AppError('SERVER_UNREACHABLE', { address }, { cause: error })
  }
  if (status === 202) return { kind: 'queued' }
  if (status === 200)
    return { kind: 'accepted', option: String(body.option), isOpen: body.status === 'pending' }
  if (typeof body.message !== 'string') throw new AppError('SERVER_UNREACHABLE', { address })
  return { kind: 'refused', message: body.message, hint: body.hint ?? '' }
}
