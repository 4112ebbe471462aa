// The inbox on real files: stored once, finished together with its changes, retried, and in the operator's hands.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

import { createInbox, oldestPendingDelivery } from '../../../src/adapters/db/inbox-store.ts'
import { countStuck } from '../../../src/adapters/db/database-health.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { demand, insert } from '../../../src/domain/changes.ts'
import type { Delivery, InboxEntry } from '../../../src/ports/inbox.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { decision, groundwork, project } from './rows.ts'

function delivery(deliveryId: string, fields: Partial<Delivery> = {}): Delivery {
  const body = fields.body ?? `{"id":"${deliveryId}"}`
  return {
    deliveryId,
    event: 'issue_comment',
    action: 'created',
    installationId: 3,
    repositoryId: 7,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    receivedAt: 1_000,
    ...fields,
    body,
  }
}

async function openInbox() {
  const time = { now: 1_000 }
  const { database } = await openTempDatabase({ now: () => time.now })
  return { database, inbox: createInbox(database, () => 0.5), store: createStore(database), time }
}

function present(entry: InboxEntry | null | undefined): InboxEntry {
  if (entry === null || entry === undefined) throw new Error('the entry is missing')
  return entry
}

describe('insert', () => {
  it('stores a delivery as it came, and a body with any character unchanged', async () => {
    const { inbox } = await openInbox()
    const body = JSON.stringify({ text: '\u0000 "quotes" \\ \n 🪢 ' })
    expect(
      await inbox.insert(delivery('d1', { body, action: null, installationId: null, repositoryId: null })),
    ).toBe('stored')
    expect(await inbox.find('d1')).toEqual({
      ...delivery('d1', { body, action: null, installationId: null, repositoryId: null }),
      id: 1,
      status: 'pending',
      attempts: 0,
      reason: null,
      notBefore: 1_000,
    })
  })

  it('calls the same id, and the same event with the same body under a new id, duplicates that change nothing', async () => {
    const { inbox } = await openInbox()
    const first = delivery('d1', { body: '{"x":1}' })
    expect(await inbox.insert(first)).toBe('stored')
    expect(await inbox.insert(delivery('d1', { body: '{"x":2}' }))).toBe('duplicate')
    expect(await inbox.insert({ ...first, deliveryId: 'd2' })).toBe('duplicate')
    expect(await inbox.insert({ ...first, deliveryId: 'd3', event: 'push' })).toBe('stored')
    expect((await inbox.list({ statuses: null, limit: 10 })).map(({ deliveryId }) => deliveryId)).toEqual([
      'd3',
      'd1',
    ])
    await inbox.finish(1, [])
    expect(await inbox.insert({ ...first, deliveryId: 'd4' })).toBe('duplicate')
    expect(await inbox.nextDeliveries(10, 1_000)).toHaveLength(1)
  })

  it('counts a second press of the same button, but not a copy of a press within a minute', async () => {
    const { inbox } = await openInbox()
    const press = (deliveryId: string, seconds: number) =>
      inbox.insert(
        delivery(deliveryId, {
          event: 'check_run',
          action: 'requested_action',
          body: '{"pressed":true}',
          receivedAt: 1_000 + seconds * 1_000,
        }),
      )
    expect(await press('p1', 0)).toBe('stored')
    expect(await press('p2', 1)).toBe('duplicate')
    expect(await press('p2', 59.999)).toBe('duplicate')
    expect(await press('p1', 3_600)).toBe('duplicate')
    expect(await press('p3', 60)).toBe('stored')
    expect(await press('p4', 119)).toBe('duplicate')
    for (const id of ['p1', 'p3']) await inbox.finish(present(await inbox.find(id)).id, [])
    expect(await press('p5', 120)).toBe('stored')
    expect((await inbox.nextDeliveries(9, 999_999)).map(({ deliveryId }) => deliveryId)).toEqual(['p5'])
  })

  it.each(['issue_comment', 'issues', 'pull_request_review', 'pull_request_review_comment'])(
    'takes %s with the same body as a duplicate for ever, whatever its action',
    async (event) => {
      const { inbox } = await openInbox()
      for (const [no, action] of ['created', 'requested_action', null].entries()) {
        const first = { event, action, body: `{"no":${no}}` }
        const later = { ...first, receivedAt: 1_000 + 86_400_000 }
        expect(await inbox.insert(delivery(`a${no}`, first))).toBe('stored')
        expect(await inbox.insert(delivery(`b${no}`, later))).toBe('duplicate')
      }
    },
  )

  it('takes a second hint with the same body under a new id, and its redelivery never', async () => {
    const { inbox } = await openInbox()
    const hints = [
      { event: 'pull_request_review_thread', action: 'resolved' },
      { event: 'check_run', action: 'completed' },
      { event: 'status', action: null },
      { event: 'push', action: null },
    ]
    for (const [no, hint] of hints.entries()) {
      const same = { ...hint, body: `{"no":${no}}` }
      expect(await inbox.insert(delivery(`a${no}`, same))).toBe('stored')
      expect(await inbox.insert(delivery(`a${no}`, same))).toBe('duplicate')
      expect(await inbox.insert(delivery(`b${no}`, same))).toBe('stored')
      await inbox.finish(present(await inbox.find(`b${no}`)).id, [])
      expect(await inbox.insert(delivery(`b${no}`, same))).toBe('duplicate')
    }
    expect((await inbox.nextDeliveries(99, 1_000)).map(({ deliveryId }) => deliveryId)).toEqual(
      hints.map((_, no) => `a${no}`),
    )
  })

  it('stores one of many copies of a press that arrive at once', async () => {
    const { inbox } = await openInbox()
    const press = { event: 'check_run', action: 'requested_action', body: '{"pressed":true}' } as const
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, no) => inbox.insert(delivery(`p${no}`, press))),
    )
    expect(answers.filter((answer) => answer === 'stored')).toHaveLength(1)
  })

  it('stores each of many that arrive at once exactly once', async () => {
    const { inbox } = await openInbox()
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, no) => inbox.insert(delivery(`d${no % 20}`))),
    )
    expect(answers.filter((answer) => answer === 'stored')).toHaveLength(20)
    expect(await inbox.nextDeliveries(100, 1_000)).toHaveLength(20)
  })
})

describe('finish', () => {
  it('writes changes and the end in one transaction, once, and nothing of it when they are refused', async () => {
    const { inbox, store } = await openInbox()
    await inbox.insert(delivery('d1'))
    await store.commit([...groundwork(), insert('decisions', decision())], null)
    const guarded = [
      insert('projects', project({ id: 'p', repositoryId: 9 })),
      demand({ kind: 'no_open_decision', sessionId: 'harbour-1' }),
    ]
    await expect(inbox.finish(1, guarded)).rejects.toThrow('guard')
    expect((await inbox.find('d1'))?.status).toBe('pending')
    expect(await store.find('projects', { id: 'p' })).toBeNull()

    const log = {
      kind: 'log',
      type: 'alert.raised',
      projectId: 'p',
      prNumber: null,
      sessionId: null,
      payload: {},
      once: null,
    } as const
    await inbox.finish(1, [log, insert('projects', project({ id: 'p', repositoryId: 9 }))])
    await inbox.finish(1, [log, insert('projects', project({ id: 'q', repositoryId: 10 }))])
    expect((await inbox.find('d1'))?.status).toBe('done')
    expect(await store.find('projects', { id: 'p' })).not.toBeNull()
    expect(await store.find('projects', { id: 'q' })).toBeNull()
    expect(await inbox.nextDeliveries(10, 9_999)).toEqual([])
  })
})

describe('fail and ignore', () => {
  it('comes back later with growing delays, does not hold up others, and is dead after the eighth try', async () => {
    const { database, inbox, time } = await openInbox()
    await inbox.insert(delivery('d1'))
    await inbox.insert(delivery('d2'))
    const waits: number[] = []
    for (let tries = 1; tries <= 8; tries += 1) {
      expect((await inbox.nextDeliveries(1, time.now))[0]?.deliveryId).toBe('d1')
      expect(await inbox.fail(1, 'Bearer abcdefghijklmnop failed', time.now)).toBe(
        tries === 8 ? 'dead' : 'retry',
      )
      const entry = present(await inbox.find('d1'))
      waits.push(entry.notBefore - time.now)
      expect((await inbox.nextDeliveries(1, time.now))[0]?.deliveryId).toBe('d2')
      time.now = entry.notBefore
    }
    expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000])
    expect(await inbox.find('d1')).toMatchObject({
      status: 'dead',
      attempts: 8,
      reason: 'Bearer [removed] failed',
    })
    expect(await countStuck(database)).toMatchObject({ deadDeliveries: 1, pendingDeliveries: 1 })
    expect(await oldestPendingDelivery(database)).toBe(1_000)
  })

  it('names the next due time, and null when nothing waits', async () => {
    const { inbox, time } = await openInbox()
    expect(await inbox.nextDueAt()).toBeNull()
    await inbox.insert(delivery('d1'))
    await inbox.fail(1, 'x', time.now)
    expect(await inbox.nextDueAt()).toBe(2_000)
    await inbox.ignore(1, 'not for us')
    expect(await inbox.nextDueAt()).toBeNull()
    expect(await inbox.find('d1')).toMatchObject({ status: 'ignored', reason: 'not for us' })
  })

  it('does not touch a delivery that is done', async () => {
    const { inbox, time } = await openInbox()
    await inbox.insert(delivery('d1'))
    await inbox.finish(1, [])
    await inbox.fail(1, 'late', time.now)
    await inbox.ignore(1, 'late')
    expect(await inbox.find('d1')).toMatchObject({ status: 'done', reason: null, attempts: 0 })
  })
})

const OPERATOR = { actor: 'operator', via: 'cli' } as const
const ALICE = { actor: 'alice', via: 'rest' } as const

describe('replay and drop', () => {
  it('puts a dead delivery back with no attempts used, takes a pending one out, and records both', async () => {
    const { inbox, store, time } = await openInbox()
    await inbox.insert(delivery('d1'))
    for (let tries = 0; tries < 8; tries += 1) await inbox.fail(1, 'x', time.now)
    time.now = 5_000
    expect(await inbox.replay('d1', OPERATOR)).toBe('replayed')
    expect(await inbox.find('d1')).toMatchObject({
      status: 'pending',
      attempts: 0,
      reason: null,
      notBefore: 5_000,
    })
    expect(await inbox.replay('d1', OPERATOR)).toBe('already_pending')
    expect(await inbox.drop('d1', ALICE)).toBe('dropped')
    expect(await inbox.drop('d1', ALICE)).toBe('already_finished')
    expect(await inbox.nextDeliveries(10, 9_999)).toEqual([])
    expect(await inbox.replay('nobody', OPERATOR)).toBe('not_found')
    expect(await inbox.drop('nobody', OPERATOR)).toBe('not_found')
    expect(await store.list('auditLog', {})).toMatchObject([
      {
        action: 'inbox.replay',
        target: 'd1',
        actor: 'operator',
        via: 'cli',
        at: 5_000,
        details: { status: 'dead', attempts: 8 },
      },
      { action: 'inbox.drop', target: 'd1', actor: 'alice', via: 'rest', details: { status: 'pending' } },
    ])
  })

  it('keep one record for one repair, whoever else is at the same delivery', async () => {
    const { inbox, store } = await openInbox()
    await inbox.insert(delivery('d1'))
    const racing = [inbox.finish(1, []), inbox.drop('d1', ALICE), inbox.drop('d1', OPERATOR)] as const
    const [, ...outcomes] = await Promise.all(racing)
    const status = (await inbox.find('d1'))?.status
    const dropped = outcomes.filter((outcome) => outcome === 'dropped').length
    expect({ status, dropped }).toEqual(
      status === 'done' ? { status, dropped: 0 } : { status: 'dropped', dropped: 1 },
    )
    expect(await store.list('auditLog', {})).toHaveLength(dropped)
    expect(await Promise.all([inbox.replay('d1', ALICE), inbox.replay('d1', OPERATOR)])).toEqual(
      expect.arrayContaining(['replayed', 'already_pending']),
    )
    expect(await store.list('auditLog', { action: 'inbox.replay' })).toHaveLength(1)
  })

  it('lists by status, newest first, without bodies', async () => {
    const { inbox } = await openInbox()
    for (const id of ['d1', 'd2', 'd3']) await inbox.insert(delivery(id))
    await inbox.drop('d2', OPERATOR)
    expect(
      (await inbox.list({ statuses: ['pending'], limit: 1 })).map(({ deliveryId }) => deliveryId),
    ).toEqual(['d3'])
    const [dropped] = await inbox.list({ statuses: ['dropped'], limit: 10 })
    expect(dropped).toMatchObject({ deliveryId: 'd2' })
    expect(dropped).not.toHaveProperty('body')
  })
})
