// One thing that goes wrong for good does not keep the sweeps from the rest, and is not tried for ever.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryLog, SentDelivery } from '../../src/ports/github.ts'
import { sweepDeliveries } from '../../src/workflows/sweep-deliveries.ts'
import { playAttempt } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

const NOBODY_KNOWS = { has: async () => false }
const REDELIVER = 'POST /app/hook/deliveries/{delivery_id}/attempts'
const FIVE_MINUTES_MS = 300_000

async function pass(ms: number): Promise<void> {
  await bench.settle()
  bench.clock.advance(ms)
  bench.github.clock.advance(ms)
  await bench.settle()
}

describe('sweepDeliveries', () => {
  it('goes on to the next delivery when GitHub refuses to send one again', async () => {
    const { pr } = await playAttempt(bench, 'refused')
    await pass(15_000)
    await sweepDeliveries(bench.deps, NOBODY_KNOWS)
    bench.github.faults.drop({ event: 'issue_comment', times: 2 })
    await pr.comment('alice', 'The first is gone for good.')
    const said = await pr.comment('alice', '/belay status')
    await bench.settle()
    const { deliveries } = bench.deps
    let calls = 0
    const forgetful: typeof deliveries = {
      listSince: (since) => deliveries.listSince(since),
      redeliver(id) {
        calls += 1
        // GitHub has no delivery of this number.
        return deliveries.redeliver(calls === 1 ? '123456' : id)
      },
    }
    expect(await sweepDeliveries({ ...bench.deps, deliveries: forgetful }, NOBODY_KNOWS)).toBe(1)
    await pass(15_000)
    expect(said.reactions.map(({ content }) => content)).toContain('rocket')
    expect(await sweepDeliveries(bench.deps, NOBODY_KNOWS)).toBe(1)
  })

  it('stops when nothing answers, and begins there again', async () => {
    const { pr } = await playAttempt(bench, 'silent')
    await sweepDeliveries(bench.deps, NOBODY_KNOWS)
    await pass(FIVE_MINUTES_MS)
    bench.github.faults.drop({ event: 'issue_comment', times: 5 })
    for (let no = 0; no < 5; no += 1) await pr.comment('alice', `Remark ${no}`)
    await bench.settle()
    bench.github.faults.failServer({ route: REDELIVER, status: 502, times: 3 })
    const before = await bench.store.find('watermarks', { name: 'deliveries' })
    expect(await sweepDeliveries(bench.deps, NOBODY_KNOWS)).toBe(0)
    expect(await bench.store.find('watermarks', { name: 'deliveries' })).toEqual(before)
    expect(await sweepDeliveries(bench.deps, NOBODY_KNOWS)).toBe(5)
  })

  it('gives a delivery up that never arrives, and for good', async () => {
    await sweepDeliveries(bench.deps, NOBODY_KNOWS)
    await pass(FIVE_MINUTES_MS)
    const lost = { id: '1', guid: 'lost', deliveredAt: bench.clock.now(), isOk: false, isRedelivery: false }
    const tries: SentDelivery[] = [lost]
    // GitHub's list of a delivery that the App answers with an error every time.
    const deliveries: DeliveryLog = {
      listSince: async (since) => tries.filter(({ deliveredAt }) => deliveredAt >= since),
      async redeliver() {
        const again = { id: String(tries.length + 1), deliveredAt: bench.clock.now(), isRedelivery: true }
        tries.unshift({ ...lost, ...again })
      },
    }
    for (let no = 0; no < 36; no += 1) {
      await pass(FIVE_MINUTES_MS)
      await sweepDeliveries({ ...bench.deps, deliveries }, NOBODY_KNOWS)
    }
    expect(tries).toHaveLength(4)
  })
})
