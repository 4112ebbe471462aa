// What may be said in a pull request about an error that was meant for somebody else. Decides by the catalogue alone.

import { AppError } from './app-error.ts'
import { ERRORS, type ErrorCode } from './catalogue.ts'

export interface PublicReason {
  readonly code: ErrorCode
  readonly reason: string
}

/**
 * Returns the error's own words when the catalogue lets users read them.
 *
 * Every other text can name paths, hosts and programs of the operator's, so it gives way to the fixed words of an
 * internal error with the code, by which the operator finds the rest in the log.
 */
export function toPublicReason(error: unknown): PublicReason {
  const known: AppError = error instanceof AppError ? error : new AppError('INTERNAL_ERROR', {})
  if (ERRORS[known.code].audience === 'user') return { code: known.code, reason: known.message }
  return { code: known.code, reason: `${ERRORS.INTERNAL_ERROR.message({})} (${known.code})` }
}
