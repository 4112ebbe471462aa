// What a person may do to one delivery, beside a worker that is at it: find it, replay it, drop it. Each repair and the
// trace of it are one transaction. Knows no payload.

import { randomUUID } from 'node:crypto'
import { eq, sql, type SQL } from 'drizzle-orm'

import type { Inbox, InboxEntry, Repairer } from '../../ports/inbox.ts'
import { condition, plain } from './change-sql.ts'
import { runTransaction } from './commit-changes.ts'
import type { Database } from './database.ts'
import { read } from './read.ts'
import { insertSql } from './record-sql.ts'
import { inbox } from './schema/machinery.ts'

/** One repair of one delivery. */
export interface Repair {
  readonly database: Database
  readonly deliveryId: string
  readonly by: Repairer
}

/** Returns one delivery by its id, or null. */
export async function findDelivery(database: Database, deliveryId: string): Promise<InboxEntry | null> {
  const [row] = await read(database, (reads) =>
    reads.select().from(inbox).where(eq(inbox.deliveryId, deliveryId)),
  )
  return row ?? null
}

/** Makes a delivery pending again, whatever became of it. */
export async function replayDelivery(repair: Repair): ReturnType<Inbox['replay']> {
  for (;;) {
    const entry = await findDelivery(repair.database, repair.deliveryId)
    if (entry === null) return 'not_found'
    if (entry.status === 'pending') return 'already_pending'
    const set = sql`status = 'pending', attempts = 0, reason = NULL, not_before = ${repair.database.now()}`
    if (await change(repair, entry, { action: 'inbox.replay', set })) return 'replayed'
  }
}

/** Takes a delivery out that nobody has finished. */
export async function dropDelivery(repair: Repair): ReturnType<Inbox['drop']> {
  for (;;) {
    const entry = await findDelivery(repair.database, repair.deliveryId)
    if (entry === null) return 'not_found'
    if (entry.status !== 'pending' && entry.status !== 'dead') return 'already_finished'
    if (await change(repair, entry, { action: 'inbox.drop', set: sql`status = 'dropped'` })) return 'dropped'
  }
}

/**
 * Writes the change together with the trace of it.
 *
 * False: a worker moved the delivery on since it was read; nothing was written, and it has to be judged again.
 */
async function change(
  { database, by }: Repair,
  entry: InboxEntry,
  { action, set }: { readonly action: string; readonly set: SQL },
): Promise<boolean> {
  const { id, deliveryId, event, status, attempts } = entry
  const trace = {
    id: randomUUID(),
    at: database.now(),
    actor: by.actor,
    via: by.via,
    action,
    target: deliveryId,
    details: { event, status, attempts },
  }
  const isAsRead = sql`EXISTS (SELECT 1 FROM inbox WHERE id = ${id} AND status = ${status})`
  const outcome = await runTransaction(database, [
    condition(isAsRead, { kind: 'not_ours' }),
    plain(sql`UPDATE inbox SET ${set} WHERE id = ${id}`),
    plain(insertSql('auditLog', trace)),
  ])
  return outcome.kind === 'committed'
}
