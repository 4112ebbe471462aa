// Has the running process replay or drop a delivery, for the command line. Knows the REST addresses only.

import { AppError } from '../domain/errors/app-error.ts'
import { callApi, type ApiAccess, type ApiReply } from './call-api.ts'

type Refused = Extract<ApiReply, { readonly kind: 'refused' }>

/** What came of a replay. */
export type ReplayReply = { readonly kind: 'replayed' | 'already_pending' | 'not_found' } | Refused
/** What came of dropping a delivery. */
export type DropReply = { readonly kind: 'dropped' | 'already_finished' | 'not_found' } | Refused

/** Posts a replay; throws `SERVER_UNREACHABLE` when nobody, or something else, answers there. */
export async function postReplay(access: ApiAccess, deliveryId: string): Promise<ReplayReply> {
  return post(access, { deliveryId, repair: 'replay', outcomes: ['replayed', 'already_pending'] })
}

/** Posts a drop; throws `SERVER_UNREACHABLE` when nobody, or something else, answers there. */
export async function postDrop(access: ApiAccess, deliveryId: string): Promise<DropReply> {
  return post(access, { deliveryId, repair: 'drop', outcomes: ['dropped'] })
}

interface Order<T> {
  readonly deliveryId: string
  readonly repair: 'replay' | 'drop'
  readonly outcomes: readonly T[]
}

async function post<T extends string>(
  access: ApiAccess,
  { deliveryId, repair, outcomes }: Order<T>,
): Promise<{ readonly kind: T } | Refused> {
  const reply = await callApi(access, `/api/v1/inbox/${encodeURIComponent(deliveryId)}/${repair}`, {})
  if (reply.kind === 'refused') return reply
  const kind = outcomes.find((outcome) => outcome === reply.body['outcome'])
  // A success that is none of ours comes from something else at that address.
  if (kind === undefined) throw new AppError('SERVER_UNREACHABLE', { address: access.address })
  return { kind }
}
