// The usual way with an ORM: one upsert for each row, awaited one after the other, in one transaction. A transaction for
// each row would be slower still.

import { and, eq, getTableColumns, notInArray, or, sql, type SQL } from 'drizzle-orm'
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import { reviewComments, reviewThreads } from '../../../src/adapters/db/schema/mirror.ts'
import type { Observation } from '../../../src/domain/mirror/observation.ts'
import type { ReviewComment, ReviewThread } from '../../../src/domain/mirror/records.ts'
import { PULL_REQUEST } from './observed.ts'
import type { Reconcile } from './mirror-side.ts'

type Transaction = Parameters<Parameters<LibSQLDatabase['transaction']>[0]>[0]

const OTHER_THREAD = differs(reviewThreads)
const OTHER_COMMENT = differs(reviewComments)

export const byRows: Reconcile = (database, observation) =>
  database.exclusive((client) =>
    drizzle(client).transaction(async (transaction) => {
      for (const thread of threadRows(observation)) await upsertThread(transaction, thread)
      for (const comment of commentRows(observation)) await upsertComment(transaction, comment)
      await deleteMissing(transaction, observation)
    }),
  )

async function upsertThread(transaction: Transaction, row: ReviewThread): Promise<void> {
  const { projectId, prNumber, id } = reviewThreads
  await transaction
    .insert(reviewThreads)
    .values(row)
    .onConflictDoUpdate({ target: [projectId, prNumber, id], set: row, setWhere: OTHER_THREAD })
}

async function upsertComment(transaction: Transaction, row: ReviewComment): Promise<void> {
  const { projectId, prNumber, id } = reviewComments
  await transaction
    .insert(reviewComments)
    .values(row)
    .onConflictDoUpdate({ target: [projectId, prNumber, id], set: row, setWhere: OTHER_COMMENT })
}

async function deleteMissing(transaction: Transaction, { threads }: Observation): Promise<void> {
  const seen = threads.items.map(({ id }) => id)
  const seenComments = threads.items.flatMap(({ comments }) => comments.items.map(({ id }) => id))
  const { projectId, prNumber } = PULL_REQUEST
  for (const [table, ids] of [
    [reviewThreads, seen],
    [reviewComments, seenComments],
  ] as const) {
    const isOfPullRequest = and(eq(table.projectId, projectId), eq(table.prNumber, prNumber))
    await transaction.delete(table).where(and(isOfPullRequest, notInArray(table.id, ids)))
  }
}

function threadRows({ threads, readAt }: Observation): readonly ReviewThread[] {
  return threads.items.map(({ id, path, line, startLine, isResolved, isOutdated, resolvedBy }) => {
    const place = { path, line, startLine }
    return { ...PULL_REQUEST, id, ...place, isResolved, isOutdated, resolvedBy, observedAt: readAt }
  })
}

function commentRows({ threads, readAt }: Observation): readonly ReviewComment[] {
  return threads.items.flatMap(({ id: threadId, comments }) =>
    comments.items.map(({ author, ...comment }) => ({
      ...PULL_REQUEST,
      ...comment,
      threadId,
      author: author?.login ?? null,
      authorIsBot: author?.isBot ?? false,
      observedAt: readAt,
    })),
  )
}

/** Returns the condition that a row has other content than the stored one. */
function differs(table: typeof reviewThreads | typeof reviewComments): SQL {
  const columns: readonly SQLiteColumn[] = Object.values(getTableColumns(table))
  const contents = columns.filter(({ name }) => name !== 'observed_at')
  const condition = or(
    ...contents.map((column) => sql`${column} IS NOT excluded.${sql.identifier(column.name)}`),
  )
  if (condition === undefined) throw new Error('A table without columns')
  return condition
}
