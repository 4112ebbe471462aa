// Our way: what is stored is listed, the difference taken, and committed as one transaction through the store.

import { createStore } from '../../../src/adapters/db/store.ts'
import { diffObservation } from '../../../src/domain/mirror/diff-observation.ts'
import { PULL_REQUEST } from './observed.ts'
import type { Reconcile } from './mirror-side.ts'

export const byStore: Reconcile = async (database, observation) => {
  const store = createStore(database)
  const [threads, comments, reviews, checks] = await Promise.all([
    store.list('reviewThreads', PULL_REQUEST),
    store.list('reviewComments', PULL_REQUEST),
    store.list('reviews', PULL_REQUEST),
    store.list('checks', PULL_REQUEST),
  ])
  const { changes } = diffObservation({ threads, comments, reviews, checks }, observation, PULL_REQUEST)
  const outcome = await store.commit(changes, null)
  if (outcome.kind !== 'committed') throw new Error(`Refused: ${JSON.stringify(outcome.because)}`)
}
