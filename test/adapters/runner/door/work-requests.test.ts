// Tasks, alerts and questions through a real socket and the real program: what is the same request and what is a new one.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RunnerReport } from '../../../../src/domain/events.ts'
import type { DoorRequest } from '../../../../src/domain/session/door.ts'
import { call, runProgram } from '../../../support/door-client.ts'
import { eventually } from '../../../support/eventually.ts'
import { DoorWorld, openGate } from './door-world.ts'

let world: DoorWorld

beforeAll(async () => {
  world = await DoorWorld.create()
})

afterEach(() => world.closeAll())

afterAll(() => world?.remove())

function requestsIn(reports: readonly RunnerReport[]): readonly DoorRequest[] {
  return reports.flatMap((report) => (report.kind === 'door_request' ? [report.request] : []))
}

function idsIn(reports: readonly RunnerReport[]): readonly string[] {
  return reports.flatMap((report) => (report.kind === 'door_request' ? [report.requestId] : []))
}

describe('belay-agent task', () => {
  it('takes the same mark twice in a row as one, and a later change back as a new one', async () => {
    const { door, reports } = await world.open()
    expect(await runProgram(door, ['task', 'tie-knot', 'doing'])).toEqual({
      code: 0,
      stdout: 'Accepted: Belay will mark the task "tie-knot" as doing.\n',
      stderr: '',
    })
    const said: string[] = []
    for (const mark of ['done', 'done', 'doing', 'done', 'done']) {
      said.push((await call(door, ['task', 'TIE-KNOT', mark])).text)
    }
    expect(said.map((text) => text.startsWith('Accepted before'))).toEqual([false, true, false, false, true])
    const marks = requestsIn(reports)
    expect(marks.map((request) => request.verb === 'task' && request.status)).toEqual([
      'doing',
      'done',
      'doing',
      'done',
    ])
    expect(marks[0]).toEqual({ verb: 'task', taskId: 'tie-knot', status: 'doing', note: '' })
    expect(new Set(idsIn(reports)).size).toBe(4)
  })

  it('keeps tasks apart, and takes another note as a new mark', async () => {
    const { door, reports } = await world.open()
    for (const [task, note] of [
      ['tie-knot', 'first'],
      ['pull', 'first'],
      ['tie-knot', 'first'],
      ['tie-knot', 'second'],
    ] as const) {
      expect((await call(door, ['task', task, 'done', '-m', note])).kind).toBe('accepted')
    }
    expect(requestsIn(reports)).toMatchObject([
      { taskId: 'tie-knot', note: 'first' },
      { taskId: 'pull', note: 'first' },
      { taskId: 'tie-knot', note: 'second' },
    ])
  })

  it('stores marks of one task in the order they were made, also when they come at the same time', async () => {
    const gate = openGate()
    let tries = 0
    const { door, reports } = await world.open({
      store: () => ((tries += 1) === 1 ? gate.opened : Promise.resolve()),
    })
    const first = call(door, ['task', 'pull', 'doing'])
    await eventually(() => tries === 1, { what: 'the first mark to be handed over' })
    const second = call(door, ['task', 'pull', 'done'])
    expect((await call(door, ['task', 'tie-knot', 'done'])).kind).toBe('accepted')
    gate.open()
    expect([(await first).kind, (await second).kind]).toEqual(['accepted', 'accepted'])
    expect(requestsIn(reports)).toMatchObject([
      { taskId: 'tie-knot' },
      { taskId: 'pull', status: 'doing' },
      { taskId: 'pull', status: 'done' },
    ])
  })

  it('names the tasks that there are for one that was not delivered', async () => {
    const { door, reports } = await world.open()
    const refused = await runProgram(door, ['task', 'pul', 'done'])
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: [
        'Refused: the task "pul" was not delivered to this attempt. Did you mean "pull"? These were:',
        '  tie-knot: Tie the knot',
        '  pull: Pull at the knot',
        '',
      ].join('\n'),
    })
    expect(reports).toEqual([])
  })
})

describe('belay-agent alert', () => {
  it('takes a text once, and ten in an attempt, whatever else was asked', async () => {
    const { door, reports } = await world.open()
    expect((await runProgram(door, ['alert'], { input: 'The disk is full.\n' })).code).toBe(0)
    expect((await call(door, ['alert', '-m', 'The disk is full.'])).text).toMatch(/^Accepted before/)
    for (let no = 2; no <= 10; no += 1) {
      expect((await call(door, ['alert', '-m', `trouble ${no}`])).kind).toBe('accepted')
    }
    const refused = await call(door, ['alert', '-m', 'one more'])
    expect(refused).toMatchObject({ kind: 'refused', reason: 'too_many' })
    expect(refused.text).toContain('alert 10 times')
    expect((await call(door, ['alert', '-m', 'trouble 2'])).kind).toBe('accepted')
    expect((await call(door, ['resolve', 't1'])).kind).toBe('accepted')
    expect(reports).toHaveLength(11)
  })

  it('is heard when every other request is used up', async () => {
    const { door } = await world.open()
    for (let no = 0; no < 36; no += 1) {
      expect((await call(door, ['reply', 't1', '-m', `number ${no}`])).kind).toBe('accepted')
    }
    expect(await call(door, ['resolve', 't1'])).toMatchObject({ reason: 'too_many' })
    expect((await call(door, ['alert', '-m', 'I am cut off.'])).kind).toBe('accepted')
  })
})

describe('belay-agent ask', () => {
  it('takes a question with its answers, tells the agent to end, and takes a later one in its place', async () => {
    const { door, reports } = await world.open()
    const bow = await runProgram(door, ['ask', '-m', 'Which?', '--option', 'A bow', '--option', 'A knot'])
    expect(bow).toMatchObject({ code: 0, stderr: '' })
    expect(bow.stdout).toContain('with the answers "A bow" and "A knot". End now with exit code 0')
    expect((await runProgram(door, ['ask'], { input: 'May I?' })).code).toBe(0)
    const back = ['ask', '-m', 'Which?', '--option', 'A bow', '--option', 'A knot']
    expect((await call(door, back)).text).toMatch(/^Accepted:/)
    expect((await call(door, back)).text).toMatch(/^Accepted before/)
    expect(requestsIn(reports)).toMatchObject([
      { verb: 'ask', text: { body: 'Which?' }, choices: ['A bow', 'A knot'] },
      { verb: 'ask', text: { body: 'May I?' }, choices: ['Yes', 'No'] },
      { verb: 'ask', text: { body: 'Which?' }, choices: ['A bow', 'A knot'] },
    ])
    expect(new Set(idsIn(reports)).size).toBe(3)
  })
})

describe('the door of a reviewer', () => {
  it('takes alerts and shows the help, and refuses everything else in words', async () => {
    const { door, reports } = await world.open({ role: 'reviewer' })
    for (const args of [
      ['ask', '-m', 'May I?'],
      ['task', 'pull', 'done'],
      ['reply', 't1', '-m', 'x'],
    ]) {
      const refused = await runProgram(door, args)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain(`"${args[0]}" is not for reviewers, who have alert and help.`)
    }
    const help = await runProgram(door, ['help'])
    expect(help.stdout).not.toMatch(/ (?:ask|task|reply|resolve) [<[]|PRRT_one|tie-knot/)
    expect((await runProgram(door, ['alert', '-m', 'It does not build.'])).code).toBe(0)
    expect(requestsIn(reports)).toMatchObject([{ verb: 'alert', text: { body: 'It does not build.' } }])
  })
})
