// Who may listen to the event stream, to what, and how many; and that a closing server is not held up by them.

import { describe, expect, it } from 'vitest'
import { insert } from '../../../src/domain/changes.ts'
import { project, pullRequest, session } from '../../adapters/db/rows.ts'
import type { EventClient } from '../../support/event-client.ts'
import { eventually } from '../../support/eventually.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { append, logRow, openEventWorld, type EventWorld } from '../event-world.ts'

/** Reads an answer that is no stream. */
async function bodyOf(client: EventClient): Promise<Readonly<Record<string, unknown>>> {
  await client.ended
  return JSON.parse(client.text()) as Readonly<Record<string, unknown>>
}

async function harbour(settings: Parameters<typeof openEventWorld>[0] = {}): Promise<EventWorld> {
  const world = await openEventWorld(settings)
  await world.store.commit(
    [
      insert('projects', project()),
      insert('projects', project({ id: 'pier', repositoryId: 8, name: 'pier' })),
      insert('sessions', session()),
    ],
    null,
  )
  return world
}

describe('GET /api/v1/events', () => {
  it('asks for a bearer token', async () => {
    const { open } = await openEventWorld()
    for (const authorization of ['', 'Bearer wrong']) {
      const client = await open({ headers: { authorization } })
      expect(client.response.statusCode).toBe(401)
      expect(client.response.headers['www-authenticate']).toBe('Bearer')
      expect(await bodyOf(client)).toMatchObject({ code: 'UNAUTHORIZED' })
    }
  })

  it('refuses nonsense in the envelope, and opens no stream for it', async () => {
    const { open } = await harbour({ limits: { streams: 1 } })
    const asked: readonly (readonly [string, string, string?])[] = [
      ['?after=-1', 'after'],
      ['?after=1.5', 'after'],
      ['?after=', 'after'],
      ['?after=one', 'after'],
      ['?after=0x10', 'after'],
      ['?after=9007199254740993', 'after'],
      ['?after=1&after=2', 'after'],
      ['?since=1', 'since'],
      ['?pr=5', 'pr'],
      ['?pr=0&project=harbour', 'pr'],
      ['?pr=five&project=harbour', 'pr'],
      ['?project=', 'project'],
      ['?project=nowhere', 'project'],
      ['?session=nobody-1', 'session'],
      ['', 'Last-Event-ID', 'gap'],
    ]
    for (const [query, parameter, lastEventId] of asked) {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
      const client = await open({ query, headers })
      expect([query, client.response.statusCode]).toEqual([query, 400])
      expect(await bodyOf(client)).toMatchObject({
        code: 'EVENT_QUERY_INVALID',
        message: expect.stringContaining(`\`${parameter}\``),
        requestId: client.response.headers['x-request-id'],
        details: { parameter },
      })
    }
    // The only place is still free.
    expect((await open()).response.statusCode).toBe(200)
  })

  it('sends only what matches every filter, from the table and live', async () => {
    const { store, open } = await harbour()
    const rows = (round: string) => [
      logRow({ payload: { v: 1, round, is: 'both' } }),
      logRow({ prNumber: 6, sessionId: null, payload: { v: 1, round, is: 'pr 6' } }),
      logRow({ projectId: 'pier', sessionId: null, payload: { v: 1, round, is: 'pier' } }),
      logRow({ prNumber: null, sessionId: 'harbour-1', payload: { v: 1, round, is: 'session' } }),
    ]
    await append(store, rows('old'))
    const wanted = {
      '?after=0&project=pier': ['pier'],
      '?after=0&project=harbour&pr=6': ['pr 6'],
      '?after=0&project=harbour&pr=5&session=harbour-1': ['both'],
      '?after=1&session=harbour-1': ['both', 'session'],
      '?after=1&project=harbour': ['both', 'pr 6', 'session'],
    }
    const clients = await Promise.all(Object.keys(wanted).map((query) => open({ query })))
    // A session has a row of its own, from a trigger, when it is made.
    const told = (client: EventClient) =>
      client.frames
        .map(({ data }) => new Map<string, unknown>(Object.entries(Object(data['payload']))))
        .flatMap((payload) => {
          const [round, is] = [payload.get('round'), payload.get('is')]
          return typeof round === 'string' && typeof is === 'string' ? [`${round} ${is}`] : []
        })
    for (const [no, names] of Object.values(wanted).entries()) {
      await eventually(() => told(clients[no] as EventClient).length === names.length, {
        what: 'the old rows',
      })
    }
    await append(store, rows('new'))
    for (const [no, names] of Object.values(wanted).entries()) {
      const client = clients[no] as EventClient
      await eventually(() => told(client).length === 2 * names.length, { what: 'the new rows' })
      expect(told(client)).toEqual([
        ...names.map((name) => `old ${name}`),
        ...names.map((name) => `new ${name}`),
      ])
    }
  })

  it('has a bounded number of places, and gives the place of a client that left to the next', async () => {
    const { open } = await openEventWorld({ limits: { streams: 2 } })
    const [first] = await Promise.all([open(), open()])
    const refused = await open()
    expect(refused.response.statusCode).toBe(503)
    expect(refused.response.headers['retry-after']).toMatch(/^[1-9]\d*$/)
    expect(await bodyOf(refused)).toMatchObject({ code: 'EVENT_STREAMS_FULL', details: { limit: 2 } })
    first.cut()
    await eventually(async () => (await open()).response.statusCode === 200, { what: 'a free place' })
    expect((await open()).response.statusCode).toBe(503)
  })

  it('answers HEAD with the head, and takes no place for it', async () => {
    const { open } = await openEventWorld({ limits: { streams: 1 } })
    for (let no = 0; no < 3; no += 1) {
      const client = await open({ method: 'HEAD' })
      expect(client.response.statusCode).toBe(200)
      expect(client.response.headers['content-type']).toContain('text/event-stream')
      await client.ended
    }
    expect((await open()).response.statusCode).toBe(200)
  })

  it('lets the server close at once, ends every stream, and leaves nobody following', async () => {
    const { server, open, feed } = await openEventWorld({ pageSize: 3 })
    const clients = await Promise.all([open(), open({ query: '?after=0' })])
    await Promise.all(
      clients.map((client) => eventually(() => client.lastEventId() === '0', { what: 'the opening' })),
    )
    const startedAt = performance.now()
    await server.close()
    // The server's own patience with a request that never ends is ten seconds.
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    await Promise.all(clients.map((client) => client.ended))
    await feed.close()
  })

  it('goes on after the database could not be read for a while', async () => {
    const on = await openTempDatabase()
    let isBroken = false
    const reads = new Proxy(on.database.reads, {
      get: (target, name, self) => {
        if (isBroken) throw new Error('the disk is away')
        return Reflect.get(target, name, self) as unknown
      },
    })
    const { store, feed, open, log } = await openEventWorld({
      on: { ...on, database: { ...on.database, reads } },
    })
    const client = await open({ query: '?after=0' })
    await append(store, [logRow()])
    await client.received(1)
    isBroken = true
    await append(store, [logRow()])
    await append(store, [logRow()])
    await eventually(() => log.lines.some(({ message }) => message === 'change_log_not_read'), {
      what: 'a word of it',
    })
    isBroken = false
    feed.wake()
    await client.received(3)
    expect(client.seqs()).toEqual([1, 2, 3])
    expect(log.lines.filter(({ message }) => message === 'change_log_not_read')).toHaveLength(1)
  })
})

describe('the rows of triggers', () => {
  it('come with their own name and payload, in the transaction of what caused them', async () => {
    const world = await harbour()
    const client = await world.open({ query: '?project=harbour&pr=5' })
    await eventually(() => client.lastEventId() !== '', { what: 'the opening' })
    await world.store.commit([insert('pullRequests', pullRequest()), logRow({ type: 'phase.started' })], null)
    await client.received(2)
    expect(client.frames.map(({ event }) => event)).toEqual(['pr_created', 'phase.started'])
    expect(client.frames[0]?.data).toMatchObject({
      projectId: 'harbour',
      prNumber: 5,
      type: 'pr_created',
      payload: { v: 1, project: 'harbour', pr: 5, headRef: 'crane' },
    })
  })
})
