// Every error by its permanent code. Texts say what happened and what to do next; no logic, no secrets.
// docs/errors.md is generated from this table.

import { MACHINE_ERRORS } from './catalogue-machine.ts'
import { PIPELINE_ERRORS } from './catalogue-pipelines.ts'
import { RECORD_ERRORS } from './catalogue-records.ts'
import { REQUEST_ERRORS } from './catalogue-requests.ts'
import { WEBHOOK_ERRORS } from './catalogue-webhooks.ts'
import type { NoDetails } from './error-spec.ts'

export type { ErrorSpec } from './error-spec.ts'

/** The catalogue, sorted by code. */
export const ERRORS = sortedByCode({
  ...MACHINE_ERRORS,
  ...PIPELINE_ERRORS,
  ...RECORD_ERRORS,
  ...REQUEST_ERRORS,
  ...WEBHOOK_ERRORS,
})

export type ErrorCode = keyof typeof ERRORS
export type DetailsOf<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['message']>[0] extends infer D
  ? unknown extends D
    ? NoDetails
    : D
  : never

function sortedByCode<T extends object>(rows: T): T {
  const sorted = Object.entries(rows).toSorted(([one], [other]) => one.localeCompare(other, 'en'))
  return Object.fromEntries(sorted) as T
}
