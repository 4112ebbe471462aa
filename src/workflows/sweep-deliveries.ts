// Sweep A: webhooks that GitHub could not deliver are asked for again. What GitHub never sent at all is found by the
// other sweep, which reads the pull requests themselves.

import { upsert } from '../domain/changes.ts'
import { missedDeliveries } from '../domain/mirror/missed-deliveries.ts'
import type { Deps } from './deps.ts'

/** GitHub keeps deliveries for three days. */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000
/** Deliveries that were under way when the last sweep looked. */
const OVERLAP_MS = 30 * 60 * 1000
const WATERMARK = 'deliveries'

/** What the sweep needs to know of the inbox. */
export interface KnownDeliveries {
  has(guid: string): Promise<boolean>
}

/** Has every missed delivery sent again; returns how many were asked for. */
export async function sweepDeliveries(deps: Deps, known: KnownDeliveries): Promise<number> {
  const now = deps.clock.now()
  const last = await deps.store.find('watermarks', { name: WATERMARK })
  const since = Math.max(now - KEPT_MS, (last?.at ?? 0) - OVERLAP_MS)
  const missed = missedDeliveries(await deps.deliveries.listSince(since))
  let asked = 0
  for (const { id, guid } of missed) {
    // It can have arrived although GitHub did not see our answer.
    if (await known.has(guid)) continue
    await deps.deliveries.redeliver(id)
    asked += 1
  }
  await deps.store.commit([upsert('watermarks', { name: WATERMARK, at: now })], null)
  if (asked > 0) deps.log.info({ asked }, 'deliveries_asked_for_again')
  return asked
}
