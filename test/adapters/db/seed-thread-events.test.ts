// The events of review threads over real polls, by count: the cases the design began with, each with the outcome a
// person would want.

import { describe, expect, it } from 'vitest'

import type { ObservedComment, ObservedThread } from '../../../src/domain/mirror/observation.ts'
import { comment, listed, thread } from '../../domain/mirror/samples.ts'
import { session } from './rows.ts'
import { openMirror } from './mirror-polls.ts'

const threads = (...items: readonly ObservedThread[]) => listed(items)
const partly = (...items: readonly ObservedThread[]) => listed(items, 'partial')
const withComments = (...items: readonly ObservedComment[]) => threads(thread({ comments: listed(items) }))

const T2 = thread({ id: 'T2' })

describe('two polls of one pull request', () => {
  it('log one thread added and one resolved', async () => {
    const { poll, newTypes, stored } = await openMirror()
    await poll({ readAt: 1, threads: threads(thread()) })
    await poll({ readAt: 2, threads: threads(thread({ isResolved: true })) })
    expect(await newTypes()).toEqual(['pr_review_thread_added', 'pr_review_thread_resolved'])
    expect((await stored()).threads).toMatchObject([{ id: 'T1', isResolved: true }])
  })

  it('log two threads added, one resolved and one removed, and leave one row', async () => {
    const { poll, newTypes, stored } = await openMirror()
    await poll({ readAt: 1, threads: threads(thread(), T2) })
    await poll({ readAt: 2, threads: threads(thread({ isResolved: true })) })
    expect((await newTypes()).toSorted()).toEqual([
      'pr_review_thread_added',
      'pr_review_thread_added',
      'pr_review_thread_removed',
      'pr_review_thread_resolved',
    ])
    expect((await stored()).threads).toMatchObject([{ id: 'T1', isResolved: true }])
  })
})

interface Case {
  readonly name: string
  readonly first: ReturnType<typeof threads>
  readonly second: ReturnType<typeof threads>
  /** What the second poll logs, in any order. */
  readonly events: readonly (readonly [string, object])[]
  /** The rows that are left: threads, then comments. */
  readonly left: readonly string[]
}

const CASES: readonly Case[] = [
  {
    name: 'a thread that was resolved',
    first: threads(thread()),
    second: threads(thread({ isResolved: true, resolvedBy: 'bob' })),
    events: [['pr_review_thread_resolved', { thread: 'T1', resolved: true, resolvedBy: 'bob' }]],
    left: ['T1'],
  },
  {
    name: 'a thread that was reopened: an event of its own',
    first: threads(thread({ isResolved: true })),
    second: threads(thread()),
    events: [['pr_review_thread_reopened', { thread: 'T1', resolved: false }]],
    left: ['T1'],
  },
  {
    name: 'a thread that was resolved before it was first seen: one addition',
    first: threads(),
    second: threads(thread({ isResolved: true })),
    events: [['pr_review_thread_added', { thread: 'T1', resolved: true }]],
    left: ['T1'],
  },
  {
    name: 'a thread that is gone from a list read to its end: an event, so that no copy keeps a ghost',
    first: threads(thread({ comments: listed([comment()]) }), T2),
    second: threads(T2),
    events: [
      ['pr_review_thread_removed', { thread: 'T1' }],
      ['pr_review_comment_removed', { thread: 'T1', comment: 'C1' }],
    ],
    left: ['T2'],
  },
  {
    name: 'a thread that is missing in a part of the list: it stays',
    first: threads(thread({ comments: listed([comment()]) }), T2),
    second: partly(T2),
    events: [],
    left: ['T1', 'T2', 'C1'],
  },
  {
    name: 'an empty list read to its end: everything is gone, and said so',
    first: threads(thread(), T2),
    second: threads(),
    events: [
      ['pr_review_thread_removed', { thread: 'T1' }],
      ['pr_review_thread_removed', { thread: 'T2' }],
    ],
    left: [],
  },
  {
    name: 'an empty part of the list: nothing is known of anything',
    first: threads(thread(), T2),
    second: partly(),
    events: [],
    left: ['T1', 'T2'],
  },
  {
    name: 'a read that failed: everything stays',
    first: withComments(comment()),
    second: listed<ObservedThread>([], 'failed'),
    events: [],
    left: ['T1', 'C1'],
  },
  {
    name: 'a part of the list with a change in it: the change is told',
    first: threads(thread(), T2),
    second: partly(thread({ isResolved: true })),
    events: [['pr_review_thread_resolved', { thread: 'T1' }]],
    left: ['T1', 'T2'],
  },
  {
    name: 'a seventh comment: replies are seen however many there are',
    first: withComments(...[1, 2, 3, 4, 5, 6].map((no) => comment({ id: `C${no}` }))),
    second: withComments(...[1, 2, 3, 4, 5, 6, 7].map((no) => comment({ id: `C${no}` }))),
    events: [['pr_review_comment_added', { thread: 'T1', comment: 'C7' }]],
    left: ['T1', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'],
  },
  {
    name: 'the first comments of a thread only: the others stay',
    first: withComments(comment(), comment({ id: 'C2' })),
    second: threads(thread({ comments: listed([comment()], 'partial') })),
    events: [],
    left: ['T1', 'C1', 'C2'],
  },
  {
    name: 'an edited comment: an event, without its text',
    first: withComments(comment()),
    second: withComments(comment({ body: 'Why not?', updatedAt: 2, editedAt: 2 })),
    events: [['pr_review_comment_edited', { comment: 'C1', bodyChanged: true, minimizedChanged: false }]],
    left: ['T1', 'C1'],
  },
  {
    name: 'a minimised comment: an edit that says so',
    first: withComments(comment()),
    second: withComments(comment({ isMinimized: true })),
    events: [
      [
        'pr_review_comment_edited',
        { comment: 'C1', bodyChanged: false, minimizedChanged: true, minimized: true },
      ],
    ],
    left: ['T1', 'C1'],
  },
  {
    name: 'a deleted comment: an event',
    first: withComments(comment(), comment({ id: 'C2' })),
    second: withComments(comment()),
    events: [['pr_review_comment_removed', { thread: 'T1', comment: 'C2' }]],
    left: ['T1', 'C1'],
  },
  {
    name: 'a line that shifted: an event of its own, and no other',
    first: threads(thread()),
    second: threads(thread({ line: 9 })),
    events: [['pr_review_thread_moved', { thread: 'T1', changed: { line: { old: 7, new: 9 } } }]],
    left: ['T1'],
  },
  {
    name: 'a thread that is outdated and was resolved: both',
    first: threads(thread()),
    second: threads(thread({ isResolved: true, isOutdated: true })),
    events: [
      ['pr_review_thread_resolved', { thread: 'T1', outdated: true }],
      ['pr_review_thread_outdated', { thread: 'T1', resolved: true }],
    ],
    left: ['T1'],
  },
]

describe('the second of two polls', () => {
  it.each(CASES)('shows $name', async ({ first, second, events, left }) => {
    const { poll, newEvents, stored } = await openMirror()
    await poll({ readAt: 1, threads: first })
    await newEvents()
    const { changes } = await poll({ readAt: 2, threads: second })
    const logged = await newEvents()
    expect(logged.map(({ type }) => type).toSorted()).toEqual(events.map(([type]) => type).toSorted())
    for (const [type, payload] of events) {
      expect(logged).toContainEqual(
        expect.objectContaining({
          type,
          projectId: 'harbour',
          prNumber: 5,
          sessionId: 'harbour-1',
          payload: expect.objectContaining({ v: 1, session: 'harbour-1', ...payload }) as unknown,
        }),
      )
    }
    if (events.length === 0) expect(changes).toEqual([])
    const now = await stored()
    expect([...now.threads, ...now.comments].map(({ id }) => id).toSorted()).toEqual(left.toSorted())
  })

  it('writes nothing at all when it shows the same, not even a time', async () => {
    const { poll, newEvents, stored, database } = await openMirror()
    const same = withComments(comment(), comment({ id: 'C2', author: null }))
    await poll({ readAt: 1, threads: same })
    await newEvents()
    const before = await stored()
    const writes = () =>
      database.exclusive(
        async (client) => (await client.execute('SELECT total_changes() AS n')).rows[0]?.['n'],
      )
    const count = await writes()
    expect((await poll({ readAt: 2, threads: same })).changes).toEqual([])
    expect(await newEvents()).toEqual([])
    expect(await stored()).toEqual(before)
    expect(await writes()).toBe(count)
  })

  it('finds what a failed read in between missed', async () => {
    const { poll, newTypes } = await openMirror()
    await poll({ readAt: 1, threads: threads(thread()) })
    await newTypes()
    await poll({ readAt: 2, threads: listed<ObservedThread>([], 'failed') })
    await poll({ readAt: 3, threads: threads(thread({ isResolved: true })) })
    expect(await newTypes()).toEqual(['pr_review_thread_resolved'])
  })

  it('belongs to the session the pull request has then, and no second one can take it meanwhile', async () => {
    const { poll, newEvents, store } = await openMirror()
    const second = await store.commit(
      [{ kind: 'insert', table: 'sessions', row: session({ id: 'harbour-2', no: 2 }) }],
      null,
    )
    expect(second).toMatchObject({ kind: 'refused' })
    const noSession = { where: { projectId: 'harbour', number: 5 }, set: { sessionId: null } } as const
    await store.commit([{ kind: 'update', table: 'pullRequests', ...noSession }], null)
    await newEvents()
    await poll({ readAt: 1, threads: threads(thread()) })
    expect(await newEvents()).toMatchObject([{ type: 'pr_review_thread_added', sessionId: null }])
  })

  it('sees every thread, however many there are', async () => {
    const { poll, newTypes, stored } = await openMirror()
    const many = Array.from({ length: 120 }, (_, no) => thread({ id: `T${no}` }))
    await poll({ readAt: 1, threads: threads(...many) })
    expect(await newTypes()).toHaveLength(120)
    const [oldest, ...rest] = many
    await poll({ readAt: 2, threads: threads(...rest, ...(oldest ? [{ ...oldest, isResolved: true }] : [])) })
    expect(await newTypes()).toEqual(['pr_review_thread_resolved'])
    expect((await stored()).threads).toHaveLength(120)
  })
})
