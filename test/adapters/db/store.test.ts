// The store on real files: every kind of change, every refusal, and that nothing is ever half written.

import { statSync } from 'node:fs'
import { createClient } from '@libsql/client'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import type { Database } from '../../../src/adapters/db/database.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { demand, insert, update, upsert, type Change } from '../../../src/domain/changes.ts'
import { isAppError } from '../../../src/domain/errors/app-error.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import {
  attempt,
  decision,
  groundwork,
  phaseRun,
  pipeline,
  project,
  pullRequest,
  session,
  SHA_A,
  SHA_B,
} from './rows.ts'

async function openStore() {
  const { database, url, file } = await openTempDatabase({ now: () => 1_000 })
  const store = createStore(database)
  await store.commit(groundwork(), null)
  return { database, store, url, file }
}

async function contents(database: Database): Promise<string> {
  const tables = [
    'projects',
    'pull_requests',
    'sessions',
    'pipelines',
    'decisions',
    'attempts',
    'change_log',
    'jobs',
    'lanes',
    'effects',
    'guards',
  ]
  const rows = await Promise.all(
    tables.map((table) => database.reads.all(sql`SELECT * FROM ${sql.identifier(table)}`)),
  )
  return JSON.stringify(rows)
}

function enqueue(idem: string): Change {
  return {
    kind: 'enqueue',
    lane: 'harbour#5',
    idem,
    job: { kind: 'refresh_status', sessionId: 'harbour-1' },
    runAt: 0,
  }
}

describe('find and list', () => {
  it('returns records exactly as they were inserted, with null, booleans and JSON', async () => {
    const { store } = await openStore()
    await store.commit(
      [
        insert('decisions', decision()),
        insert('attempts', attempt({ exit: { kind: 'exited', code: 0 }, status: 'succeeded' })),
      ],
      null,
    )
    expect(await store.find('projects', { id: 'harbour' })).toEqual(project())
    expect(await store.find('pullRequests', { projectId: 'harbour', number: 5 })).toEqual(pullRequest())
    expect(await store.find('decisions', { id: 'abc234' })).toEqual(decision())
    expect((await store.find('attempts', { id: 'attempt-1' }))?.exit).toEqual({ kind: 'exited', code: 0 })
  })

  it('matches null, lists of values, lists with null, and nothing for an empty list', async () => {
    const { store } = await openStore()
    await store.commit(
      [insert('sessions', session({ id: 'harbour-2', no: 2, state: 'closed', lastSyncedSha: SHA_A }))],
      null,
    )
    const ids = async (where: Parameters<typeof store.list<'sessions'>>[1]) =>
      (await store.list('sessions', where)).map(({ id }) => id)
    expect(await ids({})).toEqual(['harbour-1', 'harbour-2'])
    expect(await ids({ lastSyncedSha: null })).toEqual(['harbour-1'])
    expect(await ids({ state: ['live', 'closed'] })).toEqual(['harbour-1', 'harbour-2'])
    expect(await ids({ lastSyncedSha: [SHA_A, null] })).toEqual(['harbour-1', 'harbour-2'])
    expect(await ids({ lastSyncedSha: [null] })).toEqual(['harbour-1'])
    expect(await ids({ state: [] })).toEqual([])
    expect(await store.find('sessions', { id: 'nobody' })).toBeNull()
  })

  it('lists in the order of insertion, not of the key', async () => {
    const { store } = await openStore()
    for (const no of [9, 3, 6])
      await store.commit([insert('sessions', session({ id: `harbour-${no}`, no, state: 'closed' }))], null)
    expect((await store.list('sessions', { state: 'closed' })).map(({ no }) => no)).toEqual([9, 3, 6])
  })

  it('treats text that looks like SQL as text', async () => {
    const { store } = await openStore()
    const title = `'); DROP TABLE projects; --`
    await store.commit(
      [update('pullRequests', { where: { projectId: 'harbour', number: 5 }, set: { title } })],
      null,
    )
    expect((await store.find('pullRequests', { title }))?.title).toBe(title)
  })
})

describe('commit', () => {
  it('refuses an insert whose primary key or unique key is taken, and writes nothing', async () => {
    const { database, store } = await openStore()
    const before = await contents(database)
    const refused = { kind: 'refused', because: { kind: 'already_exists', table: 'projects' } }
    expect(await store.commit([enqueue('a'), insert('projects', project())], null)).toEqual(refused)
    expect(await store.commit([insert('projects', project({ id: 'other' }))], null)).toEqual(refused)
    expect(await contents(database)).toBe(before)
  })

  it.each([
    [
      'two sessions that hold one pull request',
      insert('sessions', session({ id: 'harbour-2', no: 2, state: 'spawning' })),
      'sessions',
    ],
    [
      'two sessions that hold one branch',
      insert('sessions', session({ id: 'harbour-2', no: 2, prNumber: 6 })),
      'sessions',
    ],
    [
      'two pipelines of a session that are not terminal',
      insert('pipelines', pipeline({ id: 'harbour-1.2', no: 2, status: 'pending' })),
      'pipelines',
    ],
    ['a phase at a taken position', insert('phaseRuns', phaseRun({ id: 'phase-2' })), 'phaseRuns'],
  ] as const)('refuses %s', async (_name, change, table) => {
    const { store } = await openStore()
    expect(await store.commit([change], null)).toEqual({
      kind: 'refused',
      because: { kind: 'already_exists', table },
    })
  })

  it('refuses a second running attempt and a second open question, also by an update', async () => {
    const { store } = await openStore()
    await store.commit([insert('attempts', attempt()), insert('decisions', decision())], null)
    const second = [
      insert('attempts', attempt({ id: 'attempt-2', status: 'lost' })),
      insert('decisions', decision({ id: 'xyz789', status: 'cancelled' })),
    ]
    expect(await store.commit(second, null)).toEqual({ kind: 'committed' })
    expect(
      await store.commit(
        [update('attempts', { where: { id: 'attempt-2' }, set: { status: 'running' } })],
        null,
      ),
    ).toMatchObject({
      because: { kind: 'already_exists', table: 'attempts' },
    })
    expect(await store.commit([insert('decisions', decision({ id: 'qqq222' }))], null)).toMatchObject({
      because: { table: 'decisions' },
    })
  })

  it('lets a decision id be used again in another project only', async () => {
    const { store } = await openStore()
    await store.commit([insert('decisions', decision({ status: 'resolved' }))], null)
    await store.commit([insert('projects', project({ id: 'other', repositoryId: 8 }))], null)
    expect(
      await store.commit([insert('decisions', decision({ projectId: 'other', status: 'resolved' }))], null),
    ).toEqual({ kind: 'committed' })
    expect(await store.commit([insert('decisions', decision({ status: 'resolved' }))], null)).toMatchObject({
      kind: 'refused',
    })
  })

  it('updates when the row is as expected, and refuses otherwise or when there is none', async () => {
    const { database, store } = await openStore()
    const resolve = (id: string) =>
      update('decisions', {
        where: { projectId: 'harbour', id },
        set: { status: 'resolved', answer: 'abort' },
        expect: { status: 'pending' },
      })
    await store.commit([insert('decisions', decision())], null)
    expect(await store.commit([resolve('abc234')], null)).toEqual({ kind: 'committed' })
    const before = await contents(database)
    const refused = { kind: 'refused', because: { kind: 'expectation', table: 'decisions' } }
    expect(await store.commit([enqueue('x'), resolve('abc234')], null)).toEqual(refused)
    expect(await store.commit([resolve('nobody')], null)).toEqual(refused)
    expect(await contents(database)).toBe(before)
  })

  it('compares expectations with null, JSON and booleans', async () => {
    const { store } = await openStore()
    const remoteMoved = { sha: SHA_B, by: 'eve' }
    const where = { id: 'harbour-1' }
    expect(
      await store.commit(
        [update('sessions', { where, set: { remoteMoved }, expect: { remoteMoved: null } })],
        null,
      ),
    ).toEqual({ kind: 'committed' })
    expect(
      await store.commit(
        [update('sessions', { where, set: { remoteMoved: null }, expect: { remoteMoved } })],
        null,
      ),
    ).toEqual({ kind: 'committed' })
    expect(
      await store.commit([update('sessions', { where, set: {}, expect: { remoteMoved } })], null),
    ).toMatchObject({ kind: 'refused' })
    expect((await store.find('sessions', where))?.remoteMoved).toBeNull()
  })

  it('demands that an update names the primary key', async () => {
    const { store } = await openStore()
    const careless = update('decisions', { where: { id: 'abc234' }, set: { status: 'resolved' } })
    await expect(store.commit([careless], null)).rejects.toThrow('must name projectId')
  })

  it('writes no row for an upsert or update that changes nothing, and no byte to disk', async () => {
    const { database, store, file } = await openStore()
    const before = await contents(database)
    const journal = statSync(`${file}-wal`).size
    await store.commit(
      [
        upsert('pullRequests', pullRequest()),
        upsert('sessions', session()),
        update('sessions', { where: { id: 'harbour-1' }, set: { state: 'live' } }),
      ],
      null,
    )
    expect(await contents(database)).toBe(before)
    expect(statSync(`${file}-wal`).size).toBe(journal)
    await store.commit([update('sessions', { where: { id: 'harbour-1' }, set: { state: 'stopped' } })], null)
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(journal)
  })

  it('never lets an older observation of a pull request overwrite a newer one', async () => {
    const { store } = await openStore()
    await store.commit([upsert('pullRequests', pullRequest({ observedAt: 200, title: 'new' }))], null)
    await store.commit([upsert('pullRequests', pullRequest({ observedAt: 150, title: 'old' }))], null)
    expect(await store.find('pullRequests', { number: 5 })).toMatchObject({ observedAt: 200, title: 'new' })
    await store.commit([upsert('pullRequests', pullRequest({ observedAt: 200, title: 'same second' }))], null)
    expect(await store.find('pullRequests', { number: 5 })).toMatchObject({ title: 'same second' })
  })

  it.each([
    [{ kind: 'no_open_decision', sessionId: 'harbour-1' }, insert('decisions', decision())],
    [
      { kind: 'no_running_attempt', sessionId: 'harbour-1' },
      insert('attempts', attempt({ status: 'starting' })),
    ],
    [
      { kind: 'no_live_session', projectId: 'harbour', prNumber: 5 },
      update('sessions', { where: { id: 'harbour-1' }, set: { state: 'spawning' } }),
    ],
  ] as const)('refuses by the guard $0.kind while it does not hold', async (guard, breaks) => {
    const { database, store } = await openStore()
    await store.commit([update('sessions', { where: { id: 'harbour-1' }, set: { state: 'stopped' } })], null)
    expect(await store.commit([demand(guard), enqueue('before')], null)).toEqual({ kind: 'committed' })
    expect(await store.commit([breaks], null)).toEqual({ kind: 'committed' })
    const before = await contents(database)
    expect(await store.commit([enqueue('after'), demand(guard)], null)).toEqual({
      kind: 'refused',
      because: { kind: 'guard', guard },
    })
    expect(await contents(database)).toBe(before)
  })

  it('throws when a reference would dangle, naming the rule and no value', async () => {
    const { store } = await openStore()
    const error = await store
      .commit([insert('pipelines', pipeline({ id: 'secret-value', sessionId: 'nobody', no: 4 }))], null)
      .catch((thrown: unknown) => thrown)
    expect(isAppError(error, 'DATABASE_RULE_BROKEN')).toBe(true)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toContain('secret-value')
  })

  it('throws LANE_LOST and writes nothing when the fence is not the lane’s any more', async () => {
    const { database, store } = await openStore()
    await store.commit([enqueue('a')], null)
    const lane = await createLanes(database).claim({
      owner: { runnerId: 'r', bootId: '1' },
      now: 1,
      leaseMs: 10,
    })
    if (lane === null) throw new Error('the lane was not claimed')
    expect(await store.commit([enqueue('b')], lane)).toEqual({ kind: 'committed' })
    await createLanes(database).claim({ owner: { runnerId: 'other', bootId: '1' }, now: 1_000, leaseMs: 10 })
    const before = await contents(database)
    // The lane comes before everything else: a refused change must not hide that the lane is gone.
    const error = await store
      .commit([insert('projects', project()), enqueue('c')], lane)
      .catch((thrown: unknown) => thrown)
    expect(isAppError(error, 'LANE_LOST')).toBe(true)
    expect(await contents(database)).toBe(before)
  })

  it('shows no reader on another connection half of a commit', async () => {
    const { store, url } = await openStore()
    const reader = createClient({ url, concurrency: 1 })
    const writing = { isDone: false }
    const seen = new Set<unknown>()
    const reading = (async () => {
      while (!writing.isDone) {
        const { rows } = await reader.execute(
          `SELECT (SELECT last_synced_sha FROM sessions WHERE id = 'harbour-1') IS (SELECT head_sha FROM pull_requests) AS same,
             (SELECT next_session_no FROM projects) AS no`,
        )
        seen.add(rows[0]?.['same'])
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    await store.commit(
      [update('sessions', { where: { id: 'harbour-1' }, set: { lastSyncedSha: SHA_A } })],
      null,
    )
    seen.clear()
    for (let no = 2; no < 60; no += 1) {
      const sha = no % 2 === 0 ? SHA_B : SHA_A
      await store.commit(
        [
          update('sessions', { where: { id: 'harbour-1' }, set: { lastSyncedSha: sha } }),
          update('projects', { where: { id: 'harbour' }, set: { nextSessionNo: no } }),
          update('pullRequests', { where: { projectId: 'harbour', number: 5 }, set: { headSha: sha } }),
        ],
        null,
      )
      await new Promise((resolve) => setImmediate(resolve))
    }
    writing.isDone = true
    await reading
    reader.close()
    expect([...seen]).toEqual([1])
  })
})
