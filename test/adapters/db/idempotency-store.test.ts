// Kept replies against a real database: who may answer, what is sent again, and what the end of a process leaves.

import { describe, expect, it } from 'vitest'

import { createIdempotency, pruneIdempotency } from '../../../src/adapters/db/idempotency-store.ts'
import type { Database } from '../../../src/adapters/db/database.ts'
import type { KeyedRequest } from '../../../src/ports/idempotency.ts'
import { openTempDatabase } from '../../support/temp-db.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const REQUEST: KeyedRequest = {
  actor: 'alice',
  key: 'monday',
  method: 'POST',
  path: '/api/v1/pipelines/harbour-1.1/start',
  bodySha256: 'a'.repeat(64),
}
const REPLY = { status: 200, body: { pipeline: 'harbour-1.1', said: 'äöü' } }

async function countRows(database: Database): Promise<unknown> {
  const { rows } = await database.exclusive((client) =>
    client.execute('SELECT count(*) AS rows FROM idempotency_keys'),
  )
  return rows[0]?.['rows']
}

describe('createIdempotency', () => {
  it('lets one answer, and sends the reply again to all who come later', async () => {
    const { database } = await openTempDatabase()
    const store = createIdempotency(database)
    const begun = await Promise.all([store.begin(REQUEST), store.begin(REQUEST), store.begin(REQUEST)])
    expect(begun.map(({ kind }) => kind)).toEqual(['started', 'running', 'running'])
    await store.end(REQUEST, REPLY)
    expect(await store.begin(REQUEST)).toEqual({ kind: 'answered', reply: REPLY })
    expect(await createIdempotency(database).begin(REQUEST)).toEqual({ kind: 'answered', reply: REPLY })
  })

  it.each<[string, Partial<KeyedRequest>]>([
    ['another address', { path: '/api/v1/pipelines/harbour-1.2/start' }],
    ['another method', { method: 'DELETE' }],
    ['another body', { bodySha256: 'b'.repeat(64) }],
  ])(
    'refuses the key for %s, while it runs, after it was answered, and after a crash',
    async (_what, other) => {
      const { database } = await openTempDatabase()
      const store = createIdempotency(database)
      await store.begin(REQUEST)
      expect(await store.begin({ ...REQUEST, ...other })).toEqual({ kind: 'other_request' })
      expect(await createIdempotency(database).begin({ ...REQUEST, ...other })).toEqual({
        kind: 'other_request',
      })
      await store.end(REQUEST, REPLY)
      expect(await store.begin({ ...REQUEST, ...other })).toEqual({ kind: 'other_request' })
      expect(await store.begin(REQUEST)).toEqual({ kind: 'answered', reply: REPLY })
    },
  )

  it('keeps the keys of two actors apart', async () => {
    const { database } = await openTempDatabase()
    const store = createIdempotency(database)
    await store.begin(REQUEST)
    await store.end(REQUEST, REPLY)
    expect(await store.begin({ ...REQUEST, actor: 'ci' })).toEqual({ kind: 'started' })
  })

  it('lets it run again when the process that answered is gone', async () => {
    const { database } = await openTempDatabase()
    await createIdempotency(database).begin(REQUEST)
    const next = createIdempotency(database)
    expect(await next.begin(REQUEST)).toEqual({ kind: 'started' })
    expect(await next.begin(REQUEST)).toEqual({ kind: 'running' })
    await next.end(REQUEST, REPLY)
    expect(await next.begin(REQUEST)).toEqual({ kind: 'answered', reply: REPLY })
  })

  it('forgets a reply that is not kept', async () => {
    const { database } = await openTempDatabase()
    const store = createIdempotency(database)
    await store.begin(REQUEST)
    await store.end(REQUEST, null)
    expect(await countRows(database)).toBe(0)
    expect(await store.begin({ ...REQUEST, bodySha256: 'c'.repeat(64) })).toEqual({ kind: 'started' })
  })

  it('gives the key free when the database takes nothing', async () => {
    const { database } = await openTempDatabase()
    const store = createIdempotency(database)
    await database.write([{ sql: 'ALTER TABLE idempotency_keys RENAME TO away', args: [] }])
    await expect(store.begin(REQUEST)).rejects.toThrow()
    await database.write([{ sql: 'ALTER TABLE away RENAME TO idempotency_keys', args: [] }])
    expect(await store.begin(REQUEST)).toEqual({ kind: 'started' })
  })

  it('keeps a reply for a day, and no longer', async () => {
    let now = 1_000
    const { database } = await openTempDatabase({ now: () => now })
    const store = createIdempotency(database)
    for (const key of ['old', 'young']) {
      await store.begin({ ...REQUEST, key })
      await store.end({ ...REQUEST, key }, REPLY)
      now += 10
    }
    now = 1_000 + DAY_MS - 1
    expect(await pruneIdempotency(database)).toBe(0)
    expect(await store.begin({ ...REQUEST, key: 'old' })).toMatchObject({ kind: 'answered' })
    now = 1_000 + DAY_MS
    // Over, also before the next look by the clock, and for another request as well.
    expect(await store.begin({ ...REQUEST, key: 'old', path: '/elsewhere' })).toEqual({ kind: 'started' })
    expect(await store.begin({ ...REQUEST, key: 'young' })).toMatchObject({ kind: 'answered' })
    now += 10
    expect(await pruneIdempotency(database)).toBe(1)
    expect(await countRows(database)).toBe(1)
  })
})
