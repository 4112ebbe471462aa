// A pull request whose reads are stored as a reconcile would: list what is stored, take the difference, commit it.
// Shared by the tests of the mirror's tables.

import type { ChangeLogRow } from '../../../src/adapters/db/change-log.ts'
import { listChangeLog } from '../../../src/adapters/db/change-log.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { insert, type Change } from '../../../src/domain/changes.ts'
import { diffChecks } from '../../../src/domain/mirror/diff-checks.ts'
import { storeSet, type ObservationDiff } from '../../../src/domain/mirror/diff-observation.ts'
import { diffReviews } from '../../../src/domain/mirror/diff-reviews.ts'
import { diffThreads } from '../../../src/domain/mirror/diff-threads.ts'
import type {
  Listed,
  ObservedCheck,
  ObservedReview,
  ObservedThread,
} from '../../../src/domain/mirror/observation.ts'
import type { Check } from '../../../src/domain/mirror/records.ts'
import { HEADS, listed } from '../../domain/mirror/samples.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { project, pullRequest, session } from './rows.ts'

export interface Poll {
  readonly readAt: number
  readonly threads?: Listed<ObservedThread>
  readonly reviews?: Listed<ObservedReview>
  readonly checks?: Listed<ObservedCheck>
  readonly headSha?: Check['headSha']
}

const UNREAD = listed<never>([], 'failed')

/** Opens a database with one pull request and its session. */
export async function openMirror() {
  const { database } = await openTempDatabase({ now: () => 1_000 })
  const store = createStore(database)
  await store.commit(
    [
      insert('projects', project()),
      insert('pullRequests', pullRequest({ sessionId: 'harbour-1' })),
      insert('sessions', session()),
    ],
    null,
  )
  let seen = (await listChangeLog(database, { after: 0, limit: 100 })).at(-1)?.seq ?? 0

  async function stored(prNumber = 5) {
    const of = { projectId: 'harbour', prNumber }
    return {
      threads: await store.list('reviewThreads', of),
      comments: await store.list('reviewComments', of),
      reviews: await store.list('reviews', of),
      checks: await store.list('checks', of),
    }
  }

  /** Stores one read and returns its difference; lists that are not named were not read. */
  async function poll(read: Poll, prNumber = 5): Promise<ObservationDiff> {
    const before = await stored(prNumber)
    const at = { projectId: 'harbour', prNumber, readAt: read.readAt }
    const { threads, comments } = diffThreads(before, read.threads ?? UNREAD, at)
    const reviews = diffReviews(before.reviews, read.reviews ?? UNREAD, at)
    const { headSha = HEADS[0] } = read
    const checks = diffChecks(before.checks, read.checks ?? UNREAD, { ...at, headSha })
    const changes: readonly Change[] = [
      storeSet('reviewThreads', threads, at),
      storeSet('reviewComments', comments, at),
      storeSet('reviews', reviews, at),
      storeSet('checks', checks, at),
    ].flat()
    await store.commit(changes, null)
    return { threads, comments, reviews, checks, changes }
  }

  /** Returns what was logged since the last call. */
  async function newEvents(): Promise<readonly ChangeLogRow[]> {
    const rows = await listChangeLog(database, { after: seen, limit: 10_000 })
    seen = rows.at(-1)?.seq ?? seen
    return rows
  }

  return {
    database,
    store,
    stored,
    poll,
    newEvents,
    newTypes: async () => (await newEvents()).map(({ type }) => type),
  }
}
