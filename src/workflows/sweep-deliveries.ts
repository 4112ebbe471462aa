// Sweep A: webhooks that GitHub could not deliver are asked for again. What GitHub never sent at all is found by the
// other sweep, which reads the pull requests themselves.

import { upsert } from '../domain/changes.ts'
import { isAppError } from '../domain/errors/app-error.ts'
import { missedDeliveries, type MissedDelivery } from '../domain/mirror/missed-deliveries.ts'
import type { Deps } from './deps.ts'

/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000
/** Deliveries that were under way when the last sweep looked. */
const OVERLAP_MS = 30 * 60 * 1000
const WATERMARK = 'deliveries'
/** More calls than this without an answer are an outage, not a fault of one delivery. */
const MOST_FAILURES = 3

/** What the sweep needs to know of the inbox. */
export interface KnownDeliveries {
  has(guid: string): Promise<boolean>
}

/** Has every missed delivery sent again; returns how many were asked for. */
export async function sweepDeliveries(deps: Deps, known: KnownDeliveries): Promise<number> {
  const now = deps.clock.now()
  const last = await deps.store.find('watermarks', { name: WATERMARK })
  const since = Math.max(now - KEPT_MS, (last?.at ?? 0) - OVERLAP_MS)
  const counts = { asked: 0, refused: 0, failed: 0 }
  let at = now
  for (const delivery of missedDeliveries(await deps.deliveries.listSince(since))) {
    // It can have arrived although GitHub did not see our answer.
    if (await known.has(delivery.guid)) continue
    const became = await redeliver(deps, delivery)
    counts[became] += 1
    // Whether it arrived is seen next time, and its tries are counted from the first one.
    if (became !== 'refused') at = Math.min(at, delivery.firstTriedAt)
    if (counts.failed >= MOST_FAILURES) break
  }
  // After an end before its time the next sweep begins where this one did.
  const isCutShort = counts.failed >= MOST_FAILURES
  if (!isCutShort) await deps.store.commit([upsert('watermarks', { name: WATERMARK, at })], null)
  if (Object.values(counts).some((count) => count > 0)) deps.log.info(counts, 'deliveries_asked_for_again')
  return counts.asked
}

/** One that GitHub does not send again must not keep the later ones from being asked for. */
async function redeliver(
  { deliveries }: Deps,
  { id }: MissedDelivery,
): Promise<'asked' | 'refused' | 'failed'> {
  try {
    await deliveries.redeliver(id)
    return 'asked'
  } catch (error) {
    if (isAppError(error, 'GITHUB_REFUSED')) return 'refused'
    if (isAppError(error, 'GITHUB_UNAVAILABLE')) return 'failed'
    throw error
  }
}
