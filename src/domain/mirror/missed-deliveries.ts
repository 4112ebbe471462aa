// Which webhooks GitHub could not deliver and is worth asking for again. GitHub itself never tries twice.

/** A try of a delivery; every try of one delivery has the same guid. Times are milliseconds since 1970. */
export interface DeliveryTry {
  readonly id: string
  readonly guid: string
  readonly deliveredAt: number
  readonly isOk: boolean
}

/** So often one delivery is asked for again. */
const MOST_TRIES = 4

/**
 * Returns the newest try of every delivery that never succeeded, oldest delivery first.
 *
 * What GitHub was asked for that often without success is left to the sweep that reads the pull requests themselves.
 */
export function missedDeliveries(tries: readonly DeliveryTry[]): readonly DeliveryTry[] {
  const byGuid = new Map<string, readonly DeliveryTry[]>()
  for (const one of tries) byGuid.set(one.guid, [...(byGuid.get(one.guid) ?? []), one])
  return [...byGuid.values()]
    .filter((all) => all.length < MOST_TRIES && !all.some(({ isOk }) => isOk))
    .map((all) => all.reduce((newest, one) => (one.deliveredAt > newest.deliveredAt ? one : newest)))
    .toSorted((a, b) => a.deliveredAt - b.deliveredAt)
}
