// The laws of the difference between stored and observed reviews, and of a whole observation.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { diffObservation, type StoredLists } from '../../../src/domain/mirror/diff-observation.ts'
import { diffReviews } from '../../../src/domain/mirror/diff-reviews.ts'
import type { Listed, ObservedReview } from '../../../src/domain/mirror/observation.ts'
import type { Review } from '../../../src/domain/mirror/records.ts'
import { at, COMPLETE, ids, listed, observation, randomReviews, review, written } from './samples.ts'

const NOTHING = { added: [], edited: [], removed: [], upserts: [], deletes: [] }

function storedFrom(observed: Listed<ObservedReview>, readAt = 1): readonly Review[] {
  return written([], diffReviews([], observed, at(readAt)))
}

const stored = randomReviews(COMPLETE).map((observed) => storedFrom(observed))

describe('diffReviews', () => {
  it('finds nothing once its difference was written, in any order and with items that come twice', () => {
    fc.assert(
      fc.property(stored, randomReviews(), (before, observed) => {
        const now = written(before, diffReviews(before, observed, at(2)))
        const again = { ...observed, items: [...observed.items.toReversed(), ...observed.items] }
        expect(diffReviews(now, again, at(3))).toEqual(NOTHING)
      }),
    )
  })

  it('names every real difference and no other, and takes nothing away unless everything was read', () => {
    fc.assert(
      fc.property(stored, randomReviews(), (before, observed) => {
        const diff = diffReviews(before, observed, at(2))
        const now = written(before, diff)
        const was = new Map(before.map((row) => [row.id, row]))
        const isEdited = (row: Review) => {
          const old = was.get(row.id)
          return old !== undefined && (old.state !== row.state || old.body !== row.body)
        }
        expect(ids(diff.added)).toEqual(ids(now.filter(({ id }) => !was.has(id))))
        expect(ids(diff.edited)).toEqual(ids(now.filter(isEdited)))
        expect(ids(diff.removed)).toEqual(ids(before.filter(({ id }) => !now.some((row) => row.id === id))))
        if (observed.completeness === 'complete') expect(ids(now)).toEqual(ids(observed.items))
        else expect(diff.removed).toEqual([])
      }),
    )
  })

  it('never takes a review back to an earlier version, nor one that a later read wrote', () => {
    const before = storedFrom(listed([review({ body: 'New', updatedAt: 8 })]), 9)
    const stale = (readAt: number, updatedAt: number) =>
      diffReviews(before, listed([review({ body: 'Old', updatedAt })]), at(readAt))
    expect(stale(10, 7)).toEqual(NOTHING)
    expect(stale(8, 8)).toEqual(NOTHING)
    expect(diffReviews(before, listed<ObservedReview>([]), at(8))).toEqual(NOTHING)
    expect(stale(9, 8).edited).toHaveLength(1)
  })
})

describe('diffObservation', () => {
  const nothing: StoredLists = { threads: [], comments: [], reviews: [], checks: [] }
  const name = { projectId: 'harbour', prNumber: 5 }

  it('writes each table that changes once, and nothing when nothing changed', () => {
    const first = diffObservation(nothing, observation(), name)
    expect(first.changes.map((change) => (change.kind === 'store_set' ? change.table : null))).toEqual([
      'reviewThreads',
      'reviewComments',
      'reviews',
      'checks',
    ])
    const now: StoredLists = {
      threads: written([], first.threads),
      comments: written([], first.comments),
      reviews: written([], first.reviews),
      checks: written([], first.checks),
    }
    expect(diffObservation(now, observation({ readAt: 3 }), name).changes).toEqual([])
    const unread = listed([], 'failed')
    const failed = { threads: unread, reviews: unread, checks: unread }
    expect(diffObservation(now, observation({ ...failed, readAt: 3 }), name).changes).toEqual([])
    const one = diffObservation(now, observation({ reviews: listed([]), readAt: 3 }), name)
    expect(one.changes).toEqual([
      { kind: 'store_set', table: 'reviews', ...name, upserts: [], deletes: ['R1'] },
    ])
  })
})
