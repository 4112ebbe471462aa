// Reads what a client asks of the event stream: where to begin and what to leave out. Knows no database.

import { AppError } from '../domain/errors/app-error.ts'
import type { ChangeFilter } from '../ports/change-feed.ts'

export interface EventQuery {
  /** The last sequence number the client has; null asks for news from now on only. */
  readonly after: number | null
  readonly filter: ChangeFilter
}

const PARAMETERS = ['after', 'project', 'pr', 'session']

/** Ids are short; a longer one can not be an id of ours. */
const LONGEST_ID = 200

/** Returns the wish of a query string and a `Last-Event-ID`, of which the query wins; throws `EVENT_QUERY_INVALID`. */
export function readEventQuery(query: string, lastEventId: string | null): EventQuery {
  const given = new URLSearchParams(query)
  for (const name of given.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw invalid(name, `there is no such parameter; there are ${PARAMETERS.join(', ')}`)
    }
    if (given.getAll(name).length > 1) throw invalid(name, 'it is given more than once')
  }
  const pr = given.get('pr')
  const filter = {
    projectId: readId(given, 'project'),
    prNumber: pr === null ? null : readNumber('pr', pr),
    sessionId: readId(given, 'session'),
  }
  if (filter.prNumber === 0) throw invalid('pr', 'it must be the number of a pull request')
  if (filter.prNumber !== null && filter.projectId === null) {
    throw invalid('pr', 'it needs `project`: a number means a pull request of one project')
  }
  return { after: readAfter(given.get('after'), lastEventId), filter }
}

function readAfter(after: string | null, lastEventId: string | null): number | null {
  if (after !== null) return readNumber('after', after)
  return lastEventId === null || lastEventId === '' ? null : readNumber('Last-Event-ID', lastEventId)
}

function readNumber(parameter: string, text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value)) return value
  throw invalid(parameter, 'it must be a whole number, not below 0')
}

function readId(given: URLSearchParams, name: string): string | null {
  const id = given.get(name)
  if (id === '' || (id !== null && id.length > LONGEST_ID)) throw invalid(name, 'it must be an id')
  return id
}

function invalid(parameter: string, reason: string): AppError {
  return new AppError('EVENT_QUERY_INVALID', { parameter: parameter.slice(0, 80), reason })
}
