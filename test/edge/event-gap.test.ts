// The word about what an event stream can not tell any more: when it comes, what it says, and when it does not come.

import { describe, expect, it } from 'vitest'
import { pruneChangeLog } from '../../src/adapters/db/change-log-retention.ts'
import { eventually } from '../support/eventually.ts'
import { appendMany, openEventWorld } from './event-world.ts'

describe('a gap', () => {
  it('comes first when rows after the position were deleted, and then what exists', async () => {
    let now = 0
    const world = await openEventWorld({ now: () => now })
    await appendMany(world.store, 4)
    now = 1_000
    await appendMany(world.store, 2)
    await pruneChangeLog(world.database, { maxAgeMs: 500, keepAtLeast: 0, batch: 3 })

    const behind = await world.open({ query: '?after=2' })
    await behind.received(3)
    expect(behind.frames[0]).toEqual({ event: 'gap', id: '4', data: { after: 2, floor: 4, oldest: 5 } })
    expect(behind.seqs()).toEqual([5, 6])

    const atFloor = await world.open({ query: '?after=4' })
    await atFloor.received(2)
    expect(atFloor.frames.map(({ event }) => event)).toEqual(['sync.completed', 'sync.completed'])
  })

  it('is told of a log that was emptied, once; numbers go on where they were', async () => {
    let now = 0
    const world = await openEventWorld({ now: () => now })
    await appendMany(world.store, 4)
    now = 1_000
    await pruneChangeLog(world.database, { maxAgeMs: 500, keepAtLeast: 0, batch: 100 })
    const client = await world.open({ query: '?after=0' })
    await client.received(1)
    expect(client.frames).toEqual([{ event: 'gap', id: '4', data: { after: 0, floor: 4, oldest: null } }])
    client.cut()
    const again = await world.open({ headers: { 'last-event-id': client.lastEventId() } })
    await eventually(() => again.lastEventId() === '4', { what: 'the opening' })
    await appendMany(world.store, 1)
    await again.received(1)
    expect(again.seqs()).toEqual([5])
  })

  it('is told to a client whose position this log has never reached, as after a restore', async () => {
    const world = await openEventWorld()
    await appendMany(world.store, 2)
    const client = await world.open({ query: '?after=90' })
    await client.received(3)
    expect(client.frames[0]).toMatchObject({ event: 'gap', data: { after: 90, floor: 0, oldest: 1 } })
    expect(client.seqs()).toEqual([1, 2])
  })

  it('is not there in an empty database', async () => {
    const world = await openEventWorld()
    const client = await world.open({ query: '?after=0' })
    await appendMany(world.store, 1)
    await client.received(1)
    expect(client.frames.map(({ event }) => event)).toEqual(['sync.completed'])
  })
})
