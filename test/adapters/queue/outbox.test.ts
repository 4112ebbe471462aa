// The outbox over a real database and a scripted GitHub: order per target, versions, refusals, delays, crashes.

import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { createEffectQueue } from '../../../src/adapters/db/effect-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { createOutbox } from '../../../src/adapters/queue/outbox.ts'
import type { CheckRunState, Effect } from '../../../src/domain/effects.ts'
import type { SendOrder, SendOutcome } from '../../../src/ports/github.ts'
import { eventually } from '../../support/eventually.ts'
import { openTempDatabase } from '../../support/temp-db.ts'
import { SHA_A } from '../db/rows.ts'
import { gate, manualClock, recordingLog } from './surroundings.ts'

const repository = { installationId: 3, owner: 'quay', name: 'harbour' }

function comment(target: string, body: string): Effect {
  return { kind: 'comment', target, repository, issueNumber: 5, body }
}

function reaction(content: 'eyes' | 'rocket'): Effect {
  return { kind: 'reaction', target: 'reaction:IC_1', repository, subjectNodeId: 'IC_1', content }
}

function checkRun(state: CheckRunState, title = 'Belay'): Effect {
  return {
    kind: 'check_run',
    target: 'check:1',
    repository,
    headSha: SHA_A,
    externalId: 'x',
    state,
    title,
    summary: '',
    buttons: [],
  }
}

type Answer = SendOutcome | (() => Promise<SendOutcome>)

async function openOutbox(answers: (order: SendOrder) => Answer = () => ({ kind: 'sent', remoteId: '77' })) {
  const clock = manualClock()
  const log = recordingLog()
  const { database } = await openTempDatabase({ now: () => clock.now() })
  const store = createStore(database)
  const effects = createEffectQueue(database, () => 0.5)
  const orders: SendOrder[] = []
  const github = {
    send: async (order: SendOrder) => {
      orders.push(order)
      const answer = answers(order)
      return typeof answer === 'function' ? answer() : answer
    },
  }
  const outbox = createOutbox({ effects, github, clock, log })
  const put = async (...list: readonly Effect[]) =>
    store.commit(
      list.map((effect) => ({ kind: 'put_effect', effect })),
      null,
    )
  const rows = () =>
    database.reads.all<Record<string, unknown>>(
      sql`SELECT key, state, version, remote_id, may_exist, attempts, run_at, last_error FROM effects ORDER BY id`,
    )
  const sent = () =>
    orders.map(({ effect }) => {
      if (effect.kind === 'reaction') return effect.content
      if (effect.kind === 'check_run') return effect.state.status
      return effect.kind === 'resolve_thread' ? 'resolve' : effect.body
    })
  return { clock, log, database, effects, outbox, orders, put, rows, sent }
}

describe('createOutbox', () => {
  it('sends effects of one target in order and one at a time, other targets beside it', async () => {
    const hold = gate()
    const { outbox, put, sent } = await openOutbox(({ effect }) =>
      effect.kind === 'reaction' && effect.content === 'eyes'
        ? async () => {
            await hold.opened
            return { kind: 'sent', remoteId: null }
          }
        : { kind: 'sent', remoteId: '1' },
    )
    await put(reaction('eyes'), reaction('rocket'), comment('status:a', 'hello'))
    const pumped = outbox.pump()
    await eventually(() => sent().includes('hello'), { what: 'the other target is served' })
    expect(sent()).toEqual(['eyes', 'hello'])
    hold.open()
    expect(await pumped).toBe(3)
    expect(sent()).toEqual(['eyes', 'hello', 'rocket'])
  })

  it('creates once and edits afterwards, and sends only the newest version', async () => {
    const { outbox, orders, put, rows, sent } = await openOutbox()
    await put(comment('status:a', 'one'))
    await put(comment('status:a', 'two'))
    await outbox.pump()
    await put(comment('status:a', 'three'))
    await outbox.pump()
    await put(comment('status:a', 'three'))
    await outbox.pump()
    expect(sent()).toEqual(['two', 'three'])
    expect(orders.map(({ remoteId, mayExist }) => [remoteId, mayExist])).toEqual([
      [null, false],
      ['77', false],
    ])
    expect(await rows()).toMatchObject([{ state: 'sent', version: 3, remote_id: '77' }])
  })

  it('sends again when the desired state changed while an older version was on its way', async () => {
    const entered = gate()
    const hold = gate()
    const { outbox, orders, put, rows, sent } = await openOutbox(({ remoteId }) =>
      remoteId === null
        ? async () => {
            entered.open()
            await hold.opened
            return { kind: 'sent', remoteId: '77' }
          }
        : { kind: 'sent', remoteId: '77' },
    )
    await put(comment('status:a', 'one'))
    const pumped = outbox.pump()
    await entered.opened
    await put(comment('status:a', 'two'))
    hold.open()
    await pumped
    expect(sent()).toEqual(['one', 'two'])
    expect(orders[1]?.remoteId).toBe('77')
    expect(await rows()).toMatchObject([{ state: 'sent', version: 2 }])
  })

  it('gives up a refused effect alone; what is behind it goes on, and a newer version revives it', async () => {
    let isRefused = true
    const { outbox, log, put, rows, sent } = await openOutbox(({ effect }) =>
      isRefused && !(effect.kind === 'reaction' && effect.content === 'rocket')
        ? { kind: 'refused', status: 403, message: 'no' }
        : { kind: 'sent', remoteId: '5' },
    )
    await put(reaction('eyes'), reaction('rocket'), comment('status:a', 'one'))
    await outbox.pump()
    expect(await rows()).toMatchObject([
      { state: 'dead', last_error: 'GitHub answered 403: no' },
      { state: 'sent' },
      { state: 'dead' },
    ])
    expect(log.lines).toEqual([
      'error: An effect was refused for good',
      'error: An effect was refused for good',
    ])
    isRefused = false
    await put(comment('status:a', 'two'))
    await outbox.pump()
    expect(sent().at(-1)).toBe('two')
    expect(await rows()).toMatchObject([
      { state: 'dead' },
      { state: 'sent' },
      { state: 'sent', last_error: null },
    ])
  })

  it('sends a refused effect when it is stored again unchanged, and never a second time on its own', async () => {
    let isRefused = true
    const { outbox, put, rows, sent } = await openOutbox(() =>
      isRefused ? { kind: 'refused', status: 403, message: 'no' } : { kind: 'sent', remoteId: '5' },
    )
    await put(comment('question:a', 'one'))
    await outbox.pump()
    await outbox.pump()
    expect(sent()).toEqual(['one'])
    isRefused = false
    await put(comment('question:a', 'one'))
    await outbox.pump()
    await put(comment('question:a', 'one'))
    await outbox.pump()
    expect(sent()).toEqual(['one', 'one'])
    expect(await rows()).toMatchObject([{ state: 'sent', version: 1, last_error: null }])
  })

  it('waits as long as GitHub asks and longer with each failure, looks for what may exist, and never gives up', async () => {
    let isDown = true
    const { clock, outbox, orders, put, rows } = await openOutbox(() =>
      isDown ? { kind: 'try_later', afterMs: 5_000, message: 'slow down' } : { kind: 'sent', remoteId: '5' },
    )
    await put(comment('status:a', 'one'))
    const waits: number[] = []
    for (let tries = 0; tries < 15; tries += 1) {
      await outbox.pump()
      const runAt = Number((await rows())[0]?.['run_at'])
      waits.push(runAt - clock.now())
      clock.advance(runAt - clock.now() - 1)
      expect(await outbox.pump()).toBe(0)
      clock.advance(1)
    }
    expect(waits.slice(0, 5)).toEqual([5_000, 5_000, 5_000, 8_000, 16_000])
    expect(waits.at(-1)).toBe(450_000)
    isDown = false
    await outbox.pump()
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 0, last_error: null }])
    expect(orders.map(({ mayExist }) => mayExist)).toEqual([false, ...Array.from({ length: 15 }, () => true)])
  })

  it('keeps the order of a target while its first effect has to wait, and sleeps until it is due', async () => {
    let isDown = true
    const { clock, effects, outbox, put, sent } = await openOutbox(() =>
      isDown ? { kind: 'try_later', afterMs: 9_000, message: 'down' } : { kind: 'sent', remoteId: null },
    )
    await put(reaction('eyes'), reaction('rocket'))
    await outbox.pump()
    expect(sent()).toEqual(['eyes'])
    expect(await effects.nextDueAt()).toBe(10_000)
    isDown = false
    clock.advance(9_000)
    await outbox.pump()
    expect(sent()).toEqual(['eyes', 'eyes', 'rocket'])
    expect(await effects.nextDueAt()).toBeNull()
  })

  it('treats a thrown error as a reason to try later, without secrets in what is kept', async () => {
    const { outbox, put, rows } = await openOutbox(() => async () => {
      throw new Error('socket hang up at https://x-access-token:ghs_abcdefghijklmnop1234@github.test/')
    })
    await put(comment('status:a', 'one'))
    await outbox.pump()
    const [row] = await rows()
    expect(row).toMatchObject({ state: 'pending', may_exist: 1 })
    expect(String(row?.['last_error'])).not.toContain('ghs_')
  })

  it('after a crash sends what was on its way again, saying that it may exist', async () => {
    const { effects, clock, outbox, orders, put, rows } = await openOutbox()
    await put(comment('status:a', 'one'), comment('status:b', 'two'))
    expect(await effects.take(1, clock.now())).toHaveLength(1)
    expect(await outbox.pump()).toBe(1)
    expect(await effects.recoverInterrupted()).toBe(1)
    await outbox.pump()
    expect(orders.map(({ effect, mayExist }) => [effect.target, mayExist])).toEqual([
      ['status:b', false],
      ['status:a', true],
    ])
    expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent'])
  })

  it.each(['sent', 'interrupted'] as const)(
    'never opens a check run again whose completion was %s',
    async (how) => {
      const { clock, effects, log, outbox, put, rows, sent } = await openOutbox()
      await put(checkRun({ status: 'in_progress' }))
      await outbox.pump()
      await put(checkRun({ status: 'completed', conclusion: 'success' }))
      if (how === 'sent') await outbox.pump()
      else {
        await effects.take(8, clock.now())
        await effects.recoverInterrupted()
      }
      await put(checkRun({ status: 'in_progress' }))
      await outbox.pump()
      expect(sent()).not.toContain('queued')
      expect(sent().filter((status) => status === 'in_progress')).toHaveLength(1)
      expect(await rows()).toMatchObject([
        { state: 'dead', last_error: 'a completed check run can not be opened again' },
      ])
      expect(log.lines).toContain('error: An effect was refused for good')
      await put(checkRun({ status: 'completed', conclusion: 'success' }, 'Another title'))
      await outbox.pump()
      expect(sent().at(-1)).toBe('completed')
    },
  )

  it('is woken by commits when started, and waits for what is on its way when closed', async () => {
    const entered = gate()
    const hold = gate()
    const { database, outbox, put, rows } = await openOutbox(() => async () => {
      entered.open()
      await hold.opened
      return { kind: 'sent', remoteId: '1' }
    })
    database.onWork({ jobs: () => undefined, effects: () => outbox.wake() })
    outbox.start()
    await put(comment('status:a', 'one'))
    await entered.opened
    const closed = outbox.close()
    await put(comment('status:b', 'two'))
    hold.open()
    await closed
    expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'pending'])
  })

  it('sends at most eight at the same time', async () => {
    let running = 0
    let most = 0
    const { outbox, put } = await openOutbox(() => async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return { kind: 'sent', remoteId: '1' }
    })
    await put(...Array.from({ length: 30 }, (_, no) => comment(`status:${no}`, 'x')))
    expect(await outbox.pump()).toBe(30)
    expect(most).toBe(8)
  })
})
