import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { pino } from 'pino'
import { Probot } from 'probot'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insert, type Change } from '../../src/domain/changes.ts'
import type { AppEvent } from '../../src/domain/events.ts'
import { createInboxWorker, type InboxWorker, type InboxWorkerParts } from '../../src/edge/inbox-worker.ts'
import {
  createEventCollector,
  registerWebhooks,
  type EventCollector,
} from '../../src/edge/register-webhooks.ts'
import type { InboxEntry } from '../../src/ports/inbox.ts'
import { keepLog, makeGate, openTempInbox, SECRET, type TempInbox } from './edge-world.ts'
import { exampleOf } from './published-examples.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

let collector: EventCollector
let probot: Probot
/** Where Probot would call GitHub; nobody must. */
const calls: string[] = []
const github = createServer((request, response) => {
  calls.push(request.url ?? '')
  response.writeHead(500).end()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve))
  const address = github.address()
  const port = typeof address === 'object' ? address?.port : 0
  collector = createEventCollector()
  const baseUrl = `http://127.0.0.1:${port}`
  probot = new Probot({ appId: 1, privateKey, secret: SECRET, baseUrl, log: pino({ level: 'silent' }) })
  await probot.load(registerWebhooks(collector))
})
afterAll(() => new Promise((resolve) => github.close(resolve)))

let store: TempInbox
let workers: InboxWorker[]
let now: number
let routed: AppEvent[]
let route: (events: readonly AppEvent[]) => Promise<readonly Change[]>
const log = keepLog()

beforeEach(async () => {
  now = 1_700_000_000_000
  store = await openTempInbox(() => now)
  workers = []
  routed = []
  log.lines.length = 0
  route = async (events) => {
    routed.push(...events)
    return []
  }
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()))
  await store.close()
})

function makeWorker(changed: Partial<InboxWorkerParts> = {}): InboxWorker {
  const parts = {
    inbox: store.inbox,
    probot,
    collector,
    route: (e: readonly AppEvent[]) => route(e),
    now: () => now,
    log,
  }
  const worker = createInboxWorker({ ...parts, ...changed })
  workers.push(worker)
  return worker
}

async function deliver(event: string, payload: object): Promise<string> {
  const deliveryId = randomUUID()
  const body = JSON.stringify(payload)
  const ids = { action: null, installationId: null, repositoryId: null }
  await store.inbox.insert({ ...ids, deliveryId, event, body, bodySha256: randomUUID(), receivedAt: now })
  return deliveryId
}

function comment(body: string): Readonly<Record<string, unknown>> {
  return exampleOf('issue_comment', 'created', { comment: { body } })
}

async function entryOf(deliveryId: string): Promise<InboxEntry> {
  const entry = await store.inbox.find(deliveryId)
  if (entry === null) throw new Error('the delivery is gone')
  return entry
}

/** A change that is easy to look for. */
function audit(id: string): Change {
  return insert('auditLog', { id, at: now, actor: 'x', via: 'test', action: 'a', target: 't', details: {} })
}

async function countAudits(): Promise<number> {
  const rows = await store.database.reads.all<{ n: number }>('SELECT count(*) AS n FROM audit_log')
  return rows[0]?.n ?? -1
}

describe('createInboxWorker', () => {
  it('hands the events of deliveries to the route in the order of arrival, over more than one batch', async () => {
    const words = Array.from({ length: 25 }, (_value, index) => `/belay ${index}`)
    for (const word of words) await deliver('issue_comment', comment(word))
    expect(await makeWorker().pump()).toBe(25)
    expect(routed.map((event) => event.kind === 'comment_written' && event.body)).toEqual(words)
    expect((await store.inbox.list({ statuses: ['done'], limit: 100 })).length).toBe(25)
  })

  it('writes the changes together with "done", and nothing when they are refused', async () => {
    const good = await deliver('issue_comment', comment('one'))
    route = async () => [audit('same')]
    await makeWorker().pump()
    expect(await countAudits()).toBe(1)
    const clash = await deliver('issue_comment', comment('two'))
    route = async () => [audit('other'), audit('same')]
    await makeWorker().pump()
    expect(await countAudits()).toBe(1)
    expect((await entryOf(good)).status).toBe('done')
    expect(await entryOf(clash)).toMatchObject({ status: 'pending', attempts: 1, reason: expect.any(String) })
  })

  it('ignores what means nothing, with the reason, and never asks the route', async () => {
    const cases: readonly [string, object, string][] = [
      ['star', { action: 'created' }, 'event_not_used'],
      ['error', {}, 'event_not_used'],
      ['issue_comment', exampleOf('issue_comment', 'deleted'), 'action_not_used'],
      ['push', { ...exampleOf('push', null), installation: undefined }, 'no_installation'],
    ]
    const ids: string[] = []
    for (const [event, payload] of cases) ids.push(await deliver(event, payload))
    await makeWorker().pump()
    const reasons = await Promise.all(ids.map(async (id) => (await entryOf(id)).reason))
    expect(reasons).toEqual(cases.map(([, , reason]) => reason))
    expect(routed).toEqual([])
  })

  it('lets a poisoned delivery die after eight attempts while the others pass it', async () => {
    const poisoned = await deliver('issue_comment', { action: 'created', installation: { id: 1 } })
    const healthy = await deliver('issue_comment', comment('hello'))
    const worker = makeWorker()
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      expect(await worker.pump()).toBe(attempt === 1 ? 2 : 1)
      expect(await entryOf(poisoned)).toMatchObject({
        attempts: attempt,
        status: attempt < 8 ? 'pending' : 'dead',
      })
      now += 60 * 60_000
    }
    expect(await worker.pump()).toBe(0)
    expect((await entryOf(poisoned)).reason).toMatch(/^PAYLOAD_UNREADABLE: /)
    expect((await entryOf(healthy)).status).toBe('done')
    await store.inbox.replay(poisoned, { actor: 'alice', via: 'rest' })
    expect(await worker.pump()).toBe(1)
  })

  it('keeps payloads and secrets out of reasons and log', async () => {
    const id = await deliver('issue_comment', comment('the private words'))
    route = () => Promise.reject(new Error('could not use ghs_0123456789abcdef0123456789abcdef0123'))
    await makeWorker().pump()
    expect((await entryOf(id)).reason).toBe('Error: could not use [removed]')
    expect(JSON.stringify(log.lines)).not.toMatch(/ghs_|private words/)
  })

  it('calls nothing at GitHub', async () => {
    await deliver('issue_comment', comment('x'))
    await deliver('installation', exampleOf('installation', 'suspend'))
    await makeWorker().pump()
    expect(routed.map(({ kind }) => kind)).toEqual(['comment_written', 'installation_changed'])
    expect(calls).toEqual([])
  })

  it('works on what was pending when it starts, and on what it is woken for', async () => {
    await deliver('issue_comment', comment('before'))
    const worker = makeWorker()
    worker.start()
    await expect.poll(() => routed.length).toBe(1)
    for (const word of ['a', 'b', 'c']) {
      await deliver('issue_comment', comment(word))
      worker.wake()
    }
    await expect.poll(() => routed.length).toBe(4)
  })

  it('comes back by itself when a failed delivery is due again', async () => {
    let tries = 0
    route = async () => {
      tries += 1
      if (tries === 1) throw new Error('not now')
      return []
    }
    const id = await deliver('issue_comment', comment('x'))
    const worker = makeWorker({ now: Date.now })
    worker.start()
    await expect.poll(async () => (await entryOf(id)).status, { timeout: 20_000 }).toBe('done')
    expect(tries).toBe(2)
  })

  it('looks again when the inbox could not be read', async () => {
    let reads = 0
    const nextDeliveries: TempInbox['inbox']['nextDeliveries'] = (limit, at) => {
      reads += 1
      return reads === 1 ? Promise.reject(new Error('locked')) : store.inbox.nextDeliveries(limit, at)
    }
    const id = await deliver('issue_comment', comment('x'))
    makeWorker({ inbox: { ...store.inbox, nextDeliveries } }).start()
    await expect.poll(async () => (await entryOf(id)).status, { timeout: 10_000 }).toBe('done')
    expect(log.lines.some(({ message }) => message === 'inbox can not be read')).toBe(true)
  })

  it('finishes the delivery at hand when it closes, and leaves the next one', async () => {
    const entered = makeGate()
    const gate = makeGate()
    route = async () => {
      entered.open()
      await gate.promise
      return []
    }
    const first = await deliver('issue_comment', comment('1'))
    const second = await deliver('issue_comment', comment('2'))
    const worker = makeWorker()
    worker.start()
    await entered.promise
    const closed = worker.close()
    gate.open()
    await closed
    expect((await entryOf(first)).status).toBe('done')
    expect((await entryOf(second)).status).toBe('pending')
    worker.wake()
    expect(await worker.pump()).toBe(0)
  })
})

describe('registerWebhooks', () => {
  it('relies on Probot passing on names it has never heard of', async () => {
    await probot.receive({ id: 'a', name: 'brand_new_event', payload: {} } as never)
    expect(collector.take('a')).toEqual({ kind: 'ignored', reason: 'event_not_used' })
    expect(collector.take('a')).toBeNull()
  })

  it('never lets Probot see an error, because Probot wraps it together with the payload', async () => {
    await probot.receive({ id: 'b', name: 'push', payload: { installation: { id: 1 } } } as never)
    expect(collector.take('b')).toMatchObject({ kind: 'failed', error: { code: 'PAYLOAD_UNREADABLE' } })
    const other = new Probot({ appId: 1, privateKey, secret: SECRET, log: pino({ level: 'silent' }) })
    await other.load((app) => {
      app.onAny(() => {
        throw new Error('boom')
      })
    })
    const failure = await other
      .receive({ id: 'c', name: 'push', payload: { x: 1 } } as never)
      .catch((e: unknown) => e)
    expect(failure).toBeInstanceOf(AggregateError)
    expect(failure).toMatchObject({ event: { payload: { x: 1 } }, errors: [{ message: 'boom' }] })
  })
})
