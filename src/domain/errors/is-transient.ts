// Which errors are the world's fault and not the fault of what was tried: it may work as it is when they have passed.

import { isAppError } from './app-error.ts'
import type { ErrorCode } from './catalogue.ts'

/** Every one is `retry: 'later'` in the catalogue; others of that kind can be caused by the work itself. */
export const TRANSIENT_CODES = [
  'DATABASE_UNAVAILABLE',
  'GITHUB_RATE_LIMITED',
  'GITHUB_UNAVAILABLE',
] as const satisfies readonly ErrorCode[]

/** Tells whether GitHub or the database was away, which says nothing about the work that met it. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT_CODES.some((code) => isAppError(error, code))
}
