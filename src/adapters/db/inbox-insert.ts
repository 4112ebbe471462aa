// How a delivery enters the inbox once: by its id, and by what was signed. Knows no payload.

import { sql } from 'drizzle-orm'

import type { Delivery } from '../../ports/inbox.ts'
import type { Database } from './database.ts'
import { toStatement } from './record-sql.ts'

/** How long the same signed press counts as a repeat of the first, in milliseconds. */
const PRESS_WINDOW_MS = 60_000

/** Stores a delivery, or returns that it is there already. */
export async function insertDelivery(
  database: Database,
  delivery: Delivery,
): Promise<'stored' | 'duplicate'> {
  const { deliveryId, event, action, installationId, repositoryId, body, bodySha256, receivedAt } = delivery
  const isNew = isPress(delivery)
    ? sql`NOT EXISTS (SELECT 1 FROM inbox WHERE event = 'check_run' AND action = 'requested_action'
        AND body_sha256 = ${bodySha256} AND ABS(received_at - ${receivedAt}) < ${PRESS_WINDOW_MS})`
    : sql`TRUE`
  const [answer] = await database.write([
    toStatement(sql`INSERT INTO inbox (delivery_id, event, action, installation_id, repository_id, body, body_sha256,
      received_at, status, attempts, not_before)
      SELECT ${deliveryId}, ${event}, ${action}, ${installationId}, ${repositoryId}, ${body}, ${bodySha256},
        ${receivedAt}, 'pending', 0, ${receivedAt} WHERE ${isNew}
      ON CONFLICT DO NOTHING`),
  ])
  return answer?.rowsAffected === 1 ? 'stored' : 'duplicate'
}

/**
 * Tells whether a person pressed a button of a check run.
 *
 * The delivery id is not signed, so the same words of a person under the same signature are a duplicate for ever. Not
 * so a press: its body names run, person and option, and neither a time nor an id of its own, so a second press of the
 * same button is the same to the byte. It must count, or a press that came too early could never be repeated. The
 * window is what is left against a copy under a new id: after it a copy does what its sender could do anyway, which is
 * to press again, and the first valid answer counts. GitHub's own redelivery keeps its id and is a duplicate for ever.
 */
function isPress({ event, action }: Delivery): boolean {
  return event === 'check_run' && action === 'requested_action'
}
