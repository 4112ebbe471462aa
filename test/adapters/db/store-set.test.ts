// Whole lists in one statement: what is stored is what was read, the change log tells each difference once, and an
// earlier read never wins.

import fc from 'fast-check'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { planChanges } from '../../../src/adapters/db/commit-changes.ts'
import type { Change } from '../../../src/domain/changes.ts'
import { insert } from '../../../src/domain/changes.ts'
import type { ObservationDiff } from '../../../src/domain/mirror/diff-observation.ts'
import type { MirroredRecords, MirroredTable, ReviewComment } from '../../../src/domain/mirror/records.ts'
import {
  check,
  comment,
  HEADS,
  listed,
  randomChecks,
  randomReviews,
  randomThreads,
  review,
  sortedById,
  thread,
  written,
} from '../../domain/mirror/samples.ts'
import { openMirror } from './mirror-polls.ts'
import { pullRequest } from './rows.ts'

const ROW: ReviewComment = {
  projectId: 'harbour',
  prNumber: 5,
  id: 'C1',
  threadId: 'T1',
  author: null,
  authorIsBot: false,
  body: 'Why?',
  url: 'https://github.test/c1',
  isMinimized: false,
  createdAt: 1,
  updatedAt: 5,
  editedAt: null,
  observedAt: 10,
}

function set<T extends MirroredTable>(
  table: T,
  upserts: readonly MirroredRecords[T][],
  deletes: readonly string[] = [],
): Change {
  return { kind: 'store_set', table, projectId: 'harbour', prNumber: 5, upserts, deletes } as Change
}

/** The types of the change-log rows that a difference must lead to. */
function expectedTypes({ threads, comments, reviews, checks }: ObservationDiff): readonly string[] {
  const edited = new Set(
    [...comments.edited, ...comments.minimized, ...comments.unminimized].map(({ id }) => id),
  )
  const counts: readonly (readonly [string, number])[] = [
    ['pr_review_thread_added', threads.added.length],
    ['pr_review_thread_resolved', threads.resolved.length],
    ['pr_review_thread_reopened', threads.reopened.length],
    ['pr_review_thread_outdated', threads.outdated.length],
    ['pr_review_thread_current', threads.current.length],
    ['pr_review_thread_moved', threads.moved.length],
    ['pr_review_thread_removed', threads.removed.length],
    ['pr_review_comment_added', comments.added.length],
    ['pr_review_comment_edited', edited.size],
    ['pr_review_comment_removed', comments.removed.length],
    ['pr_review_added', reviews.added.length],
    ['pr_review_edited', reviews.edited.length],
    ['pr_review_removed', reviews.removed.length],
    ['pr_check_recorded', checks.added.length + checks.changed.length],
    ['pr_check_removed', checks.removed.length],
  ]
  return counts.flatMap(([type, count]) => Array.from({ length: count }, () => type)).toSorted()
}

describe('store_set', () => {
  it('stores what any sequence of reads showed, and logs each difference exactly once', async () => {
    const { poll, store, stored, newTypes } = await openMirror()
    const reads = fc.array(
      fc.record({
        threads: randomThreads(),
        reviews: randomReviews(),
        checks: randomChecks(),
        headSha: fc.constantFrom(...HEADS),
      }),
      { minLength: 1, maxLength: 4 },
    )
    let number = 100
    await fc.assert(
      fc.asyncProperty(reads, async (sequence) => {
        number += 1
        await store.commit([insert('pullRequests', pullRequest({ number }))], null)
        await newTypes()
        let model: Awaited<ReturnType<typeof stored>> = { threads: [], comments: [], reviews: [], checks: [] }
        for (const [position, read] of sequence.entries()) {
          const diff = await poll({ ...read, readAt: position }, number)
          model = {
            threads: [...written(model.threads, diff.threads)],
            comments: [...written(model.comments, diff.comments)],
            reviews: [...written(model.reviews, diff.reviews)],
            checks: [...written(model.checks, diff.checks)],
          }
          const rows = await stored(number)
          expect({
            threads: sortedById(rows.threads),
            comments: sortedById(rows.comments),
            reviews: sortedById(rows.reviews),
            checks: sortedById(rows.checks),
          }).toEqual(model)
          expect((await newTypes()).toSorted()).toEqual(expectedTypes(diff))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('takes one statement for rows that come and one for rows that go, however many, and none for none', async () => {
    const { poll } = await openMirror()
    const many = Array.from({ length: 50 }, (_, no) => thread({ id: `T${no}` }))
    const [first, ...rest] = many
    const all = { threads: listed(many), reviews: listed([review()]), checks: listed([check()]) }
    const counted = (changes: readonly Change[]) => planChanges(changes, 0).length
    expect(counted((await poll({ readAt: 1, ...all })).changes)).toBe(3)
    expect(counted((await poll({ readAt: 2, ...all })).changes)).toBe(0)
    const moved = { ...first, ...thread({ id: 'T0', line: 8 }), comments: listed([comment()]) }
    const fewer = { ...all, threads: listed([moved, ...rest.slice(1)]) }
    expect(counted((await poll({ readAt: 3, ...fewer })).changes)).toBe(3)
    expect(counted([set('reviewComments', [], [])])).toBe(0)
  })

  it('leaves a row alone that is the same but for the time it was observed', async () => {
    const { store, stored, newTypes } = await openMirror()
    await store.commit([set('reviewComments', [ROW])], null)
    await newTypes()
    await store.commit([set('reviewComments', [{ ...ROW, observedAt: 11 }])], null)
    expect((await stored()).comments).toEqual([ROW])
    expect(await newTypes()).toEqual([])
  })

  it.each([
    ['an earlier read', { observedAt: 9 }],
    ['an earlier version of the comment', { updatedAt: 4, observedAt: 11 }],
  ])('never overwrites with %s', async (_, older) => {
    const { store, stored, newTypes } = await openMirror()
    await store.commit([set('reviewComments', [ROW])], null)
    await newTypes()
    await store.commit([set('reviewComments', [{ ...ROW, body: 'Old', ...older }])], null)
    expect((await stored()).comments).toEqual([ROW])
    expect(await newTypes()).toEqual([])
  })

  it('updates a row where it lies, so that nobody hears of a removal or an addition', async () => {
    const { store, stored, newTypes, database } = await openMirror()
    await store.commit([set('reviewComments', [ROW, { ...ROW, id: 'C2' }])], null)
    await newTypes()
    const places = () => database.reads.all(sql`SELECT rowid, id FROM review_comments ORDER BY rowid`)
    const before = await places()
    const edited = { ...ROW, body: 'New', author: 'ada', editedAt: 6, isMinimized: true }
    await store.commit([set('reviewComments', [edited])], null)
    expect(await places()).toEqual(before)
    expect(await newTypes()).toEqual(['pr_review_comment_edited'])
    expect((await stored()).comments).toEqual([edited, { ...ROW, id: 'C2' }])
  })

  it('deletes rows of its own pull request only', async () => {
    const { store, newEvents } = await openMirror()
    await store.commit([set('reviewComments', [ROW, { ...ROW, prNumber: 6 }])], null)
    await newEvents()
    await store.commit([set('reviewComments', [], ['C1', 'C7'])], null)
    expect(await store.list('reviewComments', { id: 'C1' })).toMatchObject([{ prNumber: 6 }])
    expect(await newEvents()).toMatchObject([{ type: 'pr_review_comment_removed', prNumber: 5 }])
  })

  it('is refused with its transaction, log and all', async () => {
    const { store, stored, newTypes } = await openMirror()
    const refused = await store.commit(
      [set('reviewComments', [ROW]), insert('pullRequests', pullRequest())],
      null,
    )
    expect(refused).toMatchObject({ kind: 'refused' })
    expect([await newTypes(), (await stored()).comments]).toEqual([[], []])
  })

  it('keeps numbers beyond 32 bits, and text that would end the process of whoever reads it', async () => {
    const { poll, stored, newTypes, store } = await openMirror()
    const odd = { body: 'half \ud83e, nothing \0, whole 🪢', url: '"\\\n\u2028' }
    const read = {
      threads: listed([thread({ comments: listed([comment(odd)]) })]),
      checks: listed([check({ databaseId: Number.MAX_SAFE_INTEGER })]),
    }
    await poll({ readAt: 1, ...read })
    expect(await stored()).toMatchObject({
      comments: [{ body: 'half \ufffd, nothing \ufffd, whole 🪢', url: '"\\\n\u2028' }],
      checks: [{ databaseId: Number.MAX_SAFE_INTEGER }],
    })
    expect(await newTypes()).toHaveLength(3)
    expect((await poll({ readAt: 2, ...read })).changes).toEqual([])
    await store.commit([set('reviewComments', [{ ...ROW, id: 'C2', body: '\ud800' }])], null)
    expect(await store.find('reviewComments', { id: 'C2' })).toMatchObject({ body: '\ufffd' })
  })
})
