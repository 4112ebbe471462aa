// Whoever connects to a door may be hostile: each gets a refusal or a closed connection, and the door goes on.

import { once } from 'node:events'
import { readFile, rename, stat, symlink } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call, exchange, readAll, runProgram } from '../../../support/door-client.ts'
import { eventually } from '../../../support/eventually.ts'
import { DoorWorld, reasonIn } from './door-world.ts'

let world: DoorWorld

beforeAll(async () => {
  world = await DoorWorld.create()
})

afterEach(() => world.closeAll())

afterAll(() => world?.remove())

describe('the door', () => {
  it('takes a limited number of requests, and the refused ones do not count', async () => {
    const { door, reports } = await world.open()
    await call(door, ['reply', 't9', '-m', 'x'])
    for (let no = 0; no < 36; no += 1) {
      expect((await call(door, ['reply', 't1', '-m', `number ${no}`])).kind).toBe('accepted')
    }
    const refusal = { kind: 'refused', reason: 'too_many' }
    expect(await call(door, ['reply', 't1', '-m', 'one more'])).toMatchObject(refusal)
    expect(await call(door, ['reply', 't1', '-m', 'number 0'])).toMatchObject({ kind: 'accepted' })
    expect(reports).toHaveLength(36)
  })

  it('refuses another token, whatever its length', async () => {
    const { door, reports } = await world.open()
    const right = (await readFile(door.tokenFile, 'utf8')).trim()
    for (const token of ['', 'x', `${right}x`, right.slice(1), right.toUpperCase()]) {
      expect(await call(door, ['help'], { token })).toMatchObject({ kind: 'refused', reason: 'wrong_token' })
    }
    const other = await world.open({ sessionId: 'rope-2' })
    const theirs = (await readFile(other.door.tokenFile, 'utf8')).trim()
    expect(await call(door, ['resolve', 't1'], { token: theirs })).toMatchObject({ reason: 'wrong_token' })
    expect(reports).toEqual([])
  })

  it.each([
    ['nonsense', 'reply t1\n', 'unreadable'],
    ['an object of another shape', '{"verb":"reply"}\n', 'unreadable'],
    ['deep nesting', `${'['.repeat(200_000)}\n`, 'unreadable'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x0a]), 'unreadable'],
    ['a line without an end that is too long', 'x'.repeat(400_000), 'unreadable'],
    ['a line that is too long by far', Buffer.alloc(8_000_000, 0x78), 'unreadable'],
    ['an empty line', '\n', 'unreadable'],
  ])('answers %s with a refusal and goes on', async (_what, bytes, reason) => {
    const { door, reports, failures } = await world.open()
    expect(reasonIn(await exchange(door.socket, bytes))).toBe(reason)
    expect((await call(door, ['help'])).kind).toBe('help')
    expect([reports, failures]).toEqual([[], []])
  })

  it('answers a line whose sender ended its side, and nobody who sent nothing', async () => {
    const { door } = await world.open()
    const ended = world.connect(door)
    ended.end('nonsense')
    expect(reasonIn(await readAll(ended))).toBe('unreadable')
    const silent = world.connect(door)
    silent.end()
    expect(await readAll(silent)).toBe('')
  })

  it('takes a line in small pieces, and nothing after its end', async () => {
    const { door, reports } = await world.open()
    const token = (await readFile(door.tokenFile, 'utf8')).trim()
    const line = `${JSON.stringify({ token, args: ['resolve', 't1'], input: null })}\n`
    const socket = world.connect(door)
    await once(socket, 'connect')
    const answer = readAll(socket)
    for (const character of line) socket.write(character)
    socket.write(line.replace('t1', 't2'))
    expect(JSON.parse(await answer)).toMatchObject({ kind: 'accepted' })
    expect(reports).toHaveLength(1)
  })

  it('does not wait for a slow sender, nor for one that takes no answer', async () => {
    const { door } = await world.open({ limits: { lineMs: 50, answerMs: 50 } })
    const slow = world.connect(door)
    slow.write('{"token":')
    expect(reasonIn(await readAll(slow))).toBe('unreadable')
    const deaf = world.connect(door, { isDeaf: true })
    deaf.write('nonsense\n')
    await door.close()
  })

  it('closes connections beyond its limit at once, and serves again when some are gone', async () => {
    const { door } = await world.open()
    const crowd = Array.from({ length: 4 }, () => world.connect(door))
    await Promise.all(crowd.map((socket) => once(socket, 'connect')))
    await eventually(async () => (await exchange(door.socket, 'nonsense\n')) === '', {
      what: 'a connection beyond the limit to be closed',
    })
    for (const socket of crowd) socket.destroy()
    await eventually(async () => (await exchange(door.socket, 'nonsense\n')) !== '', {
      what: 'the door to serve again',
    })
  })

  it('gives no token to what an agent put in the place of the socket', async () => {
    const { door } = await world.open()
    let heard = 0
    const trap = createServer(() => (heard += 1))
    const path = join(world.home, 'trap')
    trap.listen(path)
    await once(trap, 'listening')
    await rename(door.socket, `${door.socket}-away`)
    await symlink(path, door.socket)
    const run = await runProgram(door, ['reply', 't1', '-m', 'x'])
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toContain('is not a socket')
    await door.close()
    expect(heard).toBe(0)
    expect((await stat(path)).isSocket()).toBe(true)
    await expect(stat(join(door.bin, '..'))).rejects.toThrow('ENOENT')
    trap.close()
  })
})

describe('a door that is asked without end', () => {
  it('closes, keeps what it took, and ends like any other', async () => {
    const { door, reports } = await world.open({ limits: { inAll: 3 } })
    expect((await call(door, ['resolve', 't1'])).kind).toBe('accepted')
    await exchange(door.socket, 'nonsense\n')
    expect((await call(door, ['resolve', 't2'])).kind).toBe('accepted')
    const late = createConnection(door.socket)
    await expect(once(late, 'connect')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
    expect(await runProgram(door, ['help'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('asked too often') as string,
    })
    await door.close()
    expect(reports).toHaveLength(2)
    await expect(stat(dirname(door.bin))).rejects.toThrow('ENOENT')
  })
})
