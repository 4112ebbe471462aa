// What goes wrong with reads in a story. Knows which parts of an answer GitHub can lose: only what its schema lets be
// null.

import { assertNever } from '../../../src/domain/assert-never.ts'
import type { Random } from '../fake-github/planted.ts'
import type { MirrorBench } from './bench.ts'
import type { FaultName, Step } from './story.ts'

const ROUTE = 'POST /graphql'

/** Parts that may be null; with the pull request itself everything is gone. */
const LOSABLE: readonly RegExp[] = [
  /^repository$/,
  /^repository\.pullRequest$/,
  /^p\d+$/,
  /pullRequest\.statusCheckRollup$/,
  /pullRequest\.reviews$/,
  /reviewThreads\.comments\.author$/,
]

const ANYWHERE = /(?:)/
/** Lists of which a part can be lost. */
const LISTS: readonly RegExp[] = [
  ANYWHERE,
  /reviewThreads$/,
  /reviewThreads\.comments$/,
  /reviews$/,
  /contexts$/,
]

/** Lets something go wrong from now on. */
export function plantFault(
  { github, installationId }: MirrorBench,
  { fault, times, way }: Extract<Step, { readonly do: 'fault' }>,
  random: Random,
): void {
  const { faults } = github
  const victims = 1 + (way % 2)
  switch (fault) {
    case 'lost_object':
      return faults.damage({
        route: ROUTE,
        how: 'null_object',
        at: LOSABLE[way % LOSABLE.length] ?? /^repository$/,
        times,
      })
    case 'lost_node':
    case 'lost_page':
    case 'short_page':
      return faults.damage({
        route: ROUTE,
        how: DAMAGE[fault],
        at: LISTS[way % LISTS.length] ?? ANYWHERE,
        times,
        victims,
        random,
      })
    case 'server_error':
      return faults.failServer({ route: ROUTE, status: 502, times })
    case 'large_pages':
      return faults.failLargePages({ route: ROUTE, above: 60, times })
    case 'cut':
      return faults.cutConnection({
        route: ROUTE,
        when: way % 2 === 0 ? 'before_response' : 'in_body',
        times,
      })
    case 'secondary_limit':
      return faults.secondaryLimit({
        lastsSeconds: 5 * times,
        status: way % 2 === 0 ? 403 : 429,
        retryAfter: way % 3 === 0 ? 'unsaid' : 'said',
      })
    case 'primary_limit':
      return github.rateLimits.exhaust(installationId, 'graphql', way % 3)
    case 'lagging_read':
      return faults.lagReads({ route: ROUTE, times })
    case 'stale_payload':
      return faults.stalePayload({ times, back: 1 + (way % 3) })
    default:
      return assertNever(fault)
  }
}

const DAMAGE = {
  lost_node: 'null_node',
  lost_page: 'null_nodes',
  short_page: 'fewer_nodes',
} as const satisfies Partial<Record<FaultName, string>>
