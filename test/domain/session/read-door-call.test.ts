// What an agent types, read by one small reader a verb; nothing it types may throw or reach what it was not given.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DOOR_VERBS,
  type DoorScope,
  type DoorTask,
  type DoorThread,
} from '../../../src/domain/session/door.ts'
import { readDoorCall, type DoorReading } from '../../../src/domain/session/read-door-call.ts'

const ONE: DoorThread = { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 }
const TWO: DoorThread = { handle: 't2', id: 'PRRT_two', path: 'src/b.ts', line: null }
const TIE: DoorTask = { id: 'tie-knot', title: 'Tie the knot' }
const TEST: DoorTask = { id: 'test.knot', title: 'Pull at the knot' }
const MAKER: DoorScope = { role: 'producer', threads: [ONE, TWO], tasks: [TIE, TEST] }
const REVIEWER: DoorScope = { ...MAKER, role: 'reviewer' }

function read(args: readonly string[], input: string | null = null, scope = MAKER): DoorReading {
  return readDoorCall({ args: [...args], input }, scope)
}

const reads = (ask: object): object => ({ kind: 'ask', ask })
const reply = (thread: DoorThread, text: string): object => reads({ verb: 'reply', thread, text })
const resolve = (thread: DoorThread, text: string | null): object => reads({ verb: 'resolve', thread, text })
const task = (mark: string, note = '', which = TIE): object =>
  reads({ verb: 'task', task: which, mark, note })
const alert = (text: string): object => reads({ verb: 'alert', text })
const ask = (text: string, ...choices: readonly string[]): object => reads({ verb: 'ask', text, choices })

describe('readDoorCall', () => {
  it.each<[readonly string[], string | null, object]>([
    [['reply', 't1', '-m', 'Done.'], null, reply(ONE, 'Done.')],
    [['reply', 'T2', '--message', 'Done.'], null, reply(TWO, 'Done.')],
    [['reply', 'PRRT_two', '--message=Done.'], null, reply(TWO, 'Done.')],
    [['reply', 't1', '--message=a=b'], null, reply(ONE, 'a=b')],
    [['reply', '-m', 'One.', 't1', '-m', 'Two.'], null, reply(ONE, 'One.\n\nTwo.')],
    [['reply', '-m', '-dash', '--', 't1'], null, reply(ONE, '-dash')],
    [['reply', 't1'], null, { kind: 'input_wanted' }],
    [['reply', 't1'], ' one\r\ntwo\n', reply(ONE, 'one\ntwo')],
    [['reply', 't1', '-m', 'option'], 'input', reply(ONE, 'option')],
    [['resolve', 't2'], null, resolve(TWO, null)],
    [['resolve', 't2'], 'never read', resolve(TWO, null)],
    [['resolve', 't2', '-m', 'Moved.'], null, resolve(TWO, 'Moved.')],
    [['task', 'tie-knot', 'doing'], null, task('doing')],
    [['task', 'tie-knot', 'todo'], 'never read', task('todo')],
    [['task', 'TIE-KNOT', 'DONE', '-m', 'Holds.'], null, task('done', 'Holds.')],
    [['task', '-m', 'x', 'test.knot', 'done'], null, task('done', 'x', TEST)],
    [['alert', '-m', 'The disk is full.'], null, alert('The disk is full.')],
    [['alert'], null, { kind: 'input_wanted' }],
    [['alert'], 'The disk is full.\n', alert('The disk is full.')],
    [['ask', '-m', 'May I?'], null, ask('May I?', 'Yes', 'No')],
    [['ask'], null, { kind: 'input_wanted' }],
    [['ask', '--option', 'A bow'], 'Which?', ask('Which?', 'A bow')],
    [['ask', '-m', 'Which?', '--option', ' A  bow ', '--option=B=C'], null, ask('Which?', 'A bow', 'B=C')],
    [[], null, { kind: 'help' }],
    [['help', 'reply'], null, { kind: 'help' }],
    [['--help'], null, { kind: 'help' }],
    [['ask', '-h'], null, { kind: 'help' }],
  ])('%j with input %j', (args, input, reading) => {
    expect(read(args, input)).toEqual(reading)
  })

  it.each<[readonly string[], string | null, object]>([
    [['push'], null, { kind: 'unknown_verb', verb: 'push', didYouMean: null }],
    [['taks'], null, { kind: 'unknown_verb', verb: 'taks', didYouMean: 'task' }],
    [['constructor'], null, { kind: 'unknown_verb', verb: 'constructor', didYouMean: null }],
    [['reply'], null, { kind: 'wrong_arguments', verb: 'reply' }],
    [['reply', 't1', 'Done.'], null, { kind: 'wrong_arguments', verb: 'reply' }],
    [['task', 'tie-knot'], null, { kind: 'wrong_arguments', verb: 'task' }],
    [['task', 'tie-knot', 'done', 'well'], null, { kind: 'wrong_arguments', verb: 'task' }],
    [['alert', 'disk', 'full'], null, { kind: 'wrong_arguments', verb: 'alert' }],
    [['reply', 't1', '--force'], null, { kind: 'unknown_option', verb: 'reply', option: '--force' }],
    [['reply', 't1', '-m'], null, { kind: 'unknown_option', verb: 'reply', option: '-m' }],
    [['reply', 't1', '-m=x'], null, { kind: 'unknown_option', verb: 'reply', option: '-m=x' }],
    [['alert', '--option', 'a'], null, { kind: 'unknown_option', verb: 'alert', option: '--option' }],
    [['reply', 't3', '-m', 'x'], null, { kind: 'unknown_thread', thread: 't3' }],
    [['resolve', ''], null, { kind: 'unknown_thread', thread: '' }],
    [['task', 'tie-knto', 'done'], null, { kind: 'unknown_task', task: 'tie-knto', didYouMean: 'tie-knot' }],
    [['task', 't1', 'done'], null, { kind: 'unknown_task', task: 't1', didYouMean: null }],
    [['task', 'tie-knot', 'dome'], null, { kind: 'unknown_mark', mark: 'dome', didYouMean: 'done' }],
    [['task', 'tie-knot', 'dropped'], null, { kind: 'unknown_mark', mark: 'dropped', didYouMean: null }],
    [['reply', 't1', '-m', ' \n'], null, { kind: 'text_missing', verb: 'reply' }],
    [['reply', 't1'], '', { kind: 'text_missing', verb: 'reply' }],
    [['reply', 't1'], '\u200b\u0000', { kind: 'text_missing', verb: 'reply' }],
    [['resolve', 't1', '-m', ''], null, { kind: 'text_missing', verb: 'resolve' }],
    [['task', 'tie-knot', 'done', '-m', ''], null, { kind: 'text_missing', verb: 'task' }],
    [['ask', '--option', 'a bow'], '\n', { kind: 'text_missing', verb: 'ask' }],
    [['reply', 't1'], 'x'.repeat(20_001), { kind: 'text_too_long', length: 20_001, limit: 20_000 }],
    [
      ['task', 'tie-knot', 'done', '-m', 'x'.repeat(501)],
      null,
      { kind: 'text_too_long', length: 501, limit: 500 },
    ],
    [['alert'], 'x'.repeat(4001), { kind: 'text_too_long', length: 4001, limit: 4000 }],
    [
      ['ask', '--option', 'A', '--option', 'B'],
      null,
      { kind: 'unfit_choices', fault: { kind: 'reserved', label: 'A' } },
    ],
  ])('refuses %j with input %j', (args, input, refusal) => {
    expect(read(args, input)).toEqual({ kind: 'refused', refusal })
  })

  it('lets a reviewer raise alerts and read the help, and nothing else', () => {
    for (const verb of ['reply', 'resolve', 'task', 'ask'] as const) {
      const refused = { kind: 'refused', refusal: { kind: 'not_for_reviewers', verb } }
      expect(read([verb, 't1', '-m', 'x'], null, REVIEWER)).toEqual(refused)
    }
    expect(read(['alert', '-m', 'x'], null, REVIEWER)).toEqual(alert('x'))
    expect(read([], null, REVIEWER)).toEqual({ kind: 'help' })
  })

  it('never throws, and asks only for what was delivered and is the role’s, whatever the words', () => {
    const verbs = Object.keys(DOOR_VERBS)
    const common = fc.constantFrom(
      ...verbs,
      't1',
      'tie-knot',
      'done',
      '-m',
      '--option',
      '--',
      'x',
      '=',
      '-m=',
    )
    const words = fc.array(fc.oneof(common, fc.string({ unit: 'binary' })), { maxLength: 8 })
    const line = fc.oneof(
      words,
      fc.tuple(fc.constantFrom(...verbs), words).map(([verb, rest]) => [verb, ...rest]),
    )
    const input = fc.option(fc.string({ unit: 'binary' }))
    const seen = new Set<string>()
    fc.assert(
      fc.property(line, input, fc.constantFrom(MAKER, REVIEWER), (args, given, scope) => {
        const reading = read(args, given, scope)
        seen.add(reading.kind)
        if (reading.kind !== 'ask') return
        const { ask: asked } = reading
        if (scope === REVIEWER) expect(asked.verb).toBe('alert')
        if ('thread' in asked) expect(MAKER.threads).toContain(asked.thread)
        if ('task' in asked) expect(MAKER.tasks).toContain(asked.task)
        if ('text' in asked) expect(asked.text?.trim()).not.toBe('')
        if ('choices' in asked) expect(asked.choices.length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
    expect([...seen].toSorted()).toEqual(['ask', 'help', 'input_wanted', 'refused'])
  })
})
