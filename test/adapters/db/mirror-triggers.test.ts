// What the triggers of the mirror's tables write, field by field, and what they keep silent about.

import { describe, expect, it } from 'vitest'

import { assertTriggers, installTriggers, TRIGGERS } from '../../../src/adapters/db/triggers.ts'
import { insert, update, upsert } from '../../../src/domain/changes.ts'
import type { Mirror } from '../../../src/domain/mirror/records.ts'
import { check, comment, HEADS, listed, review, thread } from '../../domain/mirror/samples.ts'
import { openMirror } from './mirror-polls.ts'

const IDS = { v: 1, project: 'harbour', pr: 5, session: 'harbour-1' }

const MIRROR: Mirror = {
  projectId: 'harbour',
  prNumber: 5,
  mergeability: 'mergeable',
  reviewDecision: null,
  isInMergeQueue: false,
  hasAutoMerge: true,
  isStacked: false,
  headSha: HEADS[0],
  headSeenAt: 1,
  checksChangedAt: null,
  threads: 'complete',
  reviews: 'complete',
  checks: 'partial',
  fingerprint: null,
  readAt: 1,
  fullyReadAt: null,
}

async function openLog() {
  const mirror = await openMirror()
  const logged = async () =>
    (await mirror.newEvents()).map(({ type, payload, projectId, prNumber, sessionId }) => {
      expect([projectId, prNumber, sessionId]).toEqual(['harbour', 5, 'harbour-1'])
      return { type, payload }
    })
  return { ...mirror, logged }
}

describe('the triggers of the mirror', () => {
  it('tell what a thread and its comment are, and what became of them', async () => {
    const { poll, logged } = await openLog()
    const first = thread({ comments: listed([comment()]) })
    const place = { thread: 'T1', path: 'crane.ts', line: 7, resolved: false, outdated: false }
    const words = { thread: 'T1', comment: 'C1', author: 'ada', bot: false, url: 'https://github.test/c1' }
    await poll({ readAt: 1, threads: listed([first]) })
    expect(await logged()).toEqual([
      { type: 'pr_review_thread_added', payload: { ...IDS, ...place } },
      { type: 'pr_review_comment_added', payload: { ...IDS, ...words, minimized: false } },
    ])
    await poll({ readAt: 2, threads: listed([{ ...first, path: 'ship.ts', line: null, isOutdated: true }]) })
    const gone = { ...place, path: 'ship.ts', line: null, outdated: true }
    const changed = { path: { old: 'crane.ts', new: 'ship.ts' }, line: { old: 7, new: null } }
    expect(await logged()).toEqual(
      expect.arrayContaining([
        { type: 'pr_review_thread_outdated', payload: { ...IDS, ...gone } },
        { type: 'pr_review_thread_moved', payload: { ...IDS, ...gone, changed } },
      ]),
    )
    await poll({ readAt: 3, threads: listed([first]) })
    expect((await logged()).map(({ type }) => type).toSorted()).toEqual([
      'pr_review_thread_current',
      'pr_review_thread_moved',
    ])
  })

  it('tell of reviews when their state or text changes', async () => {
    const { poll, logged } = await openLog()
    const is = { review: 'R1', author: 'ada', bot: false, url: 'https://github.test/r1' }
    const first = review({ state: 'changes_requested' })
    await poll({ readAt: 1, reviews: listed([first]) })
    expect(await logged()).toEqual([
      { type: 'pr_review_added', payload: { ...IDS, ...is, state: 'changes_requested' } },
    ])
    await poll({ readAt: 2, reviews: listed([{ ...first, commitSha: null, updatedAt: 2 }]) })
    expect(await logged()).toEqual([])
    await poll({ readAt: 3, reviews: listed([{ ...first, state: 'dismissed', updatedAt: 3 }]) })
    const edit = { oldState: 'changes_requested', state: 'dismissed', bodyChanged: false }
    expect(await logged()).toEqual([{ type: 'pr_review_edited', payload: { ...IDS, ...is, ...edit } }])
    await poll({ readAt: 4, reviews: listed([{ ...first, state: 'dismissed', body: 'No', updatedAt: 4 }]) })
    expect(await logged()).toMatchObject([{ type: 'pr_review_edited', payload: { bodyChanged: true } }])
    await poll({ readAt: 5, reviews: listed([]) })
    expect(await logged()).toEqual([
      { type: 'pr_review_removed', payload: { ...IDS, ...is, state: 'dismissed' } },
    ])
  })

  it('record a check when it is new, has another result, or is of another head', async () => {
    const { poll, logged } = await openLog()
    const lint = check({ id: 'status:lint', source: 'status', name: 'lint', appSlug: null })
    const is = { check: 'status:lint', name: 'lint', app: null, url: null }
    const recorded = (fields: object) => ({
      type: 'pr_check_recorded',
      payload: { ...IDS, ...is, ...fields },
    })
    await poll({ readAt: 1, checks: listed([lint]) })
    expect(await logged()).toEqual([recorded({ headSha: HEADS[0], status: 'in_progress', conclusion: null })])
    await poll({ readAt: 2, checks: listed([{ ...lint, summary: 'half' }]) })
    expect(await logged()).toEqual([])
    const red = { ...lint, status: 'completed', conclusion: 'failure' } as const
    await poll({ readAt: 3, checks: listed([red]) })
    const failed = { status: 'completed', conclusion: 'failure' }
    expect(await logged()).toEqual([recorded({ headSha: HEADS[0], ...failed })])
    await poll({ readAt: 4, checks: listed([red]), headSha: HEADS[1] })
    expect(await logged()).toEqual([recorded({ headSha: HEADS[1], ...failed })])
    await poll({ readAt: 5, checks: listed([]), headSha: HEADS[1] })
    expect(await logged()).toEqual([
      { type: 'pr_check_removed', payload: { ...IDS, ...is, headSha: HEADS[1], ...failed } },
    ])
  })

  it('tell what the first read of a pull request showed, and every change of it after', async () => {
    const { store, logged } = await openLog()
    const changed = (columns: object) => [{ type: 'pr_updated', payload: { ...IDS, changed: columns } }]
    await store.commit([insert('mirrors', MIRROR)], null)
    expect(await logged()).toEqual(
      changed({
        mergeability: { old: 'unknown', new: 'mergeable' },
        has_auto_merge: { old: 0, new: 1 },
      }),
    )
    await store.commit(
      [upsert('mirrors', { ...MIRROR, readAt: 2, fingerprint: 'f', checks: 'failed' })],
      null,
    )
    expect(await logged()).toEqual([])
    const where = { projectId: 'harbour', prNumber: 5 }
    const set = { mergeability: 'conflicting', reviewDecision: 'approved' } as const
    await store.commit([update('mirrors', { where, set })], null)
    expect(await logged()).toEqual(
      changed({
        mergeability: { old: 'mergeable', new: 'conflicting' },
        review_decision: { old: null, new: 'approved' },
      }),
    )
    const plain = { ...MIRROR, prNumber: 6, mergeability: 'unknown', hasAutoMerge: false } as const
    await store.commit([insert('mirrors', plain)], null)
    expect(await logged()).toEqual([])
  })

  it('never hold the words of people', async () => {
    const { poll, logged } = await openLog()
    const secret = 'the words'
    const threads = (body: string) => listed([thread({ comments: listed([comment({ body })]) })])
    await poll({ readAt: 1, threads: threads(secret), reviews: listed([review({ body: secret })]) })
    await poll({ readAt: 2, threads: threads(`${secret}!`), reviews: listed([]) })
    const rows = await logged()
    expect(rows).toHaveLength(5)
    expect(JSON.stringify(rows)).not.toContain(secret)
  })

  it('are missed at start when one is gone, each by its name', async () => {
    const { database } = await openMirror()
    for (const name of Object.keys(TRIGGERS)) {
      await database.write([`DROP TRIGGER ${name}`])
      await expect(assertTriggers(database)).rejects.toMatchObject({ details: { missing: [name] } })
      await installTriggers(database)
    }
    await expect(assertTriggers(database)).resolves.toBeUndefined()
  })
})
