// The laws of the difference between stored and observed threads, and the cases people know by name.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { diffThreads, type StoredThreads, type ThreadsDiff } from '../../../src/domain/mirror/diff-threads.ts'
import type { Listed, ObservedThread } from '../../../src/domain/mirror/observation.ts'
import type { ReviewComment, ReviewThread } from '../../../src/domain/mirror/records.ts'
import { storableText } from '../../../src/domain/mirror/storable-text.ts'
import { at, comment, COMPLETE, ids, listed, randomThreads, sortedById, thread, written } from './samples.ts'

const NOTHING_STORED: StoredThreads = { threads: [], comments: [] }

function after(stored: StoredThreads, diff: ThreadsDiff): StoredThreads {
  return {
    threads: written(stored.threads, diff.threads),
    comments: written(stored.comments, diff.comments),
  }
}

function storedFrom(observed: Listed<ObservedThread>, readAt = 1): StoredThreads {
  return after(NOTHING_STORED, diffThreads(NOTHING_STORED, observed, at(readAt)))
}

/** What is in each list, by id. */
function named({ threads, comments }: ThreadsDiff) {
  const names = (lists: object) =>
    Object.fromEntries(
      Object.entries(lists).map(([name, rows]: [string, readonly (string | { readonly id: string })[]]) => [
        name,
        rows.map((row) => (typeof row === 'string' ? row : row.id)).toSorted(),
      ]),
    )
  return { threads: names(threads), comments: names(comments) }
}

const NOTHING = named(diffThreads(NOTHING_STORED, listed<ObservedThread>([]), at(1)))

/** What becomes of rows, told without the code under test. */
function realDifferences(before: StoredThreads, now: StoredThreads) {
  const pairs = <Row extends { readonly id: string }>(was: readonly Row[], is: readonly Row[]) =>
    is.flatMap((row) => was.flatMap((old) => (old.id === row.id ? [{ was: old, is: row }] : [])))
  const missing = <Row extends { readonly id: string }>(from: readonly Row[], rows: readonly Row[]) =>
    ids(rows.filter(({ id }) => !from.some((row) => row.id === id)))
  const threads = (holds: (was: ReviewThread, is: ReviewThread) => boolean) =>
    ids(pairs(before.threads, now.threads).flatMap(({ was, is }) => (holds(was, is) ? [is] : [])))
  const comments = (holds: (was: ReviewComment, is: ReviewComment) => boolean) =>
    ids(pairs(before.comments, now.comments).flatMap(({ was, is }) => (holds(was, is) ? [is] : [])))
  return {
    threads: {
      added: missing(before.threads, now.threads),
      removed: missing(now.threads, before.threads),
      resolved: threads((was, is) => !was.isResolved && is.isResolved),
      reopened: threads((was, is) => was.isResolved && !is.isResolved),
      outdated: threads((was, is) => !was.isOutdated && is.isOutdated),
      current: threads((was, is) => was.isOutdated && !is.isOutdated),
      moved: threads((was, is) => `${was.path}:${was.line}` !== `${is.path}:${is.line}`),
    },
    comments: {
      added: missing(before.comments, now.comments),
      removed: missing(now.comments, before.comments),
      edited: comments((was, is) => was.body !== is.body),
      minimized: comments((was, is) => !was.isMinimized && is.isMinimized),
      unminimized: comments((was, is) => was.isMinimized && !is.isMinimized),
    },
  }
}

describe('diffThreads, in general', () => {
  const stored = randomThreads(COMPLETE).map((observed) => storedFrom(observed))

  it('finds nothing once its difference was written', () => {
    fc.assert(
      fc.property(stored, randomThreads(), (before, observed) => {
        const now = after(before, diffThreads(before, observed, at(2)))
        expect(named(diffThreads(now, observed, at(3)))).toEqual(NOTHING)
      }),
    )
  })

  it('does not depend on the order of the items, nor on items that come twice', () => {
    fc.assert(
      fc.property(stored, randomThreads(), (before, observed) => {
        const items = observed.items.map((item) => ({
          ...item,
          comments: { ...item.comments, items: item.comments.items.toReversed() },
        }))
        const shuffled = { ...observed, items: [...items.toReversed(), ...items] }
        expect(named(diffThreads(before, shuffled, at(2)))).toEqual(
          named(diffThreads(before, observed, at(2))),
        )
      }),
    )
  })

  it('takes nothing away unless it was read to the end, and no comment of a thread that was not', () => {
    fc.assert(
      fc.property(stored, randomThreads(), (before, observed) => {
        const { threads, comments } = diffThreads(before, observed, at(2))
        if (observed.completeness !== 'complete') expect(threads.removed).toEqual([])
        const seen = new Map(observed.items.map((item) => [item.id, item.comments.completeness]))
        for (const { threadId } of comments.removed) {
          expect(seen.get(threadId) ?? observed.completeness).toBe('complete')
        }
        if (observed.completeness === 'failed') expect(named({ threads, comments })).toEqual(NOTHING)
      }),
    )
  })

  it('leaves what was observed, when everything was read', () => {
    fc.assert(
      fc.property(stored, randomThreads(COMPLETE), (before, observed) => {
        const now = after(before, diffThreads(before, observed, at(2)))
        expect(now.threads).toMatchObject(
          sortedById(observed.items).map(({ id, path, line, isResolved, isOutdated }) => {
            return { id, path, line, isResolved, isOutdated }
          }),
        )
        const versions = new Map(before.comments.map((row) => [row.id, row.updatedAt]))
        const comments = sortedById(observed.items.flatMap((item) => item.comments.items))
        expect(ids(now.comments)).toEqual(ids(comments))
        for (const [position, { id, body, updatedAt, isMinimized }] of comments.entries()) {
          if (updatedAt < (versions.get(id) ?? 0)) continue
          expect(now.comments[position]).toMatchObject({ id, body: storableText(body), isMinimized })
        }
      }),
    )
  })

  it('names every real difference, and no other', () => {
    fc.assert(
      fc.property(stored, randomThreads(), (before, observed) => {
        const diff = diffThreads(before, observed, at(2))
        expect(named(diff)).toMatchObject(realDifferences(before, after(before, diff)))
      }),
    )
  })

  it('changes and removes nothing that a later read wrote', () => {
    fc.assert(
      fc.property(randomThreads(COMPLETE), randomThreads(), (later, observed) => {
        const before = storedFrom(later, 9)
        const { threads, comments } = diffThreads(before, observed, at(8))
        expect([...threads.deletes, ...comments.deletes]).toEqual([])
        expect(threads.upserts).toEqual(threads.added)
        expect(comments.upserts).toEqual(comments.added)
      }),
    )
  })

  it('puts no thread and no comment into two lists that exclude each other', () => {
    fc.assert(
      fc.property(stored, randomThreads(), (before, observed) => {
        const { threads, comments } = diffThreads(before, observed, at(2))
        const changed = new Set(
          [threads.resolved, threads.reopened, threads.outdated, threads.current, threads.moved].flatMap(ids),
        )
        for (const id of ids([...threads.added, ...threads.removed])) expect(changed).not.toContain(id)
        for (const [one, other] of [
          [threads.added, threads.removed],
          [threads.resolved, threads.reopened],
          [threads.outdated, threads.current],
          [comments.minimized, comments.unminimized],
          [comments.added, [...comments.edited, ...comments.removed]],
        ] as const) {
          expect(ids(one).filter((id) => ids(other).includes(id))).toEqual([])
        }
      }),
    )
  })
})

describe('diffThreads', () => {
  const open = storedFrom(listed([thread({ comments: listed([comment()]) })]))

  it('calls a thread that is resolved when it is first seen added, once', () => {
    const diff = diffThreads(NOTHING_STORED, listed([thread({ isResolved: true })]), at(1))
    expect(named(diff).threads).toEqual({ ...NOTHING.threads, added: ['T1'], upserts: ['T1'] })
  })

  it('tells that a thread was resolved and is outdated at once', () => {
    const now = thread({ isResolved: true, isOutdated: true, comments: listed([comment()]) })
    expect(named(diffThreads(open, listed([now]), at(2)))).toEqual({
      threads: { ...NOTHING.threads, resolved: ['T1'], outdated: ['T1'], upserts: ['T1'] },
      comments: NOTHING.comments,
    })
  })

  it('removes the comments of a thread with it', () => {
    const diff = diffThreads(open, listed<ObservedThread>([]), at(2))
    expect([diff.threads.deletes, diff.comments.deletes]).toEqual([['T1'], ['C1']])
  })

  it('never takes a comment back to an earlier text, however late that was read', () => {
    const edited = listed([thread({ comments: listed([comment({ body: 'New', updatedAt: 8 })]) })])
    const now = after(open, diffThreads(open, edited, at(9)))
    const stale = listed([thread({ comments: listed([comment({ body: 'Why?', updatedAt: 7 })]) })])
    expect(named(diffThreads(now, stale, at(10)))).toEqual(NOTHING)
  })

  it('writes a comment whose author is gone, without a change that anybody is told of', () => {
    const ghost = listed([thread({ comments: listed([comment({ author: null })]) })])
    expect(named(diffThreads(open, ghost, at(2))).comments).toEqual({
      ...NOTHING.comments,
      upserts: ['C1'],
    })
  })
})
