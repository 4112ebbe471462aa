// Asks the running process through its REST interface, for the command line. Knows the wire form of refusals, no route.

import { AppError, type ErrorEnvelope } from '../domain/errors/app-error.ts'

/** Where the running process is, and as whom it is asked. */
export interface ApiAccess {
  /** `http://127.0.0.1:3000`. */
  readonly address: string
  readonly token: string
}

export type ApiReply =
  | { readonly kind: 'done'; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  /** The process said no; its own words. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string }

const TIMEOUT_MS = 15_000

/** Posts a JSON body to a path; throws `SERVER_UNREACHABLE` when nobody, or something else, answers there. */
export async function callApi(access: ApiAccess, path: string, sent: object): Promise<ApiReply> {
  const { address, token } = access
  let status: number
  let body: Readonly<Record<string, unknown>> & Partial<Pick<ErrorEnvelope, 'message' | 'hint'>>
  try {
    const response = await fetch(new URL(path, address), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-belay-client': 'cli',
      },
      body: JSON.stringify(sent),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    status = response.status
    body = Object(await response.json()) as typeof body
  } catch (error) {
    throw new AppError('SERVER_UNREACHABLE', { address }, { cause: error })
  }
  if (status === 200 || status === 202) return { kind: 'done', status, body }
  if (typeof body.message !== 'string') throw new AppError('SERVER_UNREACHABLE', { address })
  return { kind: 'refused', message: body.message, hint: body.hint ?? '' }
}
