// The event stream over real HTTP and a real database file: each row once, in order, or a word about what is missing.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { insert } from '../../src/domain/changes.ts'
import { project, session } from '../adapters/db/rows.ts'
import type { EventClient } from '../support/event-client.ts'
import { eventually } from '../support/eventually.ts'
import { openTempDatabase } from '../support/temp-db.ts'
import { append, appendMany, logRow, openEventWorld, range, type EventWorld } from './event-world.ts'

/** The most a test lets a client get behind: real sockets swallow a good deal first. */
const LARGE = 'x'.repeat(1024 * 1024)

interface Way {
  readonly from: number
  readonly until: number
  /** The connection is cut after so many rows, and opened again. */
  readonly cutEvery: number
}

/** Returns the numbers a client was told on its way, over all its connections. */
async function follow(world: EventWorld, { from, until, cutEvery }: Way): Promise<readonly number[]> {
  const seen: number[] = []
  let headers: Record<string, string> = {}
  let query = `?after=${from}`
  while ((seen.at(-1) ?? from) < until) {
    const client = await world.open({ query, headers })
    await eventually(() => client.seqs().length >= cutEvery || client.seqs().at(-1) === until, {
      what: `row ${until}, after ${seen.at(-1) ?? from}`,
      explain: () => client.text(),
    })
    client.cut()
    await client.ended
    seen.push(...client.seqs())
    query = ''
    headers = { 'last-event-id': client.lastEventId() }
  }
  return seen
}

/** Starts a process that writes rows into the file by itself; resolves with `done` when it could. */
function appendElsewhere(file: string, count: number): Promise<unknown> {
  const program = fileURLToPath(new URL('programs/append-changes.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program, file, String(count)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return once(child, 'exit').then(([code]: unknown[]) => code === 0 && 'done')
}

function isOver(client: EventClient, what: string): Promise<unknown> {
  let isEnded = false
  void client.ended.then(() => {
    isEnded = true
  })
  return eventually(() => isEnded, { what, deadlineMs: 8_000 })
}

describe('GET /api/v1/events', () => {
  it('sends each new row as one frame, and nothing from before unless it is asked for', async () => {
    const { store, open } = await openEventWorld({ now: () => 1_700_000_000_000 })
    await appendMany(store, 3)
    const client = await open()
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    })
    await eventually(() => client.lastEventId() === '3', { what: 'the opening' })
    const payload = { v: 1, text: 'two\nlines\r\n\nid: 9' }
    await append(store, [logRow({ type: 'alert.raised', prNumber: null, payload })])
    await client.received(1)
    const data = {
      seq: 4,
      projectId: 'harbour',
      prNumber: null,
      sessionId: 'harbour-1',
      type: 'alert.raised',
      payload,
      createdAt: 1_700_000_000_000,
    }
    expect(client.text()).toBe(
      `retry: 2000\nid: 3\n\nid: 4\nevent: alert.raised\ndata: ${JSON.stringify(data)}\n\n`,
    )
  })

  it('resumes a live client that was cut off before its first event', async () => {
    const { store, open } = await openEventWorld()
    await appendMany(store, 2)
    const first = await open()
    await eventually(() => first.lastEventId() === '2', { what: 'the opening' })
    first.cut()
    await first.ended
    await appendMany(store, 2)
    const second = await open({ headers: { 'last-event-id': first.lastEventId() } })
    await second.received(2)
    expect(second.seqs()).toEqual([3, 4])
  })

  it('lets the query win over the header, even over one that makes no sense', async () => {
    const { store, open } = await openEventWorld()
    await appendMany(store, 5)
    const client = await open({ query: '?after=3', headers: { 'last-event-id': 'x' } })
    await client.received(2)
    expect(client.seqs()).toEqual([4, 5])
  })

  it('tells every row once and in order, whatever is written and cut off meanwhile', async () => {
    const on = await openTempDatabase()
    let from = 0
    const cases = fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      async (batches, cutEvery, pageSize) => {
        const world = await openEventWorld({ on, pageSize, window: pageSize + 2 })
        const until = batches.reduce((sum, batch) => sum + batch, from)
        const writing = Promise.all(batches.map((batch) => appendMany(world.store, batch)))
        const seen = await Promise.all([
          follow(world, { from, until, cutEvery }),
          follow(world, { from, until, cutEvery: until }),
        ])
        await writing
        await world.server.close()
        expect(seen).toEqual([range(from + 1, until), range(from + 1, until)])
        from = until
      },
    )
    await fc.assert(cases, { numRuns: 6 })
  })

  it('tells a row once that is committed just before or just after the stored ones are read', async () => {
    let commitOne = (): Promise<void> => Promise.resolve()
    const world = await openEventWorld({
      between: (feed) => ({
        ...feed,
        read: async (query) => {
          await commitOne()
          const page = await feed.read(query)
          await commitOne()
          return page
        },
      }),
    })
    commitOne = async () => {
      await appendMany(world.store, 1)
      // The reader of new rows gets its turn: it tells the row now, or there is nobody to tell.
      await nextTurn()
    }
    await appendMany(world.store, 1)
    const client = await world.open({ query: '?after=0' })
    await client.received(3)
    await appendMany(world.store, 1)
    await client.received(4)
    expect(client.seqs()).toEqual([1, 2, 3, 4])
  })

  it('tells what this process and another one write at the same time', async () => {
    const world = await openEventWorld({
      every: (_, tick) => {
        const timer = setInterval(tick, 20)
        return () => clearInterval(timer)
      },
    })
    const client = await world.open({ query: '?after=0' })
    const elsewhere = appendElsewhere(world.file, 40)
    let written = 0
    // Until the other one is done: both really write at the same time.
    await eventually(
      async () => {
        await appendMany(world.store, 10)
        written += 10
        return Promise.race([elsewhere, nextTurn(null)])
      },
      { what: 'the end of the other process' },
    )
    await client.received(written + 40)
    expect(client.seqs()).toEqual(range(1, written + 40))
    expect(new Set(client.frames.map(({ event }) => event))).toEqual(
      new Set(['sync.completed', 'written.elsewhere']),
    )
  })

  it('ends the stream of a client that falls behind, and leaves nothing out when it comes back', async () => {
    const world = await openEventWorld({ limits: { backlog: 3 } })
    const slow = await world.open({ isReading: false })
    const quick = await world.open()
    await eventually(() => quick.lastEventId() === '0', { what: 'the opening' })
    let written = 0
    await eventually(
      async () => {
        await append(world.store, [logRow({ payload: { v: 1, LARGE } })])
        written += 1
        // A reader that keeps up stays.
        await quick.received(written)
        return world.log.lines.some(({ fields }) => fields['end'] === 'overflow')
      },
      { what: 'the end of the slow stream' },
    )
    slow.resume()
    await isOver(slow, 'the connection to be cut')
    const told = slow.seqs()
    expect(told).toEqual(range(1, told.length))
    expect(told.length).toBeLessThan(written)
    const again = await world.open({ headers: { 'last-event-id': slow.lastEventId() } })
    await again.received(written - told.length)
    expect([...told, ...again.seqs()]).toEqual(range(1, written))
    expect(quick.seqs()).toEqual(range(1, written))
  })

  it('ends the stream of a client that takes nothing, also while old rows are told', async () => {
    const world = await openEventWorld({ limits: { stallMs: 50 }, pageSize: 2 })
    await append(
      world.store,
      range(1, 30).map(() => logRow({ payload: { v: 1, LARGE } })),
    )
    const client = await world.open({ query: '?after=0', isReading: false })
    await eventually(() => world.log.lines.some(({ fields }) => fields['end'] === 'stalled'), {
      what: 'the end of the stalled stream',
    })
    client.resume()
    await isOver(client, 'the connection to be cut')
    expect(client.seqs().length).toBeLessThan(30)
    expect(client.seqs()).toEqual(range(1, client.seqs().length))
  })

  it('shows signs of life that move the position past rows nobody asked for', async () => {
    const { store, open } = await openEventWorld({ limits: { heartbeatMs: 20 } })
    await store.commit([insert('projects', project()), insert('sessions', session())], null)
    const client = await open({ query: '?session=harbour-1' })
    await append(store, [logRow({ sessionId: 'harbour-2' })])
    await eventually(() => client.lastEventId() === '2', { what: 'the position after the other row' })
    expect(client.text()).toContain(': heartbeat\nid: 2\n\n')
    expect(client.frames).toEqual([])
  })
})
