// The REST face of the inbox: replay a delivery, drop one. What a repair means is the inbox's.

import { z } from 'zod'
import { assertNever } from '../../domain/assert-never.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import type { Inbox } from '../../ports/inbox.ts'
import { defineRoute } from './define-route.ts'
import { id, quoted } from './wire-values.ts'

export interface InboxRouteParts {
  readonly inbox: Pick<Inbox, 'replay' | 'drop'>
  /** Called after a delivery became pending again. */
  readonly onReplayed: () => void
}

const TAG = 'inbox'
const params = z.object({ delivery: id.describe('The delivery id, as GitHub shows it.') })

const replayDelivery = defineRoute({
  method: 'POST',
  pattern: '/inbox/{delivery}/replay',
  name: 'replayDelivery',
  summary: 'Handle a webhook delivery again from the start',
  tag: TAG,
  params,
  replies: {
    200: {
      description: 'It is pending.',
      schema: z.object({ delivery: z.string(), outcome: z.enum(['replayed', 'already_pending']) }),
    },
  },
  errors: ['DELIVERY_NOT_FOUND'],
  handle: async ({ params: { delivery }, caller }, { inbox, onReplayed }: InboxRouteParts) => {
    const outcome = await inbox.replay(delivery, caller)
    if (outcome === 'not_found') return new AppError('DELIVERY_NOT_FOUND', { delivery: quoted(delivery) })
    if (outcome === 'replayed') onReplayed()
    return { status: 200, body: { delivery, outcome } }
  },
})

const dropDelivery = defineRoute({
  method: 'POST',
  pattern: '/inbox/{delivery}/drop',
  name: 'dropDelivery',
  summary: 'Take a webhook delivery out for good; it stays visible',
  tag: TAG,
  params,
  replies: {
    200: {
      description: 'It is out.',
      schema: z.object({ delivery: z.string(), outcome: z.literal('dropped') }),
    },
  },
  errors: ['DELIVERY_NOT_FOUND', 'DELIVERY_ALREADY_FINISHED'],
  handle: async ({ params: { delivery }, caller }, { inbox }: Pick<InboxRouteParts, 'inbox'>) => {
    const outcome = await inbox.drop(delivery, caller)
    switch (outcome) {
      case 'dropped':
        return { status: 200, body: { delivery, outcome } }
      case 'already_finished':
        return new AppError('DELIVERY_ALREADY_FINISHED', { delivery: quoted(delivery) })
      case 'not_found':
        return new AppError('DELIVERY_NOT_FOUND', { delivery: quoted(delivery) })
      default:
        return assertNever(outcome)
    }
  },
})

export const INBOX_ROUTES = [replayDelivery, dropDelivery]
