// The Probot application: one handler that maps whatever arrives and leaves it with the collector. Does no work itself:
// Probot makes a client per handler and event, and would put a handler's error text into its answers.

import type { ApplicationFunction } from 'probot'
import type { Mapped } from './payload/mapped.ts'
import { toEvents } from './to-event.ts'

export type Collected =
  | Mapped
  /** The mapping threw; the worker decides what that means. */
  | { readonly kind: 'failed'; readonly error: unknown }

/** Carries the result of a mapping from Probot's handler back to whoever fed the delivery in. */
export interface EventCollector {
  put(deliveryId: string, collected: Collected): void
  /** Returns the result and forgets it; null when the handler never ran. */
  take(deliveryId: string): Collected | null
}

/** Returns an empty collector. */
export function createEventCollector(): EventCollector {
  const collected = new Map<string, Collected>()
  return {
    put: (deliveryId, result) => void collected.set(deliveryId, result),
    take(deliveryId) {
      const result = collected.get(deliveryId) ?? null
      collected.delete(deliveryId)
      return result
    },
  }
}

/** Returns the function that Probot loads. */
export function registerWebhooks(collector: EventCollector): ApplicationFunction {
  return (app) => {
    app.onAny((event) => {
      collector.put(event.id, collect(event.name, { ...event.payload }))
    })
  }
}

function collect(name: string, payload: Readonly<Record<string, unknown>>): Collected {
  try {
    return toEvents(name, payload)
  } catch (error) {
    return { kind: 'failed', error }
  }
}
