// Looks at many pull requests of one installation lightly, many in one query. One that is gone or broken never hurts
// the others: its error is its own outcome, and a query that fails whole is asked again in halves.

import { assertNever } from '../../domain/assert-never.ts'
import type { GlanceOutcome, PullRequestName } from '../../ports/github.ts'
import type { GraphqlFault } from './call-failure.ts'
import type { Fingerprint } from './fingerprint.ts'
import { aliasOf, GLANCE_OLDER_THREADS, glanceText } from './glance-texts.ts'
import type { RawGlance, RawLook, RawOlderThreads } from './glance-texts.ts'
import type { ReadGraphql } from './graphql-reads.ts'
import { toReadFailure } from './read-failure.ts'

/** What a glance needs. */
export interface GlanceTools {
  readonly read: ReadGraphql
  readonly fingerprint: Fingerprint
}

/** Four requests each: a hundred in all, which is one point. */
const PER_QUERY = 25
/** Enough to find one broken pull request of 25; when none of so many is answered it is an outage, and left alone. */
const MOST_EXTRA_QUERIES = 12
/** Threads beyond a page, in pages of a hundred. */
const MOST_OLDER_PAGES = 20

interface Glancing extends GlanceTools {
  extraQueries: number
}

/** Looks at pull requests of one installation; the outcomes have the order of the names. */
export async function glance(
  tools: GlanceTools,
  names: readonly PullRequestName[],
): Promise<readonly GlanceOutcome[]> {
  const glancing: Glancing = { ...tools, extraQueries: MOST_EXTRA_QUERIES }
  const outcomes: GlanceOutcome[] = []
  for (let from = 0; from < names.length; from += PER_QUERY) {
    outcomes.push(...(await glanceSome(glancing, names.slice(from, from + PER_QUERY))))
  }
  return outcomes
}

async function glanceSome(
  glancing: Glancing,
  names: readonly PullRequestName[],
): Promise<readonly GlanceOutcome[]> {
  const [first] = names
  if (first === undefined) return []
  const result = await glancing.read<RawGlance>({
    installationId: first.repository.installationId,
    priority: 'sweep',
    text: glanceText(names.length),
    variables: variablesOf(names),
  })
  switch (result.kind) {
    case 'answered':
      // No outage then: the broken ones of this sweep must not keep those behind them from ever being looked at.
      glancing.extraQueries = MOST_EXTRA_QUERIES
      return Promise.all(
        names.map((name, index) => toGlance(glancing, name, pick(result.data, result.faults, index))),
      )
    case 'failed':
      return names.map(() => result.failure)
    case 'unavailable':
      if (names.length === 1 || glancing.extraQueries < 2) return names.map(() => result.failure)
      return glanceHalves(glancing, names)
    default:
      return assertNever(result)
  }
}

async function glanceHalves(
  glancing: Glancing,
  names: readonly PullRequestName[],
): Promise<readonly GlanceOutcome[]> {
  glancing.extraQueries -= 2
  const half = Math.ceil(names.length / 2)
  const before = await glanceSome(glancing, names.slice(0, half))
  return [...before, ...(await glanceSome(glancing, names.slice(half)))]
}

function variablesOf(names: readonly PullRequestName[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    names.flatMap(({ repository, number }, n): [string, unknown][] => [
      [`owner${n}`, repository.owner],
      [`name${n}`, repository.name],
      [`number${n}`, number],
    ]),
  )
}

interface Picked {
  readonly look: RawLook | null
  /** Its own errors, or those of the whole answer. */
  readonly faults: readonly GraphqlFault[]
}

function pick(data: RawGlance, faults: readonly GraphqlFault[], index: number): Picked {
  const alias = aliasOf(index)
  return {
    look: data[alias]?.pullRequest ?? null,
    faults: faults.filter(({ path }) => path.length === 0 || path[0] === alias),
  }
}

async function toGlance(
  glancing: Glancing,
  { repository }: PullRequestName,
  { look, faults }: Picked,
): Promise<GlanceOutcome> {
  if (look === null) {
    const isGone = faults.some(({ type, path }) => type === 'NOT_FOUND' && path.length === 2)
    return isGone ? { kind: 'gone' } : toReadFailure(faults[0])
  }
  const older = await readOlderThreads(glancing, repository.installationId, look)
  if (!Array.isArray(older)) return older
  return { kind: 'seen', fingerprint: glancing.fingerprint(look, older) }
}

/** Returns the states of the threads before the last hundred. */
async function readOlderThreads(
  { read }: Glancing,
  installationId: number,
  look: RawLook,
): Promise<unknown[] | Exclude<GlanceOutcome, { kind: 'seen' }>> {
  const older: unknown[] = []
  let { pageInfo } = look.reviewThreads
  for (let page = 0; pageInfo.hasPreviousPage && page < MOST_OLDER_PAGES; page += 1) {
    const variables = { id: look.id, before: pageInfo.startCursor }
    const order = { installationId, priority: 'sweep' as const, text: GLANCE_OLDER_THREADS, variables }
    const result = await read<RawOlderThreads>(order)
    if (result.kind !== 'answered') return result.failure
    const threads = result.data.node?.reviewThreads
    if (threads === undefined) return toReadFailure(result.faults[0])
    older.push(...(threads.nodes ?? []))
    pageInfo = threads.pageInfo
  }
  return older
}
