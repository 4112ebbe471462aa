// `belay inbox replay` and `drop`: beside the running program they go through it, without it they write by themselves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start()
})

afterAll(() => world?.close())

/** Sends a signed delivery that says too little to be understood, and waits until that was tried. */
async function sendUnreadable(): Promise<string> {
  const sender = world.github.world.people.person('alice')
  // The same body again would be taken for a repetition.
  const payload = { action: 'created', nonce: world.github.deliveries.length }
  world.repo.send({ event: 'issue_comment', payload, sender })
  await world.github.settled()
  const entry = await tried(world.github.deliveries.at(-1)?.id ?? '')
  return entry.deliveryId
}

async function entryOf(deliveryId: string) {
  const [row] = await world.belay.database.query(
    `SELECT delivery_id AS deliveryId, status, attempts FROM inbox WHERE delivery_id = '${deliveryId}'`,
  )
  if (row === undefined) throw new Error(`There is no delivery ${deliveryId}.`)
  return { deliveryId: String(row['deliveryId']), status: row['status'], attempts: Number(row['attempts']) }
}

const tried = (deliveryId: string) =>
  world.belay.eventually(
    async () => {
      const entry = await entryOf(deliveryId)
      return entry.attempts > 0 && entry
    },
    { what: `delivery ${deliveryId} is tried` },
  )

const traces = async (deliveryId: string) =>
  (await world.belay.database.table('auditLog'))
    .filter(({ target }) => target === deliveryId)
    .map(({ action, actor, via }) => ({ action, actor, via }))

describe('belay inbox', () => {
  it('wakes the running program, which works on the delivery at once', async () => {
    world.github.ping()
    await world.github.settled()
    const id = world.github.deliveries.at(-1)?.id ?? ''
    const ignored = () =>
      world.belay.eventually(async () => (await entryOf(id)).status === 'ignored', {
        what: 'a ping is ignored',
      })
    await ignored()
    await world.quiet()
    expect(await world.belay.command(['inbox', 'replay', id])).toMatchObject({ code: 0, err: '' })
    // Nothing is due and no alarm is set, so that only the wake-up can bring it about.
    await ignored()
    expect(await traces(id)).toEqual([{ action: 'inbox.replay', actor: 'demo', via: 'cli' }])
  })

  it('repairs through the running program, in the name of the token', async () => {
    const id = await sendUnreadable()
    expect(await world.belay.command(['inbox', 'drop', id])).toEqual({
      code: 0,
      out: `Delivery ${id} is dropped.\n`,
      err: '',
    })
    expect(await entryOf(id)).toMatchObject({ status: 'dropped' })
    expect(await world.belay.command(['inbox', 'replay', id])).toMatchObject({ code: 0, err: '' })
    // On a slow machine it was tried more than once by now.
    expect(await tried(id)).toMatchObject({ status: 'pending' })
    expect(await traces(id)).toEqual([
      { action: 'inbox.drop', actor: 'demo', via: 'cli' },
      { action: 'inbox.replay', actor: 'demo', via: 'cli' },
    ])
    expect(await world.belay.command(['inbox', 'drop', id])).toMatchObject({ code: 0 })
  })

  it('says why the running program refuses, and exits with 1', async () => {
    const unknown = await world.belay.command(['inbox', 'drop', 'nobody'])
    expect(unknown).toMatchObject({ code: 1, out: '' })
    expect(unknown.err).toContain('There is no delivery with the id `nobody`.')
    const stranger = await world.belay.command(['inbox', 'drop', 'nobody'], {
      BELAY_API_TOKEN: 'eve:some-other-token',
    })
    expect(stranger).toMatchObject({ code: 1, out: '' })
    expect(stranger.err).not.toContain('some-other-token')
    const none = await world.belay.command(['inbox', 'drop', 'nobody'], { BELAY_API_TOKEN: '' })
    expect(none.code).toBe(1)
    expect(none.err).toContain('API_TOKEN_MISSING')
    expect(await traces('nobody')).toEqual([])
  })

  it('writes by itself when nothing runs, and the next start takes it up', async () => {
    const id = await sendUnreadable()
    expect((await world.belay.command(['inbox', 'drop', id])).code).toBe(0)
    await world.belay.stop()
    const replayed = await world.belay.command(['inbox', 'replay', id])
    expect(replayed).toEqual({ code: 0, out: `Delivery ${id} is pending again.\n`, err: '' })
    expect(await entryOf(id)).toMatchObject({ status: 'pending', attempts: 0 })
    expect((await traces(id)).at(-1)).toEqual({ action: 'inbox.replay', actor: 'operator', via: 'cli' })
    await world.belay.launch()
    expect(await tried(id)).toMatchObject({ status: 'pending', attempts: 1 })
  })
})
