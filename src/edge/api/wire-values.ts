// Values as they look on the wire, whatever they belong to: times, commits, ids, refusals of a form. Knows no record.

import { z } from 'zod'

/** A time as the wire has it. */
export const time = z.iso.datetime().describe('UTC, with milliseconds.')

export const sha = z.string().regex(/^[0-9a-f]{40}$/)

/** Why a pipeline or a phase is not running. */
export const failure = z.object({ code: z.string(), detail: z.string() }).nullable()

export const runStatus = z.enum(['pending', 'running', 'awaiting_human', 'complete', 'failed', 'cancelled'])

/** An id in an address: whether anything has it is said by 404. */
export const id = z.string().min(1)

/** Returns a time for the wire; null stays null. */
export function toTime<T extends number | null>(at: T): T extends number ? string : string | null
export function toTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Quotes what was sent: an address can be long, what is quoted from it is not. */
export function quoted(text: string): string {
  return text.slice(0, 80)
}
