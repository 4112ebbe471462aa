// How GitHub refuses a call that is over a limit, and how it fails by itself. Knows nothing of when.
import type { SecondaryRefusal, ServerFault } from '../call-faults.ts'
import type { Answer } from './answer.ts'
import type { RateOwner } from './rate-limits.ts'

const limitsPage = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api'

/** Returns the refusal of a REST call when no points are left. */
export function toPrimaryRefusal(owner: RateOwner, status: 403 | 429): Answer {
  return {
    status,
    json: { message: toLimitMessage(owner), documentation_url: limitsPage, status: String(status) },
  }
}

/** Returns the refusal by the abuse limit, the same for REST and GraphQL. */
export function toSecondaryRefusal({ status, retryAfterSeconds }: SecondaryRefusal): Answer {
  const message =
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. ' +
    'If you reach out to GitHub Support for help, please include the request ID FAKE.'
  const json = { documentation_url: `${limitsPage}#about-secondary-rate-limits`, message }
  return {
    status,
    json,
    ...(retryAfterSeconds !== undefined && { headers: { 'retry-after': String(retryAfterSeconds) } }),
  }
}

/** Returns the answer of a GitHub that fails; a slow GraphQL query fails in the shape of a GraphQL answer. */
export function toServerFailure(status: ServerFault['status'], kind: 'rest' | 'graphql'): Answer {
  if (status === 503) {
    const raw = Buffer.from('<!DOCTYPE html>\n<title>Unicorn! &middot; GitHub</title>\n')
    return { status, raw, headers: { 'content-type': 'text/html; charset=utf-8' } }
  }
  if (kind === 'graphql' && status !== 500)
    return { status, json: { data: null, errors: [{ message: failedQueryMessage }] } }
  return { status, json: { message: status === 504 ? lateMessage : 'Server Error' } }
}

/** What GitHub says of a query that it did not get through. */
export const failedQueryMessage =
  'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. ' +
  'Please include `FAKE` when reporting this issue.'

const lateMessage =
  "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request and contact us if the problem persists."

function toLimitMessage(owner: RateOwner): string {
  if (typeof owner !== 'number') return 'API rate limit exceeded.'
  return `API rate limit exceeded for installation ID ${owner}. If you reach out to GitHub Support for help, please include the request ID FAKE.`
}
