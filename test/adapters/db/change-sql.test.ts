// What commits leave for the workers and the change log: jobs, effects and lifecycle rows, each stored once.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { listChangeLog } from '../../../src/adapters/db/change-log.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { insert, upsert, type Change } from '../../../src/domain/changes.ts'
import type { Effect } from '../../../src/domain/effects.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { groundwork, project } from './rows.ts'

async function openStore() {
  const { database } = await openTempDatabase({ now: () => 1_000 })
  const store = createStore(database)
  await store.commit(groundwork(), null)
  return { database, store }
}

const COMMENT: Effect = {
  kind: 'comment',
  target: 'status:harbour-1',
  repository: { installationId: 3, owner: 'quay', name: 'harbour' },
  issueNumber: 5,
  body: 'one',
}

const REACTION: Effect = {
  kind: 'reaction',
  target: 'reaction:IC_1',
  repository: COMMENT.repository,
  subjectNodeId: 'IC_1',
  content: 'eyes',
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

describe('planChange', () => {
  it('stores a job once per idempotency key and makes its lane', async () => {
    const { database, store } = await openStore()
    await store.commit([enqueue('a'), enqueue('a'), enqueue('b')], null)
    await store.commit([enqueue('a')], null)
    expect(await database.reads.all(sql`SELECT idem, lane, state FROM jobs ORDER BY id`)).toEqual([
      { idem: 'a', lane: 'harbour#5', state: 'pending' },
      { idem: 'b', lane: 'harbour#5', state: 'pending' },
    ])
    expect(await database.reads.all(sql`SELECT key, fence, owner, next_run_at FROM lanes`)).toEqual([
      { key: 'harbour#5', fence: 0, owner: null, next_run_at: 0 },
    ])
  })

  it('wakes for jobs and effects after they are committed, and not when refused', async () => {
    const { database, store } = await openStore()
    const woken: string[] = []
    database.onWork({ jobs: () => woken.push('jobs'), effects: () => woken.push('effects') })
    await store.commit([enqueue('a'), insert('projects', project())], null)
    await store.commit([upsert('projects', project())], null)
    expect(woken).toEqual([])
    await store.commit([enqueue('a'), { kind: 'put_effect', effect: COMMENT }], null)
    expect(woken).toEqual(['jobs', 'effects'])
  })

  it('keeps one row per mutable effect with a version that grows only when the payload changes', async () => {
    const { database, store } = await openStore()
    const put = (effect: Effect) => store.commit([{ kind: 'put_effect', effect }], null)
    const state = () => database.reads.all(sql`SELECT version, state FROM effects`)
    await put(COMMENT)
    for (const alive of ['pending', 'sending', 'sent']) {
      await database.write([`UPDATE effects SET state = '${alive}'`])
      await put(COMMENT)
      expect(await state()).toEqual([{ version: 1, state: alive }])
    }
    await put({ ...COMMENT, body: 'two' })
    expect(await state()).toEqual([{ version: 2, state: 'pending' }])
  })

  it.each(['comment', 'reaction'] as const)(
    'tries a dead %s again when it is stored again, with no tries used',
    async (kind) => {
      const { database, store } = await openStore()
      const effect = kind === 'comment' ? COMMENT : REACTION
      const put = () => store.commit([{ kind: 'put_effect', effect }], null)
      await put()
      await database.write([
        `UPDATE effects SET state = 'dead', last_error = 'GitHub answered 403: no', attempts = 3, run_at = 999999, remote_id = '7', may_exist = 1`,
      ])
      await put()
      const revived = { state: 'pending', version: 1, attempts: 0, run_at: 1_000, last_error: null }
      expect(
        await database.reads.all(
          sql`SELECT state, version, attempts, run_at, last_error, remote_id, may_exist FROM effects`,
        ),
      ).toEqual([{ ...revived, remote_id: '7', may_exist: 1 }])
    },
  )

  it('stores a reaction once, also when it was sent long ago', async () => {
    const { database, store } = await openStore()
    await store.commit(
      [
        { kind: 'put_effect', effect: REACTION },
        { kind: 'put_effect', effect: { ...REACTION, content: 'rocket' } },
      ],
      null,
    )
    await database.write([`UPDATE effects SET state = 'sent'`])
    await store.commit([{ kind: 'put_effect', effect: REACTION }], null)
    expect(await database.reads.all(sql`SELECT key, state, version FROM effects ORDER BY id`)).toEqual([
      { key: 'reaction:IC_1:eyes', state: 'sent', version: 1 },
      { key: 'reaction:IC_1:rocket', state: 'sent', version: 1 },
    ])
  })

  it('writes a lifecycle row once per key, and every time without one', async () => {
    const { database, store } = await openStore()
    const log = (once: string | null): Change => ({
      kind: 'log',
      type: 'phase.failed',
      projectId: 'harbour',
      prNumber: 5,
      sessionId: 'harbour-1',
      payload: { epoch: 1 },
      once,
    })
    await store.commit([log('k'), log('k'), log(null)], null)
    await store.commit([log('k'), log(null)], null)
    const rows = (await listChangeLog(database, { after: 0, limit: 100 })).filter(
      ({ type }) => type === 'phase.failed',
    )
    expect(rows.map(({ onceKey, payload, createdAt }) => [onceKey, payload, createdAt])).toEqual([
      ['k', { epoch: 1 }, 1_000],
      [null, { epoch: 1 }, 1_000],
      [null, { epoch: 1 }, 1_000],
    ])
  })
})
