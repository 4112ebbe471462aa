// One stored delivery, start to end: Probot and the mapping read it, `route` says what follows, and that is written
// together with "done". Decides nothing itself.

import type { Probot } from 'probot'
import { assertNever } from '../domain/assert-never.ts'
import type { Change } from '../domain/changes.ts'
import { isAppError } from '../domain/errors/app-error.ts'
import type { AppEvent } from '../domain/events.ts'
import { redactSecrets } from '../domain/redact-secrets.ts'
import type { Inbox, InboxEntry } from '../ports/inbox.ts'
import type { Log } from '../ports/surroundings.ts'
import type { Collected, EventCollector } from './register-webhooks.ts'
import { HANDLED_EVENTS } from './to-event.ts'

/** Returns what the events lead to; nothing is written before it resolved. */
export type RouteEvents = (events: readonly AppEvent[]) => Promise<readonly Change[]>

export interface DeliveryParts {
  readonly inbox: Pick<Inbox, 'finish' | 'ignore' | 'fail'>
  readonly probot: Pick<Probot, 'receive'>
  readonly collector: EventCollector
  readonly route: RouteEvents
  readonly now: () => number
  readonly log: Log
}

/** Settles the delivery as done, ignored or failed; rejects only when the inbox itself does. */
export async function handleDelivery(parts: DeliveryParts, entry: InboxEntry): Promise<void> {
  const { deliveryId, event, action } = entry
  try {
    await settle(parts, entry)
  } catch (error) {
    const reason = describeFailure(error)
    const verdict = await parts.inbox.fail(entry.id, reason, parts.now())
    const level = verdict === 'dead' ? 'error' : 'warn'
    parts.log[level]({ deliveryId, event, action, verdict, reason }, 'delivery failed')
  }
}

async function settle(parts: DeliveryParts, entry: InboxEntry): Promise<void> {
  const collected = await readDelivery(parts, entry)
  switch (collected.kind) {
    case 'ignored':
      return parts.inbox.ignore(entry.id, collected.reason)
    case 'events': {
      await parts.inbox.finish(entry.id, await parts.route(collected.events))
      const kinds = collected.events.map(({ kind }) => kind)
      parts.log.info({ deliveryId: entry.deliveryId, events: kinds }, 'delivery handled')
      return
    }
    case 'failed':
      throw collected.error
    default:
      assertNever(collected)
  }
}

async function readDelivery(parts: DeliveryParts, entry: InboxEntry): Promise<Collected> {
  // The event name is not signed: only names we know get as far as Probot's table of hooks.
  if (!HANDLED_EVENTS.includes(entry.event)) return { kind: 'ignored', reason: 'event_not_used' }
  await parts.probot.receive(toProbotEvent(entry))
  const collected = parts.collector.take(entry.deliveryId)
  if (collected === null) throw new Error('Probot did not hand the delivery on')
  return collected
}

type ProbotEvent = Parameters<Probot['receive']>[0]

/** The stored body was signed by GitHub; its fields are checked one by one in the mapping. */
function toProbotEvent(entry: InboxEntry): ProbotEvent {
  return {
    id: entry.deliveryId,
    name: entry.event,
    payload: JSON.parse(entry.body) as unknown,
  } as ProbotEvent
}

/** Returns a line for the row and the log: never the error object, to which Probot attaches the whole payload. */
export function describeFailure(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error
  if (isAppError(first)) return redactSecrets(`${first.code}: ${first.message}`)
  return redactSecrets(first instanceof Error ? `${first.name}: ${first.message}` : 'unknown error')
}
