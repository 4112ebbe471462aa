// Which webhooks GitHub could not deliver and is worth asking for again. GitHub itself never tries twice.

/** A try of a delivery; every try of one delivery has the same guid. Times are milliseconds since 1970. */
export interface DeliveryTry {
  readonly id: string
  readonly guid: string
  readonly deliveredAt: number
  readonly isOk: boolean
  /** False for GitHub's own try, true for one that was asked for. */
  readonly isRedelivery: boolean
}

/** A delivery that never succeeded. */
export interface MissedDelivery {
  /** Of its newest try: what redelivery needs. */
  readonly id: string
  readonly guid: string
  readonly firstTriedAt: number
}

/** So often one delivery is tried at most. */
const MOST_TRIES = 4

/**
 * Returns every delivery that never succeeded, oldest first.
 *
 * What GitHub was asked for that often without success is left to the sweep that reads the pull requests themselves. So
 * is a delivery of which only repetitions are listed: its first try lies further back than anybody looks, and with it the
 * number of its tries.
 */
export function missedDeliveries(tries: readonly DeliveryTry[]): readonly MissedDelivery[] {
  const byGuid = new Map<string, DeliveryTry[]>()
  for (const one of tries) {
    const others = byGuid.get(one.guid)
    if (others === undefined) byGuid.set(one.guid, [one])
    else others.push(one)
  }
  return [...byGuid.values()]
    .filter((all) => all.length < MOST_TRIES && !all.some(({ isOk }) => isOk))
    .filter((all) => all.some(({ isRedelivery }) => !isRedelivery))
    .map(toMissed)
    .toSorted((a, b) => a.firstTriedAt - b.firstTriedAt)
}

function toMissed(all: readonly DeliveryTry[]): MissedDelivery {
  const newest = all.reduce((best, one) => (one.deliveredAt > best.deliveredAt ? one : best))
  const firstTriedAt = Math.min(...all.map(({ deliveredAt }) => deliveredAt))
  return { id: newest.id, guid: newest.guid, firstTriedAt }
}
