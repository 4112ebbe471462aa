// The change log's triggers: what they write, that silence stays silent, and that lost ones are put back or reported.

import { describe, expect, it } from 'vitest'

import { listChangeLog } from '../../../src/adapters/db/change-log.ts'
import type { Database } from '../../../src/adapters/db/database.ts'
import { isMigrated, migrate } from '../../../src/adapters/db/migrate.ts'
import { textIn } from '../../../src/adapters/db/row-values.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { assertTriggers, installTriggers, TRIGGERS } from '../../../src/adapters/db/triggers.ts'
import { insert, update, upsert } from '../../../src/domain/changes.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { project, pullRequest, session, SHA_A, SHA_B } from './rows.ts'

async function newRows(database: Database, after: { seq: number }) {
  const rows = await listChangeLog(database, { after: after.seq, limit: 100 })
  after.seq = rows.at(-1)?.seq ?? after.seq
  return rows.map(({ type, projectId, prNumber, sessionId, payload }) => ({
    type,
    ids: [projectId, prNumber, sessionId],
    payload,
  }))
}

describe('TRIGGERS', () => {
  it('write one row for each real change, with old and new values, and none for a repeat', async () => {
    const { database } = await openTempDatabase()
    const store = createStore(database)
    const seen = { seq: 0 }
    const commit = (...changes: Parameters<typeof store.commit>[0]) => store.commit(changes, null)

    await commit(insert('projects', project()), insert('pullRequests', pullRequest()))
    expect(await newRows(database, seen)).toEqual([
      {
        type: 'pr_created',
        ids: ['harbour', 5, null],
        payload: {
          v: 1,
          project: 'harbour',
          pr: 5,
          session: null,
          state: 'open',
          headRef: 'crane',
          headSha: SHA_A,
        },
      },
    ])

    await commit(
      insert('sessions', session()),
      update('pullRequests', { where: { projectId: 'harbour', number: 5 }, set: { sessionId: 'harbour-1' } }),
    )
    expect(await newRows(database, seen)).toEqual([
      {
        type: 'session_created',
        ids: ['harbour', 5, 'harbour-1'],
        payload: {
          v: 1,
          session: 'harbour-1',
          project: 'harbour',
          pr: 5,
          state: 'live',
          branch: 'crane',
          agent: 'scripted',
          startedBy: 'ada',
        },
      },
      {
        type: 'pr_session_changed',
        ids: ['harbour', 5, 'harbour-1'],
        payload: { v: 1, project: 'harbour', pr: 5, old: null, new: 'harbour-1' },
      },
    ])

    await commit(
      upsert(
        'pullRequests',
        pullRequest({ sessionId: 'harbour-1', headSha: SHA_B, isDraft: true, observedAt: 101 }),
      ),
    )
    expect(await newRows(database, seen)).toEqual([
      {
        type: 'pr_updated',
        ids: ['harbour', 5, 'harbour-1'],
        payload: {
          v: 1,
          project: 'harbour',
          pr: 5,
          session: 'harbour-1',
          changed: { is_draft: { old: 0, new: 1 }, head_sha: { old: SHA_A, new: SHA_B } },
        },
      },
    ])

    await commit(update('sessions', { where: { id: 'harbour-1' }, set: { state: 'stopped', updatedAt: 9 } }))
    expect(await newRows(database, seen)).toMatchObject([
      { type: 'session_updated', payload: { changed: { state: { old: 'live', new: 'stopped' } } } },
    ])

    await commit(
      upsert(
        'pullRequests',
        pullRequest({ sessionId: 'harbour-1', headSha: SHA_B, isDraft: true, observedAt: 102 }),
      ),
      upsert('sessions', session({ state: 'stopped', updatedAt: 10 })),
      update('sessions', { where: { id: 'harbour-1' }, set: { state: 'stopped' } }),
    )
    await database.write([
      `UPDATE sessions SET state = state`,
      `UPDATE pull_requests SET title = title, session_id = session_id`,
    ])
    expect(await newRows(database, seen)).toEqual([])
  })

  it('write nothing when the transaction is refused', async () => {
    const { database } = await openTempDatabase()
    const store = createStore(database)
    await store.commit(
      [insert('projects', project()), insert('pullRequests', pullRequest()), insert('projects', project())],
      null,
    )
    expect(await listChangeLog(database, { after: 0, limit: 10 })).toEqual([])
  })
})

/** What drizzle-kit writes for a changed default: a new table, the rows copied, the old one dropped. */
async function rebuildSessions(database: Database): Promise<void> {
  const rows = await database.exclusive((client) =>
    client.execute(`SELECT sql FROM sqlite_master WHERE name = 'sessions'`),
  )
  const create = textIn(rows.rows[0] ?? {}, 'sql').replace('`sessions`', '`__new_sessions`')
  await database.exclusive(async (client) => {
    await client.migrate([
      create,
      'INSERT INTO __new_sessions SELECT * FROM sessions',
      'DROP TABLE sessions',
      'ALTER TABLE __new_sessions RENAME TO sessions',
    ])
  })
}

describe('installTriggers', () => {
  it('puts triggers back that a rebuilt table lost, after assertTriggers alone reported them', async () => {
    const { database } = await openTempDatabase()
    await rebuildSessions(database)
    await expect(assertTriggers(database)).rejects.toMatchObject({
      code: 'DATABASE_TRIGGERS_MISSING',
      details: { missing: ['session_created', 'session_updated'] },
    })
    await migrate(database)
    await expect(assertTriggers(database)).resolves.toBeUndefined()
    await createStore(database).commit([insert('projects', project()), insert('sessions', session())], null)
    expect((await listChangeLog(database, { after: 0, limit: 10 })).map(({ type }) => type)).toEqual([
      'session_created',
    ])
  })

  it('replaces a trigger whose text is another, and writes nothing when all are right', async () => {
    const { database } = await openTempDatabase()
    await database.write([
      'DROP TRIGGER pr_updated',
      `CREATE TRIGGER pr_updated AFTER UPDATE ON pull_requests BEGIN SELECT 1; END`,
    ])
    await expect(assertTriggers(database)).rejects.toMatchObject({ details: { missing: ['pr_updated'] } })
    await installTriggers(database)
    await assertTriggers(database)
    const version = () =>
      database.exclusive(
        async (client) => (await client.execute('PRAGMA schema_version')).rows[0]?.['schema_version'],
      )
    const before = await version()
    await installTriggers(database)
    expect(await version()).toBe(before)
    expect(Object.keys(TRIGGERS)).toHaveLength(23)
  })
})

describe('isMigrated', () => {
  it('is true after migrate and false when the newest migration is not applied', async () => {
    const { database } = await openTempDatabase()
    expect(await isMigrated(database)).toBe(true)
    await database.write(['DELETE FROM __drizzle_migrations'])
    expect(await isMigrated(database)).toBe(false)
  })
})
