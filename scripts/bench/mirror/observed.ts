// Reads of a pull request with many review threads, in as many versions as wanted: each version differs from the one
// before it in every thread and every comment. Knows no database.

import { toSha } from '../../../src/domain/ids.ts'
import type { Observation, ObservedComment, ObservedThread } from '../../../src/domain/mirror/observation.ts'

export const COMMENTS_EACH = 3
/** The names the pull request has in every database of the suite. */
export const PULL_REQUEST = { projectId: 'harbour', prNumber: 5 } as const

const HEAD = toSha('a'.repeat(40))
const BASE = toSha('b'.repeat(40))
const URL = 'https://github.test/quay/harbour/pull/5'
const FIRST_READ_AT = 1_790_000_000_000
const AUTHORS = ['ada', 'grace', 'linus'] as const
/** About as long as people's remarks are. */
const REMARK = 'This loop leaves before the last row was written, so the table ends one short. '.repeat(3)

/** What one read shows. */
export interface ReadOrder {
  readonly threads: number
  /** Counted from 0. */
  readonly version: number
  /** Later reads have a higher number. */
  readonly read: number
}

/** Returns a complete read, with texts as a parsed answer has them: those that were joined would cost their first reader. */
export function observationOf(order: ReadOrder): Observation {
  return JSON.parse(JSON.stringify(composed(order))) as Observation
}

function composed({ threads, version, read }: ReadOrder): Observation {
  const numbers = Array.from({ length: threads }, (_, number) => number)
  return {
    readAt: FIRST_READ_AT + read * 1_000,
    pullRequest: {
      number: PULL_REQUEST.prNumber,
      nodeId: 'PR_5',
      title: 'Fix the crane',
      url: URL,
      author: { login: 'ada', isBot: false },
      state: 'open',
      isDraft: false,
      headRef: 'crane',
      headSha: HEAD,
      headRepositoryId: 7,
      baseRef: 'main',
      baseSha: BASE,
      updatedAt: FIRST_READ_AT + version,
    },
    mergeability: 'mergeable',
    reviewDecision: null,
    isInMergeQueue: false,
    hasAutoMerge: false,
    isStacked: false,
    threads: { completeness: 'complete', items: numbers.map((number) => threadOf(number, version)) },
    reviews: { completeness: 'complete', items: [] },
    checks: { completeness: 'complete', items: [] },
    conversation: { completeness: 'complete', items: [] },
  }
}

function threadOf(number: number, version: number): ObservedThread {
  const isResolved = version % 2 === 1
  const indexes = Array.from({ length: COMMENTS_EACH }, (_, index) => index)
  return {
    id: `PRRT_kwDOBench${number}`,
    path: `src/cranes/crane-${number % 20}.ts`,
    line: number + 1,
    startLine: null,
    isResolved,
    isOutdated: false,
    resolvedBy: isResolved ? 'grace' : null,
    comments: {
      completeness: 'complete',
      items: indexes.map((index) => commentOf(number * COMMENTS_EACH + index, version)),
    },
  }
}

function commentOf(number: number, version: number): ObservedComment {
  return {
    id: `PRRC_kwDOBench${number}`,
    author: { login: AUTHORS[number % AUTHORS.length] ?? 'ada', isBot: false },
    body: `${REMARK}Version ${version} of remark ${number}.`,
    url: `${URL}#discussion_r${number}`,
    isMinimized: false,
    createdAt: FIRST_READ_AT,
    updatedAt: FIRST_READ_AT + version,
    editedAt: version === 0 ? null : FIRST_READ_AT + version,
  }
}
