// The inbox on libsql: deliveries from the 202 until their changes are written. Knows no payload.

import { and, asc, desc, eq, getTableColumns, inArray, lte, min, sql, type SQL } from 'drizzle-orm'

import type { Change } from '../../domain/changes.ts'
import { MAX_TRIES } from '../../domain/is-last-try.ts'
import { redactSecrets } from '../../domain/redact-secrets.ts'
import type { Inbox, InboxEntry } from '../../ports/inbox.ts'
import { backoffMs, type Random } from './backoff.ts'
import { condition, plain } from './change-sql.ts'
import { planChanges, runTransaction, wakeFor } from './commit-changes.ts'
import type { Database } from './database.ts'
import { insertDelivery } from './inbox-insert.ts'
import { dropDelivery, findDelivery, replayDelivery } from './inbox-repairs.ts'
import { read } from './read.ts'
import { toStatement } from './record-sql.ts'
import { inbox } from './schema/machinery.ts'

/** Longest reason that is kept, in characters. */
const LONGEST_REASON = 2_000

/** Makes the inbox of an open database. */
export function createInbox(database: Database, random: Random = Math.random): Inbox {
  return {
    insert: (delivery) => insertDelivery(database, delivery),
    nextDeliveries: (limit, now) => nextDeliveries(database, limit, now),
    nextDueAt: () => nextDueAt(database),
    finish: (id, changes) => finishDelivery(database, id, changes),
    ignore: (id, reason) => settle(database, sql`status = 'ignored', reason = ${kept(reason)}`, id),
    fail: (id, reason, now) => failDelivery({ database, id, reason, now, random }),
    list: (query) => listDeliveries(database, query),
    find: (deliveryId) => findDelivery(database, deliveryId),
    replay: (deliveryId, by) => replayDelivery({ database, deliveryId, by }),
    drop: (deliveryId, by) => dropDelivery({ database, deliveryId, by }),
  }
}

/** Returns when the oldest delivery that still waits was received, or null. */
export async function oldestPendingDelivery(database: Database): Promise<number | null> {
  const [row] = await read(database, (reads) =>
    reads
      .select({ at: min(inbox.receivedAt) })
      .from(inbox)
      .where(sql`status = 'pending'`),
  )
  return row?.at ?? null
}

function nextDeliveries(database: Database, limit: number, now: number): Promise<readonly InboxEntry[]> {
  return read(database, (reads) =>
    reads
      .select()
      .from(inbox)
      .where(and(sql`status = 'pending'`, lte(inbox.notBefore, now)))
      .orderBy(asc(inbox.id))
      .limit(limit),
  )
}

async function nextDueAt(database: Database): Promise<number | null> {
  const [row] = await read(database, (reads) =>
    reads
      .select({ at: min(inbox.notBefore) })
      .from(inbox)
      .where(sql`status = 'pending'`),
  )
  return row?.at ?? null
}

function isPending(id: number): SQL {
  return sql`EXISTS (SELECT 1 FROM inbox WHERE id = ${id} AND status = 'pending')`
}

async function finishDelivery(database: Database, id: number, changes: readonly Change[]): Promise<void> {
  const outcome = await runTransaction(database, [
    condition(isPending(id), { kind: 'not_ours' }),
    ...planChanges(changes, database.now()),
    plain(sql`UPDATE inbox SET status = 'done', reason = NULL WHERE id = ${id}`),
  ])
  if (outcome.kind === 'committed') return wakeFor(database, changes)
  if (outcome.because.kind === 'not_ours') return
  throw new Error(`The changes of a delivery were refused: ${outcome.because.kind}`)
}

async function settle(database: Database, set: SQL, id: number): Promise<void> {
  await database.write([toStatement(sql`UPDATE inbox SET ${set} WHERE id = ${id} AND status = 'pending'`)])
}

interface FailedDelivery {
  readonly database: Database
  readonly id: number
  readonly reason: string
  readonly now: number
  readonly random: Random
}

async function failDelivery({
  database,
  id,
  reason,
  now,
  random,
}: FailedDelivery): Promise<'retry' | 'dead'> {
  const [row] = await read(database, (reads) =>
    reads.select({ attempts: inbox.attempts }).from(inbox).where(eq(inbox.id, id)),
  )
  const attempts = (row?.attempts ?? 0) + 1
  const status = attempts >= MAX_TRIES ? 'dead' : 'pending'
  const notBefore = now + backoffMs(attempts, random)
  await settle(
    database,
    sql`attempts = ${attempts}, reason = ${kept(reason)}, not_before = ${notBefore}, status = ${status}`,
    id,
  )
  return status === 'dead' ? 'dead' : 'retry'
}

function listDeliveries(database: Database, query: Parameters<Inbox['list']>[0]): ReturnType<Inbox['list']> {
  const { body: _body, ...columns } = getTableColumns(inbox)
  const { statuses, limit } = query
  return read(database, (reads) =>
    reads
      .select(columns)
      .from(inbox)
      .where(statuses === null ? undefined : inArray(inbox.status, [...statuses]))
      .orderBy(desc(inbox.id))
      .limit(limit),
  )
}

function kept(reason: string): string {
  return redactSecrets(reason).slice(0, LONGEST_REASON)
}
