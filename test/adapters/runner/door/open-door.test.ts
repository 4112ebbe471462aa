// The door with a real socket, a real folder and the real program; only who stores the reports is played.

import { once } from 'node:events'
import { mkdir, readdir, readFile, rmdir, stat, symlink, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { shellProgram } from '../../../../src/adapters/runner/door/agent-program.ts'
import { call, readAll, runProgram } from '../../../support/door-client.ts'
import { eventually } from '../../../support/eventually.ts'
import { DoorWorld, openGate, reasonIn } from './door-world.ts'

let world: DoorWorld

beforeAll(async () => {
  world = await DoorWorld.create()
})

afterEach(() => world.closeAll())

afterAll(() => world?.remove())

describe('belay-agent', () => {
  it('has a reply stored, with the text as option or on standard input, and says so', async () => {
    const { door, reports } = await world.open()
    const first = await runProgram(door, ['reply', 't1', '-m', 'Done, "quoted" $HOME.'])
    expect(first).toEqual({
      code: 0,
      stdout: 'Accepted: Belay will post your reply to t1 (src/a.ts:3).\n',
      stderr: '',
    })
    expect((await runProgram(door, ['reply', 'PRRT_two'], { input: 'One.\n\nTwo: ä🪢\n' })).code).toBe(0)
    expect((await runProgram(door, ['resolve', 't2'])).stdout).toContain('will resolve t2')
    const subject = { kind: 'door_request', sessionId: 'rope-1', attemptId: 'at_1', runEpoch: 2 }
    expect(reports).toEqual([
      {
        ...subject,
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        request: {
          verb: 'reply',
          threadId: 'PRRT_one',
          text: {
            id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
            body: 'Done, "quoted" $HOME.',
          },
        },
      },
      expect.objectContaining({
        request: {
          verb: 'reply',
          threadId: 'PRRT_two',
          text: expect.objectContaining({ body: 'One.\n\nTwo: ä🪢' }) as object,
        },
      }),
      expect.objectContaining({ request: { verb: 'resolve', threadId: 'PRRT_two', text: null } }),
    ])
  })

  it('says why it was refused, and ends with another code', async () => {
    const { door, reports } = await world.open()
    const refused = await runProgram(door, ['reply', 't9', '-m', 'x'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('was not delivered to this attempt. These were:\n  t1 (src/a.ts:3)')
    expect(reports).toEqual([])
  })

  it('shows the help, whatever the agent’s environment wants of node', async () => {
    const { door } = await world.open()
    const env = { NODE_OPTIONS: '--require /nowhere/planted.js' }
    const help = await runProgram(door, [], { env })
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain('belay-agent resolve <thread> [-m TEXT]')
  })

  it('works where a sandbox shows its folder under another name, and another node', async () => {
    const { door, reports } = await world.open()
    const shown = join(world.home, 'shown here')
    await symlink(dirname(door.bin), shown)
    await writeFile(join(door.bin, 'belay-agent'), shellProgram("/no/such place/it's node"), { mode: 0o700 })
    const inside = {
      socket: join(shown, 'sock'),
      tokenFile: join(shown, 'token'),
      bin: `${join(shown, 'bin')}:${dirname(process.execPath)}`,
    }
    expect(await runProgram(inside, ['resolve', 't1'])).toMatchObject({ code: 0, stderr: '' })
    expect(reports).toHaveLength(1)
    const without = await runProgram(inside, ['resolve', 't1'], { env: { PATH: join(shown, 'bin') } })
    expect(without).toMatchObject({ code: 2, stderr: expect.stringContaining('needs node') as string })
  })

  it('refuses a text that is no UTF-8 or too long, before it is sent', async () => {
    const { door } = await world.open()
    for (const input of ['x'.repeat(300_000), Buffer.from([0x68, 0xff, 0xfe])]) {
      const run = await runProgram(door, ['reply', 't1'], { input })
      expect(run).toMatchObject({ code: 2, stdout: '' })
      expect(run.stderr).toContain('it is too long, or it is not UTF-8')
    }
  })

  it('tells that the door is closed when the attempt has ended, and where there is no attempt', async () => {
    const { door } = await world.open()
    const program = await readFile(join(door.bin, 'belay-agent'), 'utf8')
    const node = await readFile(join(door.bin, '../belay-agent.mjs'), 'utf8')
    await door.close()
    // A copy an agent kept of the program is no key to anything.
    const kept = { socket: join(world.home, 'kept/sock'), tokenFile: join(world.home, 'kept/token'), bin: '' }
    const copy = { ...kept, bin: join(world.home, 'kept/bin') }
    await mkdir(copy.bin, { recursive: true })
    await writeFile(join(copy.bin, 'belay-agent'), program, { mode: 0o700 })
    await writeFile(join(world.home, 'kept/belay-agent.mjs'), node)
    const late = await runProgram(copy, ['reply', 't1', '-m', 'x'])
    expect(late).toMatchObject({ code: 2, stdout: '' })
    expect(late.stderr).toContain('can not reach the door')
    const outside = await runProgram(copy, ['help'], { env: { BELAY_DOOR: '' } })
    expect(outside).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('BELAY_DOOR is not set') as string,
    })
  })
})

describe('the door', () => {
  it('says that a request is accepted only after it was stored', async () => {
    const gate = openGate()
    let isAsked = false
    const { door, reports } = await world.open({
      store: () => {
        isAsked = true
        return gate.opened
      },
    })
    let isAnswered = false
    const answer = call(door, ['reply', 't1', '-m', 'x']).finally(() => (isAnswered = true))
    await eventually(() => isAsked, { what: 'the request to be handed over' })
    // A round trip of its own: had the first been answered at once, it would be here by now.
    expect((await call(door, ['help'])).kind).toBe('help')
    expect([isAnswered, reports.length]).toEqual([false, 0])
    gate.open()
    expect((await answer).kind).toBe('accepted')
    expect(reports).toHaveLength(1)
  })

  it('takes the same request once, also at the same time', async () => {
    const { door, reports } = await world.open()
    const twice = await Promise.all([1, 2].map(() => call(door, ['reply', 't1', '-m', 'x'])))
    expect(twice.map(({ kind }) => kind)).toEqual(['accepted', 'accepted'])
    const again = await call(door, ['reply', 'PRRT_one'], { input: 'x\n' })
    expect(again.text).toMatch(/^Accepted before, and done once/)
    expect(reports).toHaveLength(1)
    await call(door, ['resolve', 't1', '-m', 'x'])
    expect(reports).toHaveLength(2)
  })

  it('hands a request over again when it was not stored at first', async () => {
    let tries = 0
    const { door, reports } = await world.open({
      store: () =>
        (tries += 1) < 2 ? Promise.reject(new Error('The database is locked')) : Promise.resolve(),
    })
    expect((await call(door, ['resolve', 't1'])).kind).toBe('accepted')
    expect([tries, reports.length]).toEqual([2, 1])
  })
})

describe('close', () => {
  it('answers what was taken, refuses what is under way, and leaves nothing', async () => {
    const gate = openGate()
    let isAsked = false
    const { door, reports } = await world.open({
      store: () => {
        isAsked = true
        return gate.opened
      },
    })
    const taken = call(door, ['reply', 't1', '-m', 'x'])
    await eventually(() => isAsked, { what: 'the request to be handed over' })
    const underWay = world.connect(door)
    await once(underWay, 'connect')
    underWay.write('{"token":')
    const refused = readAll(underWay)
    // The server has accepted both when it answered a third that came after them.
    await call(door, ['help'])
    const closing = door.close()
    expect(reasonIn(await refused)).toBe('over')
    const late = createConnection(door.socket)
    await expect(once(late, 'connect')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
    gate.open()
    expect((await taken).kind).toBe('accepted')
    await closing
    expect(reports).toHaveLength(1)
    await expect(stat(join(door.bin, '..'))).rejects.toThrow('ENOENT')
  })
})

describe('the folder of a door', () => {
  it('is for nobody else to enter', async () => {
    const { door } = await world.open()
    const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777
    expect(await modeOf(join(door.bin, '..'))).toBe(0o700)
    expect(await modeOf(join(world.home, 'doors'))).toBe(0o700)
    expect(await modeOf(door.socket)).toBe(0o600)
    expect(await modeOf(door.tokenFile)).toBe(0o600)
    expect(await modeOf(join(door.bin, 'belay-agent'))).toBe(0o700)
    expect(await readdir(door.bin)).toEqual(['belay-agent'])
  })

  it('lies elsewhere when its path would be too long for a socket', async () => {
    const at = join(world.home, 'd'.repeat(120))
    const { door } = await world.open({ at })
    expect(door.socket.startsWith(at)).toBe(false)
    expect(Buffer.byteLength(door.socket)).toBeLessThan(104)
    expect((await stat(join(door.bin, '..'))).mode & 0o777).toBe(0o700)
    expect((await runProgram(door, ['help'])).code).toBe(0)
    await door.close()
    await expect(stat(join(door.bin, '..'))).rejects.toThrow('ENOENT')
  })

  it('is not made behind a link that lies where the doors are', async () => {
    const at = join(world.home, 'planted')
    const { door: first } = await world.open({ at })
    const name = basename(dirname(first.bin))
    await first.close()
    const victim = join(world.home, 'behind')
    await mkdir(join(victim, name), { recursive: true })
    await rmdir(join(at, 'doors'))
    await symlink(victim, join(at, 'doors'))
    const { door } = await world.open({ at })
    expect((await call(door, ['help'])).kind).toBe('help')
    expect(await readdir(victim)).toEqual([name])
  })

  it('takes the place of what a crash left of the same session, and of nothing else', async () => {
    const at = join(world.home, 'crashed')
    const left = await world.open({ at })
    const other = await world.open({ at, sessionId: 'rope-2' })
    const victim = join(world.home, 'victim')
    await mkdir(victim, { recursive: true })
    await writeFile(join(victim, 'precious'), 'x')
    await symlink(victim, join(left.door.bin, 'link'))
    const { door } = await world.open({ at })
    await expect(stat(left.door.tokenFile)).rejects.toThrow('ENOENT')
    expect(await readFile(join(victim, 'precious'), 'utf8')).toBe('x')
    expect((await call(door, ['help'])).kind).toBe('help')
    expect((await call(other.door, ['help'])).kind).toBe('help')
  })
})
