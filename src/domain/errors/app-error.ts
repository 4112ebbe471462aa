// The one error class. Its code decides status, texts and details; foreign errors stay inside as `cause`.

import { ERRORS, type DetailsOf, type ErrorCode, type ErrorSpec } from './catalogue.ts'

/** A request that can not be served or a world that is broken; expected outcomes are values instead. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C
  readonly details: DetailsOf<C>

  constructor(code: C, details: DetailsOf<C>, options?: { readonly cause?: unknown }) {
    super(specOf(code).message(details), options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }

  get status(): number {
    return specOf(this.code).status
  }

  get hint(): string {
    return specOf(this.code).hint(this.details)
  }
}

/** Returns the catalogue's row with its texts typed for the code's details. */
function specOf<C extends ErrorCode>(code: C): ErrorSpec<DetailsOf<C>> {
  return ERRORS[code] as unknown as ErrorSpec<DetailsOf<C>>
}

/** Tells whether a thrown value is ours, optionally with this code. */
export function isAppError<C extends ErrorCode>(error: unknown, code?: C): error is AppError<C> {
  return error instanceof AppError && (code === undefined || error.code === code)
}

/** The wire form of every failure, the same on each route. */
export interface ErrorEnvelope {
  readonly error: string
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly requestId: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Returns the wire form; an unknown error becomes `INTERNAL_ERROR` with a fixed text and no detail. */
export function toEnvelope(
  error: unknown,
  requestId: string,
): { readonly status: number; readonly body: ErrorEnvelope } {
  const known = error instanceof AppError ? error : new AppError('INTERNAL_ERROR', {})
  const spec = specOf(known.code)
  return {
    status: spec.status,
    body: {
      error: spec.title,
      code: known.code,
      message: known.message,
      hint: known.hint,
      requestId,
      details: known.details,
    },
  }
}
