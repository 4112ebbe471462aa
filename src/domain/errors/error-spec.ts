// What the catalogue holds of every error. The form only; the rows are in the parts of the catalogue.

export interface ErrorSpec<Details> {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503
  /** A few words, no full stop. */
  readonly title: string
  /** What happened and why, in full sentences. */
  readonly message: (details: Details) => string
  /** The one next action for this reader. */
  readonly hint: (details: Details) => string
  /** Whether it may be shown in a pull request. */
  readonly audience: 'user' | 'operator'
  readonly retry: 'never' | 'later' | 'after_fix'
}

export type NoDetails = Readonly<Record<never, never>>

/** Returns the row with the type of its details fixed. */
export function define<Details>(spec: ErrorSpec<Details>): ErrorSpec<Details> {
  return spec
}
