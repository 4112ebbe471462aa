import { describe, expect, it } from 'vitest'
import { missedDeliveries, type DeliveryTry } from '../../../src/domain/mirror/missed-deliveries.ts'

function tried(guid: string, deliveredAt: number, over: Partial<DeliveryTry> = {}): DeliveryTry {
  return { id: `${guid}-${deliveredAt}`, guid, deliveredAt, isOk: false, isRedelivery: false, ...over }
}

const again = (guid: string, deliveredAt: number, isOk = false): DeliveryTry =>
  tried(guid, deliveredAt, { isRedelivery: true, isOk })

describe('missedDeliveries', () => {
  it('names what never succeeded, by its newest try, oldest first', () => {
    const tries = [
      again('b', 9),
      tried('c', 8, { isOk: true }),
      tried('a', 7),
      again('d', 6, true),
      tried('b', 5),
    ]
    expect(missedDeliveries([...tries, tried('d', 4)])).toEqual([
      { id: 'b-9', guid: 'b', firstTriedAt: 5 },
      { id: 'a-7', guid: 'a', firstTriedAt: 7 },
    ])
  })

  it('gives up after four tries, and for good: also when only the later ones are in sight', () => {
    const all = [again('a', 40), again('a', 30), again('a', 20), tried('a', 10)]
    expect(missedDeliveries(all.slice(1))).toHaveLength(1)
    expect(missedDeliveries(all)).toEqual([])
    expect(missedDeliveries(all.slice(0, 3))).toEqual([])
    expect(missedDeliveries(all.slice(0, 1))).toEqual([])
  })
})
