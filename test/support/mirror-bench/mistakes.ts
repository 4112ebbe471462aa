// Mistakes of a difference, made on purpose: each is a way in which a mirror can lie. A property that finds none of them
// sees nothing.

import type { Change } from '../../../src/domain/changes.ts'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import type { DatabaseReader } from '../database-reader.ts'

type StoreSet = Extract<Change, { readonly kind: 'store_set' }>
type ThreadSet = Extract<StoreSet, { readonly table: 'reviewThreads' }>

/** Returns what is written instead of what a read came to. */
export type Mistake = (
  changes: readonly Change[],
  read: { readonly observation: Observation; readonly reader: DatabaseReader },
) => Promise<readonly Change[]>

/** Every changed row is deleted first, as a mirror does that writes its lists anew. */
const deleteThenInsert: Mistake = async (changes) =>
  changes.flatMap((change): readonly Change[] => {
    if (change.kind !== 'store_set') return [change]
    const away = { ...change, upserts: [], deletes: change.upserts.map(({ id }) => id) } as StoreSet
    return [away, change]
  })

/** What is not in a list is gone, also when the list was not read to its end. */
const pruneOnPartial: Mistake = async (changes, { observation, reader }) => {
  const { threads, pullRequest } = observation
  if (threads.completeness !== 'partial') return changes
  const seen = new Set(threads.items.map(({ id }) => id))
  const rows = await reader.query(
    `SELECT project_id, id FROM review_threads WHERE pr_number = ${pullRequest.number}`,
  )
  const deletes = rows.map(({ id }) => String(id)).filter((id) => !seen.has(id))
  const [first] = rows
  if (first === undefined || deletes.length === 0) return changes
  const prune: ThreadSet = {
    kind: 'store_set',
    table: 'reviewThreads',
    projectId: String(first['projectId']),
    prNumber: pullRequest.number,
    upserts: [],
    deletes,
  }
  return [...changes, prune]
}

/** A row that is known is never looked at again. */
const insertOnly: Mistake = async (changes, { reader }) => {
  const known = await reader.query('SELECT id FROM review_threads UNION ALL SELECT id FROM review_comments')
  const ids = new Set(known.map(({ id }) => id))
  return changes.map((change) =>
    change.kind === 'store_set'
      ? ({ ...change, upserts: change.upserts.filter(({ id }) => !ids.has(id)) } as StoreSet)
      : change,
  )
}

/** Nothing that was deleted is ever missed. */
const neverPrune: Mistake = async (changes) =>
  changes.map((change) => (change.kind === 'store_set' ? { ...change, deletes: [] } : change))

/** Mergeability that is not computed yet passes for news. */
const unknownIsNews: Mistake = async (changes, { observation }) =>
  changes.map((change) =>
    change.kind === 'upsert' && change.table === 'mirrors'
      ? { ...change, row: { ...change.row, mergeability: observation.mergeability } }
      : change,
  )

export const MISTAKES: Readonly<Record<string, Mistake>> = {
  deleteThenInsert,
  pruneOnPartial,
  insertOnly,
  neverPrune,
  unknownIsNews,
}
