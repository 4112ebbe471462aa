// What becomes of a payload: events for the workflows, or a reason why there are none.

import type * as z from 'zod'
import { AppError } from '../../domain/errors/app-error.ts'
import type { AppEvent } from '../../domain/events.ts'

/** Why a delivery means nothing to us; stored with it, so an operator can see it. */
export type IgnoredReason =
  'event_not_used' | 'action_not_used' | 'no_installation' | 'no_text' | 'not_a_branch' | 'no_option'

export type Mapped =
  | { readonly kind: 'events'; readonly events: readonly AppEvent[] }
  | { readonly kind: 'ignored'; readonly reason: IgnoredReason }

/** A delivery after JSON parsing and before anybody looked at its fields. */
export interface RawEvent {
  readonly name: string
  readonly action: string | null
  readonly payload: Readonly<Record<string, unknown>>
}

export function ignored(reason: IgnoredReason): Mapped {
  return { kind: 'ignored', reason }
}

export function events(...list: readonly AppEvent[]): Mapped {
  return { kind: 'events', events: list }
}

/**
 * Reads the fields that are used.
 *
 * Throws `PAYLOAD_UNREADABLE`: GitHub signed something we do not understand, and somebody should see it.
 */
export function readFields<T>(schema: z.ZodType<T>, raw: RawEvent): T {
  const result = schema.safeParse(raw.payload)
  if (result.success) return result.data
  const fields = [...new Set(result.error.issues.map((issue) => issue.path.join('.') || '(whole payload)'))]
  throw new AppError('PAYLOAD_UNREADABLE', { event: raw.name, fields })
}
