// Sample observations of a pull request, fixed and random, and what a table holds after a difference is written to it.
// Knows no database.

import fc from 'fast-check'

import { toSha } from '../../../src/domain/ids.ts'
import type { ReadAt, RowChanges } from '../../../src/domain/mirror/list-diff.ts'
import type {
  Completeness,
  Listed,
  Observation,
  ObservedCheck,
  ObservedComment,
  ObservedReview,
  ObservedThread,
} from '../../../src/domain/mirror/observation.ts'

export const HEADS = [toSha('a'.repeat(40)), toSha('b'.repeat(40))] as const

export function at(readAt: number): ReadAt {
  return { projectId: 'harbour', prNumber: 5, readAt }
}

export function listed<T>(items: readonly T[], completeness: Completeness = 'complete'): Listed<T> {
  return { completeness, items: completeness === 'failed' ? [] : items }
}

export function comment(fields: Partial<ObservedComment> = {}): ObservedComment {
  return {
    id: 'C1',
    author: { login: 'ada', isBot: false },
    body: 'Why?',
    url: 'https://github.test/c1',
    isMinimized: false,
    createdAt: 1,
    updatedAt: 1,
    editedAt: null,
    ...fields,
  }
}

export function thread(fields: Partial<ObservedThread> = {}): ObservedThread {
  return {
    id: 'T1',
    path: 'crane.ts',
    line: 7,
    startLine: null,
    isResolved: false,
    isOutdated: false,
    resolvedBy: null,
    comments: listed([]),
    ...fields,
  }
}

export function review(fields: Partial<ObservedReview> = {}): ObservedReview {
  return {
    id: 'R1',
    author: { login: 'ada', isBot: false },
    state: 'commented',
    body: '',
    url: 'https://github.test/r1',
    commitSha: HEADS[0],
    submittedAt: 1,
    updatedAt: 1,
    editedAt: null,
    ...fields,
  }
}

export function check(fields: Partial<ObservedCheck> = {}): ObservedCheck {
  return {
    id: 'K1',
    source: 'check_run',
    name: 'build',
    appId: 1,
    appSlug: 'builder',
    databaseId: 11,
    status: 'in_progress',
    conclusion: null,
    summary: '',
    url: null,
    startedAt: 1,
    completedAt: null,
    ...fields,
  }
}

const COMPLETENESS = fc.constantFrom<Completeness>('complete', 'complete', 'partial', 'failed')
const NUMBERS = [1, 2, 3, 4] as const

/** Texts that databases and JSON have ever got wrong, among others. */
const TEXT = fc.oneof(
  fc.constantFrom('', 'Why?', 'Fixed.', 'a\0b', '\ud800half', '"quoted" \\ \u2028', '🪢'),
  fc.string({ unit: 'binary', maxLength: 8 }),
)

function listOf<T>(item: (id: number) => fc.Arbitrary<T>, completeness: fc.Arbitrary<Completeness>) {
  const items = fc
    .subarray([...NUMBERS])
    .chain((numbers) => fc.tuple<T[]>(...numbers.map((number) => item(number))))
  return fc.record({ completeness, items }).map((list) => listed(list.items, list.completeness))
}

/** Versions of a thing grow: the time tells which, and all else may be anything. */
const VERSION = fc.integer({ min: 1, max: 3 })

function randomComment(id: string): fc.Arbitrary<ObservedComment> {
  return fc
    .record({ body: TEXT, isMinimized: fc.boolean(), updatedAt: VERSION, author: fc.boolean() })
    .map(({ author, ...fields }) =>
      comment({ id, ...fields, author: author ? { login: 'ada', isBot: false } : null }),
    )
}

function randomThread(completeness: fc.Arbitrary<Completeness>) {
  return (number: number): fc.Arbitrary<ObservedThread> =>
    fc
      .record({
        path: fc.constantFrom('crane.ts', 'ship.ts'),
        line: fc.constantFrom(null, 1, 2),
        isResolved: fc.boolean(),
        isOutdated: fc.boolean(),
        comments: listOf((position) => randomComment(`T${number}-C${position}`), completeness),
      })
      .map((fields) => thread({ id: `T${number}`, ...fields }))
}

/** Lists of up to four threads with up to four comments each, by default read as fully as may be. */
export function randomThreads(completeness = COMPLETENESS): fc.Arbitrary<Listed<ObservedThread>> {
  return listOf(randomThread(completeness), completeness)
}

export function randomReviews(completeness = COMPLETENESS): fc.Arbitrary<Listed<ObservedReview>> {
  return listOf(
    (number) =>
      fc
        .record({
          state: fc.constantFrom('approved' as const, 'dismissed' as const),
          body: TEXT,
          updatedAt: VERSION,
        })
        .map((fields) => review({ id: `R${number}`, ...fields })),
    completeness,
  )
}

export function randomChecks(completeness = COMPLETENESS): fc.Arbitrary<Listed<ObservedCheck>> {
  return listOf(
    (number) =>
      fc
        .record({
          summary: TEXT,
          result: fc.constantFrom(
            { status: 'queued' as const, conclusion: null },
            { status: 'completed' as const, conclusion: 'success' as const },
            { status: 'completed' as const, conclusion: 'failure' as const },
          ),
        })
        .map(({ summary, result }) => check({ id: `K${number}`, summary, ...result })),
    completeness,
  )
}

export const COMPLETE = fc.constant<Completeness>('complete')

/** Returns the rows after a difference was written, in the order of their ids. */
export function written<Row extends { readonly id: string }>(
  stored: readonly Row[],
  { upserts, deletes }: RowChanges<Row>,
): readonly Row[] {
  const rows = new Map([...stored, ...upserts].map((row) => [row.id, row]))
  for (const id of deletes) rows.delete(id)
  return sortedById([...rows.values()])
}

export function sortedById<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))
}

export function ids(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id).toSorted()
}

export function observation(fields: Partial<Observation> = {}): Observation {
  return {
    readAt: 2,
    pullRequest: {
      number: 5,
      nodeId: 'PR_5',
      title: 'Fix the crane',
      url: 'https://github.test/quay/harbour/pull/5',
      author: { login: 'ada', isBot: false },
      state: 'open',
      isDraft: false,
      headRef: 'crane',
      headSha: HEADS[0],
      headRepositoryId: 7,
      baseRef: 'main',
      baseSha: HEADS[1],
      updatedAt: 1,
    },
    mergeability: 'mergeable',
    reviewDecision: null,
    isInMergeQueue: false,
    hasAutoMerge: false,
    isStacked: false,
    threads: listed([thread({ comments: listed([comment()]) })]),
    reviews: listed([review()]),
    checks: listed([check()]),
    conversation: listed([]),
    ...fields,
  }
}
